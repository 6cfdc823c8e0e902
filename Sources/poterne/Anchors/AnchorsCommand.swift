import ArgumentParser

/// `poterne anchors`: the official CAs of IGC-Santé.
struct AnchorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "anchors",
        abstract: "List the official CAs of IGC-Santé, and import those that were downloaded.",
        discussion: """
            The CA certificates are not part of Poterne; their fingerprints are. Whatever was downloaded, over plain \
            HTTP as the ANS publishes it, is held against them.
            """,
        subcommands: [AnchorsListCommand.self, AnchorsImportCommand.self])
}
