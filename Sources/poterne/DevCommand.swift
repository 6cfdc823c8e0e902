import ArgumentParser
import Configuration
import DER
import EventLoop
import Foundation
import Gateway
import Logging
import TestPKI

/// `poterne dev`: everything for a first try, in one process.
struct DevCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dev",
        abstract: "Try the gateway: a made-up PKI, an echo upstream and the gateway in one process.",
        discussion: """
            Makes a test PKI under --pki unless a fresh one is there (half a minute once, for its RSA-4096 keys), starts \
            an upstream that echoes what it is given, and the gateway before it. Prints the curl command for a caller \
            that is admitted and for one that is refused, and a line for each request and each refusal.

            Nothing of it is for production: the private keys of the test PKI protect nobody.

            Signals: SIGINT (Ctrl-C) and SIGTERM end it.

            Exit codes: 0 after a signal, 1 when an address or a folder cannot be had.

            Examples:
              poterne dev
              poterne dev --address 127.0.0.1:9443
            """)

    @Option(help: ArgumentHelp("Where the gateway listens.", valueName: "host:port"))
    var address = "127.0.0.1:8443"

    @Option(
        help: ArgumentHelp("Where the echo upstream listens; port 0 lets the kernel choose.", valueName: "host:port"))
    var echo = "127.0.0.1:0"

    @Option(help: ArgumentHelp("The folder of the test PKI.", valueName: "folder"))
    var pki = "certs-test/generated"

    func run() throws {
        Signal.block([.hangup, .terminate, .interrupt, .user1])
        Signal.ignoreBrokenPipes()
        do {
            try makePKI()
            let server = try EchoServer(address: echo)
            defer {
                server.stop()
                server.wait()
            }
            let configuration = try load(upstream: server.address)
            var log = OperatorLogger.make(level: .warning)
            log.logLevel = .warning
            let gateway = try Gateway(
                configuration, launch: Launch(arguments: CommandLine.arguments, environment: [:]), log: log,
                logStyle: .plain
            ) { () throws(ConfigurationErrors) in configuration }
            try gateway.run { addresses in
                explain(gateway: addresses.first?.address ?? address, upstream: server.address)
            }
        } catch let problem as StartupProblem where problem.isAddressTaken {
            throw AddressTaken(problem: problem)
        } catch {
            throw CommandFailure(error)
        }
    }

    private struct AddressTaken: Error, CustomStringConvertible {
        let problem: StartupProblem

        var description: String {
            """
            \(problem)
              Choose another: poterne dev --address 127.0.0.1:9443, or make dev ARGS="--address 127.0.0.1:9443"
            """
        }
    }

    /// Makes the test PKI, unless the one that is there will be fresh for a day.
    private func makePKI() throws {
        let now = Timestamp.now()
        if let end = TestPKI.freshUntil(folder: pki), end.seconds(since: now) > 86_400 { return }
        print("making a test PKI in \(pki) (once; its RSA-4096 keys take about half a minute)...")
        flushStandardOutput()
        _ = try TestPKI.generate(TestPKI.Options(folder: pki, now: now))
    }

    private func load(upstream: String) throws(ConfigurationErrors) -> GatewayConfiguration {
        let text = """
            workers: 1
            state_directory: state
            trust:
              igc-sante:
                environment: test
                anchors: [trust/root.pem]
                issuers: [trust/organisations.pem]
                revocation:
                  files: [crl/root.crl, crl/organisations.crl, crl/organisations-delta.crl]
            listeners:
              - name: dev
                address: "\(address)"
                tls:
                  certificates:
                    - chain: server/fullchain.pem
                      key: server/key.pem
                client_certificate:
                  mode: required
                  trust: igc-sante
                  accept: [ORG AUTH_CLI]
                routes:
                  - path: /
                    upstream: echo
                    identity: [igc-sante, rfc9440]
            upstreams:
              echo:
                servers:
                  - address: "\(upstream)"
            """
        return try GatewayConfiguration.parse(text, file: "\(pki)/dev.yaml", environment: [:])
    }

    private func explain(gateway: String, upstream: String) {
        let port = gateway.split(separator: ":").last.map(String.init) ?? "8443"
        func curl(_ name: String) -> String {
            "curl --cacert \(pki)/trust/root.pem --cert \(pki)/\(name).pem --key \(pki)/\(name).key "
                + "https://localhost:\(port)/hello"
        }
        print(
            """

            The gateway listens on https://localhost:\(port), its upstream on http://\(upstream).

            An ORG AUTH_CLI caller is admitted, and the upstream shows what it was told of it:
              \(curl("callers/org-auth-cli"))

            A revoked certificate is refused with the alert certificate_revoked:
              \(curl("wrong/revoked"))

            More callers are in \(pki)/callers, more to refuse in \(pki)/wrong (certs-test/README.md says what each
            proves). Each request and each refusal is shown here; Ctrl-C ends it.

            """)
        flushStandardOutput()
    }
}
