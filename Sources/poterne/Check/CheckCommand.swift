import ArgumentParser
import Configuration
import Crypto
import Foundation
import Gateway

/// `poterne check`: looks at everything that a start would need.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a configuration and every file that it names, without starting.",
        discussion: """
            Reads the configuration, then: the CAs of each trust (readable, valid, official, leading to an anchor); their \
            CRLs (readable, signed by their CA, current, one for each CA of a path); the certificates of each listener \
            (chain whole and in order, key fits, SERV SSL with serverAuth, names cover the hosts of the routes, not \
            revoked); what expires within `expiry_warning`; who may read keys and write logs and the state directory; \
            the names of upstreams. CRLs are taken from files and from the state directory; their http and ldap sources \
            are asked with --fetch only. Nothing is bound and nothing is written.

            Each line has its severity, the place in the configuration, and for what is wrong how to mend it: \
            `error` keeps the gateway from starting or from admitting anybody, `warning` does not, `note` was not \
            looked at. Started as root, rights are judged for the `user` of the configuration.

            JSON: {"file", "result" ("ok", "warnings", "errors"), "errors", "warnings", "findings": [{"severity", "line", \
            "column", "message", "remedy"}]}; line and column are null for what no line is to blame for, remedy is null \
            where there is none.

            Exit codes: 0 when there is no error, 1 when there is.

            Examples:
              poterne check --config /etc/poterne/poterne.yaml
              poterne check --config poterne.yaml --fetch
              poterne check --config poterne.yaml --json | jq -r '.findings[] | select(.severity == "error") | .message'
            """)

    @Option(name: .long, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String

    @Flag(name: .long, help: "Ask the http and ldap sources of CRLs as well.")
    var fetch = false

    @Flag(name: .long, help: "Print JSON.")
    var json = false

    func run() throws {
        CryptoLibrary.keepUntilExit()
        let report = report
        print(json ? report.json.text() : report.text)
        if report.hasErrors { throw ExitCode(1) }
    }

    private var report: CheckReport {
        do throws(ConfigurationErrors) {
            let environment = ProcessInfo.processInfo.environment
            let configuration = try GatewayConfiguration.load(path: config, environment: environment)
            let findings = ConfigurationCheck(configuration, fetching: fetch).findings()
            return CheckReport(file: config, findings: findings)
        } catch {
            return CheckReport(unreadable: error)
        }
    }
}
