import ArgumentParser
import Gateway

@main
struct Poterne: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "poterne",
        abstract: "The mutual-TLS gateway for IGC-Santé callers.",
        version: "poterne, \(Release.name)",
        subcommands: [
            RunCommand.self,
            ReloadCommand.self,
            UpgradeCommand.self,
            ReadyCommand.self,
            StatusCommand.self,
            CheckCommand.self,
            DevCommand.self,
            VerifyCommand.self,
            InspectCommand.self,
            ExplainCommand.self,
            AnchorsCommand.self,
            CRLCommand.self,
            AuditCommand.self,
            TestPKICommand.self,
            EchoCommand.self,
            LoadCommand.self,
        ])
}
