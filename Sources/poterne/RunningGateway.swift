import ArgumentParser
import Configuration
import Gateway

/// The arguments by which a command finds the gateway that it speaks to.
struct RunningGateway: ParsableArguments {
    @Option(help: ArgumentHelp("The gateway's configuration file, for its `state_directory`.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The gateway's state directory itself.", valueName: "folder"))
    var stateDirectory: String?

    func validate() throws {
        guard (config == nil) != (stateDirectory == nil) else {
            throw ValidationError("Give either --config or --state-directory.")
        }
    }

    /// Asks it something and shows the answer.
    ///
    /// - Throws: exit code 1 when it was not done, 2 when there is no answer.
    func ask(_ question: (ControlClient) throws(GatewaySilence) -> GatewayAnswer) throws {
        let client = ControlClient(stateDirectory: try directory())
        try GatewayAnswer.show { () throws(GatewaySilence) in try question(client) }
    }

    private func directory() throws -> String {
        if let stateDirectory { return stateDirectory }
        let gateway = GatewayWhereabouts(config ?? "")
        if let directory = gateway.stateDirectory { return directory }
        guard let errors = gateway.errors else { return "" }
        throw GatewayWhereabouts.unknown(errors, option: "--state-directory")
    }
}
