import ArgumentParser
import Configuration
import DER
import Foundation
import Gateway

/// `poterne explain`: a decision step by step.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain whether a caller may make a request, step by step, with the rules that decide.",
        discussion: """
            Takes the decision as the running gateway takes it, by the same code: the handshake (certificate, chain, dates, \
            issuer, profile, accept, revocation), then the request (host, path, route, and each rule of the route). Each \
            step names the line of the configuration that decides. CRLs are those of the configuration's files and of the \
            state directory; nothing is fetched, bound or written. Limits that depend on other requests are not decided.

            --cert is a file with the caller's certificate and whatever it sends with it, in PEM, DER or PKCS#7; without it \
            the caller has none. --host is asked for in the handshake too (SNI) unless it is an address.

            JSON: {"listener", "result" ("admitted", "refused"), "code", "status", "alert", "detail", "remedy", "route", \
            "steps": [{"step", "result" ("passed", "refused", "idle", "not_reached"), "detail", "rule"}], "warnings"}; \
            code, status, alert, remedy, route and rule are null where there is none. A refusal has either an alert, which \
            ends the handshake, or a status.

            Exit codes: 0 when the request is admitted, 1 when it is refused, 2 when a file or the configuration cannot be \
            used.

            Examples:
              poterne explain --config /etc/poterne/poterne.yaml --cert caller.pem --host api.example.fr --path /fhir/
              poterne explain --config poterne.yaml --path /health
              poterne explain --config poterne.yaml --listener api --cert caller.pem --method POST --json
            """)

    @Option(name: .long, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String

    @Option(name: .long, help: ArgumentHelp("The caller's certificate, and its chain.", valueName: "file"))
    var cert: String?

    @Option(name: .long, help: ArgumentHelp("The listener, where there are several.", valueName: "name"))
    var listener: String?

    @Option(name: .long, help: ArgumentHelp("The host that is asked for.", valueName: "host"))
    var host = "localhost"

    @Option(name: .long, help: ArgumentHelp("The path, with its query.", valueName: "path"))
    var path = "/"

    @Option(name: .long, help: ArgumentHelp("The method.", valueName: "method"))
    var method = "GET"

    @Option(name: .long, help: ArgumentHelp("A file with the bearer token of the request.", valueName: "file"))
    var token: String?

    @Option(name: .long, help: ArgumentHelp("The moment, by RFC 3339; now by default.", valueName: "time"))
    var at: String?

    @Flag(name: .long, help: "Print JSON.")
    var json = false

    func run() throws {
        let report: ExplanationReport
        do {
            report = try explained()
        } catch {
            StandardError.write("poterne explain: \(error)")
            throw ExitCode(2)
        }
        print(json ? report.json.text() : report.text)
        if report.explanation.code != nil { throw ExitCode(1) }
    }

    private func explained() throws -> ExplanationReport {
        let environment = ProcessInfo.processInfo.environment
        var moment = Timestamp.now()
        if let at {
            guard let given = Timestamp(rfc3339: at) else {
                throw UnusableInput("--at \(at) is not a time such as 2026-11-24T12:00:00Z")
            }
            moment = given
        }
        let trial = try AdmissionTrial(
            try GatewayConfiguration.load(path: config, environment: environment), at: moment)
        let names = trial.listeners
        guard let name = listener ?? (names.count == 1 ? names[0] : nil), names.contains(name) else {
            throw UnusableInput("choose one of the listeners with --listener: \(names.joined(separator: ", "))")
        }
        let question = RequestQuestion(
            method: method, host: host, target: path,
            token: try token.map { path in
                let bytes = try InputFile.read(path)
                return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            })
        let chain = try cert.map { try CertificateInput([$0]).encoded } ?? []
        guard let explanation = try trial.explain(listener: name, chain: chain, request: question) else {
            throw UnusableInput("there is no listener \(name)")
        }
        return ExplanationReport(explanation: explanation, warnings: trial.warnings)
    }
}
