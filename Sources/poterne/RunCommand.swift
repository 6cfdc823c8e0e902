import ArgumentParser
import Configuration
import Crypto
import Foundation
import Gateway
import Logging

/// `poterne run`: the gateway.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Serve by a configuration file.",
        discussion: """
            Reads the configuration and every file that it names, binds, drops privileges and serves. What is wrong is \
            said with file, line and column, and nothing is served by half.

            Signals: SIGHUP reloads the configuration whole or keeps the one in force; SIGUSR2 starts the program that is \
            installed now on the same sockets, and ends when that serves; SIGTERM and SIGINT let exchanges end and exit 0; \
            SIGUSR1 reopens the log files. Certificates, keys and trust are read again when their files change.

            Under systemd: Type=notify, watchdog, and sockets of a socket unit as `address: systemd:NAME`.

            Exit codes: 0 after a drain or an upgrade, 1 when the configuration or something it names cannot be used.

            Examples:
              poterne run --config /etc/poterne/poterne.yaml
            """)

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String

    func run() throws {
        CryptoLibrary.keepUntilExit()
        let path = config
        let environment = ProcessInfo.processInfo.environment
        let configuration: GatewayConfiguration
        do {
            configuration = try GatewayConfiguration.load(path: path, environment: environment)
        } catch {
            throw Self.show(error)
        }
        do {
            let operatorLog = try OperatorLog(configuration.logging)
            let log = OperatorLogger.make(level: configuration.logging.level, to: operatorLog)
            let launch = Launch(arguments: CommandLine.arguments, environment: environment)
            let gateway = try Gateway(configuration, launch: launch, log: log, operatorLog: operatorLog) {
                () throws(ConfigurationErrors) in
                try GatewayConfiguration.load(path: path, environment: environment)
            }
            try gateway.run { addresses in
                for (listener, address) in addresses {
                    log.notice("listening", metadata: ["listener": "\(listener)", "address": "\(address)"])
                }
            }
        } catch {
            throw Self.show(Self.everything(besides: error, in: configuration))
        }
    }

    /// Shows a list each of whose lines says itself what it is.
    private static func show(_ faults: any Error) -> ExitCode {
        StandardError.write("\(faults)")
        return .failure
    }

    /// A start stops at the first fault; whoever mends it wants to know of the others.
    private static func everything(besides problem: StartupProblem, in configuration: GatewayConfiguration)
        -> StartFaults
    {
        let others = ConfigurationCheck(configuration, fetching: false).findings().filter { finding in
            finding.severity == .error && finding.location != problem.location
        }
        return StartFaults(problem: problem, file: configuration.file, others: others)
    }
}

/// Why the gateway does not start: the fault that it met, and what else a check finds.
private struct StartFaults: Error, CustomStringConvertible {
    let problem: StartupProblem
    let file: String
    let others: [ConfigurationFinding]

    var description: String {
        let more = others.map { finding in
            let place = finding.location.map { "\(file):\($0): " } ?? ""
            return "error: " + place + finding.message + (finding.remedy.map { "\n  \($0)" } ?? "")
        }
        return (["error: " + problem.description] + more).joined(separator: "\n")
    }
}
