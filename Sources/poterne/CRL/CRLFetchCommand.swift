import ArgumentParser
import Configuration
import DER
import Foundation
import Gateway
import Revocation

/// `poterne crl fetch`: asks the sources of every CRL once.
struct CRLFetchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Fetch every CRL of a configuration once, and keep it in the state directory.",
        discussion: """
            Asks the sources of each CA in their order until one serves a CRL that is taken: signed by the CA, current, \
            not older than the one at hand. What is taken is kept in the state directory, from which the gateway starts \
            without network. Then shows how the CRLs stand, as `poterne crl status` does. As root, it becomes the `user` \
            of the configuration first. A running gateway fetches by itself and needs no help: this is for a first start, \
            and to try sources.

            Exit codes: 0 when every source that has to be asked served and every CA that is asked about has a current \
            CRL, 1 when not, 2 when the configuration or a certificate that it names cannot be used.

            Examples:
              poterne crl fetch --config /etc/poterne/poterne.yaml
            """)

    @Option(name: .long, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String

    func run() throws {
        let inventory: RevocationInventory
        do {
            let environment = ProcessInfo.processInfo.environment
            let configuration = try GatewayConfiguration.load(path: config, environment: environment)
            inventory = try RevocationInventory(configuration, mode: .fetch, at: .now())
        } catch {
            StandardError.write("poterne crl fetch: \(error)")
            throw ExitCode(2)
        }
        let report = RevocationStatusReport(inventory, now: .now())
        if inventory.trusts.allSatisfy(\.report.sources.isEmpty) {
            StandardError.write("poterne crl fetch: no trust names `sources`: there is nothing to fetch")
        }
        print(report.text)
        if !report.isCurrent || !inventory.everySourceServed { throw ExitCode(1) }
    }
}

extension RevocationInventory {
    /// Whether of each CA's sources, bases and deltas apart, one served.
    fileprivate var everySourceServed: Bool {
        trusts.allSatisfy { trust in
            let sources = trust.report.sources
            return sources.allSatisfy { source in
                source.lastSuccess != nil
                    || sources.contains {
                        $0.authority == source.authority && $0.isDelta == source.isDelta && $0.lastSuccess != nil
                    }
            }
        }
    }
}
