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

extension GatewayWhereabouts {
    /// What the file says of the gateway that runs by it, whatever else is wrong with it.
    init(_ path: String) {
        self.init(path: path, environment: ProcessInfo.processInfo.environment)
    }

    /// Shows why nobody can be asked, and which option to give instead of the file; returns exit code 2.
    static func unknown(_ errors: ConfigurationErrors, option: String) -> ExitCode {
        StandardError.write("\(errors)\nthe configuration cannot be read: ask with \(option)")
        return ExitCode(2)
    }
}
