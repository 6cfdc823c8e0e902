import ArgumentParser

/// `poterne audit`: what there is to do with audit logs.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Work with audit logs.",
        subcommands: [AuditVerifyCommand.self])
}
