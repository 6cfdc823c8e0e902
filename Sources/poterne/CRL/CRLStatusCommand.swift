import ArgumentParser
import Configuration
import DER
import Foundation
import Gateway

/// `poterne crl status`: every CRL at hand, and whether each CA that is asked about has one.
struct CRLStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show each CRL of a configuration: CA, number, dates, entries, delta, where it came from.",
        discussion: """
            Reads the CRLs of the configuration's files, of its `file:` sources and of the state directory, where the \
            gateway keeps the last good one that it fetched; verifies them as the gateway does; and shows, for each CA \
            that an admission asks about, what the gateway would have after a start now. When \
            sources were last asked, and will be next, is what the gateway last noted in the state directory. Nothing is \
            fetched and nothing is written.

            States: `current`, `expiring` (a fifth of the validity left), `stale` (nextUpdate has passed), `missing`.

            JSON: {"at", "trusts": [{"trust", "checked", "authorities": [{"ca", "state", "lists": [{"number", \
            "this_update", "next_update", "entries", "bytes", "origin", "kept_at", "delta", "waiting_delta", \
            "index_bytes"}], "sources": [{"url", "delta", "last_attempt", "last_success", "failure", \
            "next_attempt"}]}], "problems": [...]}]}. Numbers of CRLs are strings, deltas objects or null. Members may be \
            added, none is renamed.

            Exit codes: 0 when every CA that is asked about has a current CRL, 1 when one has not, 2 when the \
            configuration or a certificate that it names cannot be used.

            Examples:
              poterne crl status --config /etc/poterne/poterne.yaml
              poterne crl status --config poterne.yaml --json | jq '.trusts[].authorities[] | select(.state != "current")'
            """)

    @Option(name: .long, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String

    @Flag(name: .long, help: "Print JSON.")
    var json = false

    func run() throws {
        let report: RevocationStatusReport
        do {
            let environment = ProcessInfo.processInfo.environment
            let now = Timestamp.now()
            let configuration = try GatewayConfiguration.load(path: config, environment: environment)
            let inventory = try RevocationInventory(configuration, mode: .look, at: now)
            report = RevocationStatusReport(inventory, now: now)
        } catch {
            StandardError.write("poterne crl status: \(error)")
            throw ExitCode(2)
        }
        print(json ? report.json.text() : report.text)
        if !report.isCurrent { throw ExitCode(1) }
    }
}
