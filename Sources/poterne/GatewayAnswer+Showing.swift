import ArgumentParser
import Configuration
import Foundation
import Gateway

extension GatewayAnswer {
    /// Asks a running gateway something and shows what it says.
    ///
    /// - Throws: exit code 1 when the answer is no, 2 when there is none.
    static func show(_ question: () throws(GatewaySilence) -> GatewayAnswer) throws {
        let answer: GatewayAnswer
        do throws(GatewaySilence) {
            answer = try question()
        } catch {
            StandardError.write("\(error)")
            throw ExitCode(2)
        }
        guard answer.isYes else {
            StandardError.write(answer.text)
            throw ExitCode(1)
        }
        print(answer.text)
    }
}

extension GatewayConfiguration {
    /// The configuration of a gateway that runs, which would refuse it for the same reasons.
    static func ofRunningGateway(_ path: String) throws(CommandFailure) -> GatewayConfiguration {
        do throws(ConfigurationErrors) {
            return try load(path: path, environment: ProcessInfo.processInfo.environment)
        } catch {
            throw CommandFailure(error)
        }
    }
}
