import ArgumentParser
import Configuration
import Foundation
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
    func ask(_ question: (ControlClient) throws(ControlClient.Failure) -> ControlClient.Answer) throws {
        let client = ControlClient(stateDirectory: try directory())
        let answer: ControlClient.Answer
        do throws(ControlClient.Failure) {
            answer = try question(client)
        } catch {
            StandardError.write("\(error)")
            throw ExitCode(2)
        }
        guard answer.isDone else {
            StandardError.write(answer.text)
            throw ExitCode(1)
        }
        print(answer.text)
    }

    private func directory() throws -> String {
        if let stateDirectory { return stateDirectory }
        do throws(ConfigurationErrors) {
            return try GatewayConfiguration.load(
                path: config ?? "", environment: ProcessInfo.processInfo.environment
            ).stateDirectory.path
        } catch {
            // The gateway would refuse it for the same reasons.
            throw CommandFailure(error)
        }
    }
}
