import ArgumentParser

/// `poterne crl`: the CRLs of a configuration.
struct CRLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crl",
        abstract: "Show the CRLs of a configuration, and fetch them.",
        subcommands: [CRLStatusCommand.self, CRLFetchCommand.self])
}
