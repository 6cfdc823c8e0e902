import Crypto
import Foundation
import TestPKI
import Testing

extension Integration {
    @Suite("poterne explain")
    struct ExplainTests {
        /// A caller and its request, at one of two gateways.
        struct Case: Sendable, CustomTestStringConvertible {
            enum Where: Sendable {
                /// A certificate is required, and refused by an alert.
                case strict
                /// Routes decide, and say why by HTTP.
                case open
            }

            let at: Where
            let caller: String?
            var method = "GET"
            var target = "/any"
            var host = "localhost"

            var testDescription: String { "\(at) \(caller ?? "nobody") \(method) \(target) of \(host)" }
        }

        /// Every certificate at the listener that sends alerts, and at the one that tells by HTTP.
        private static let handshakes: [Case] = {
            let wrong = WrongCertificate.allCases.filter { $0.refusedBy == .test }.map { "wrong/\($0.rawValue)" }
            let callers = [nil, "callers/org-auth-cli"] + RefusedCaller.kinds.map(\.name) + wrong
            return callers.flatMap { [Case(at: .strict, caller: $0), Case(at: .open, caller: $0)] }
        }()

        private static let requests: [Case] = {
            let good = "callers/org-auth-cli"
            let targets = [
                "/finess", "/siret", "/siren", "/exact", "/prefix", "/named", "/misnamed", "/enrolled", "/unenrolled",
                "/both", "/health", "/nowhere", "/any?x=1", "/a%2Fb", "/any;x=1", "/finess/../siret", "/%zz",
                "/any/./x",
            ]
            var cases = targets.map { Case(at: .open, caller: good, target: $0) }
            cases += ["/health", "/any", "/finess"].map { Case(at: .open, caller: nil, target: $0) }
            cases += ["/health", "/finess"].map { Case(at: .open, caller: "wrong/revoked", target: $0) }
            cases += ["/finess", "/siret", "/narrow", "/any"].map {
                Case(at: .open, caller: "callers/serv-ssl", target: $0)
            }
            cases += [
                Case(at: .open, caller: good, method: "POST", target: "/exact"),
                Case(at: .open, caller: good, method: "DELETE", target: "/narrow"),
                Case(at: .open, caller: good, method: "CONNECT", target: "localhost:443"),
                Case(at: .open, caller: good, target: "any"),
                Case(at: .open, caller: good, target: "/any", host: "a b"),
                Case(at: .open, caller: good, target: "/any", host: "other.example"),
                Case(at: .open, caller: good, target: "/any", host: "127.0.0.1"),
                Case(at: .open, caller: good, target: "/any", host: "api.poterne.example:8443"),
                Case(at: .strict, caller: good, target: "/finess"),
            ]
            return cases
        }()

        private func gateways() throws -> (strict: Gateway, open: Gateway, folder: TestFolder) {
            let folder = try TestFolder()
            let list = try folder.write(
                "structure,name,client_id\n10B0999901,POTERNE-DEMO,demo\n", to: "enrolled.csv")
            let other = try folder.write("- {structure: \"10B0999901\", name: OTHER}\n", to: "unenrolled.yaml")
            var strict = Setup()
            strict.routes = [
                "{path: /finess, structures: [\"type:SIRET\"], respond: {status: 200, body: ok}}",
                "{path: /any, respond: {status: 200, body: ok}}",
            ]
            var open = Setup()
            open.mode = "optional"
            open.clientCertificate = ["on_refusal: http"]
            open.accept = ["ORG AUTH_CLI", "SERV SSL"]
            open.routes = [
                "/health, client_certificate: none", "/finess, structures: [\"type:FINESS\"]",
                "/siret, structures: [\"type:SIRET\"]", "/siren, structures: [\"siren:187512751\"]",
                "/exact, methods: [GET], structures: [\"10B0999901\"]", "/prefix, structures: [\"10B*\", \"3*\"]",
                "/named, names: [\"POTERNE-*\"]", "/misnamed, names: [\"INSI-AUTO\"]",
                "/narrow, methods: [GET, PUT], accept: [ORG AUTH_CLI]", "/enrolled, callers_file: \(list)",
                "/unenrolled, callers_file: \(other)",
                "/both, structures: [\"type:FINESS\"], names: [OTHER], callers_file: \(list)", "/any",
            ].map { "{path: \($0), respond: {status: 200, body: ok}}" }
            return (try Gateway(strict), try Gateway(open), folder)
        }

        /// What became of a case: the alert or the status, and the code of the reason.
        private struct Outcome: Equatable, CustomStringConvertible {
            var alert: Int?
            var status: Int?
            var code: String?

            var description: String {
                "alert \(alert.map(String.init) ?? "-"), status \(status.map(String.init) ?? "-"), \(code ?? "admitted")"
            }
        }

        @Test("agrees with the gateway on every case")
        func agreement() throws {
            let (strict, open, folder) = try gateways()
            defer { _ = folder }
            let cases = Self.handshakes + Self.requests
            #expect(cases.count >= 60)
            for start in stride(from: 0, to: cases.count, by: 12) {
                let batch = cases[start..<min(start + 12, cases.count)]
                let pending = try batch.map { one in
                    (one, try ask(one, one.at == .strict ? strict : open))
                }
                for (one, (client, explained)) in pending {
                    let gateway = one.at == .strict ? strict : open
                    let real = try outcome(of: client.finish(), for: one, at: gateway)
                    let told = try outcome(ofExplained: explained, for: one)
                    #expect(told == real, "\(one.testDescription)")
                }
            }
        }

        private func ask(_ one: Case, _ gateway: Gateway) throws -> (SClient.Pending, ChildProcess.Pending) {
            let name = one.host.split(separator: ":").first.map(String.init) ?? one.host
            let isName = name.contains { $0.isLetter } && !name.contains(" ")
            let client = try SClient.Pending(
                gateway, as: one.caller,
                request: "\(one.method) \(one.target) HTTP/1.1\r\nHost: \(one.host)\r\nConnection: close\r\n\r\n",
                name: isName ? name : nil)
            var arguments = [
                "explain", "--config", gateway.folder["poterne.yaml"], "--host", one.host, "--path", one.target,
                "--method", one.method, "--json",
            ]
            if let caller = one.caller { arguments += ["--cert", "\(gateway.setup.folder)/\(caller).pem"] }
            return (client, try ChildProcess.Pending(Product.path, arguments))
        }

        private func outcome(of client: SClient, for one: Case, at gateway: Gateway) throws -> Outcome {
            guard let status = client.status else {
                var thumbprint: String?
                if let caller = one.caller {
                    let leaf = try certificates(of: "\(gateway.setup.folder)/\(caller).pem")[0]
                    thumbprint = SHA256.digest(of: leaf.span).hex
                }
                let line = try gateway.auditLine {
                    $0["event"] == "handshake_refused" && $0["thumbprint"] == thumbprint
                }
                return Outcome(alert: client.alert, code: line["reason"])
            }
            guard status != 200 else { return Outcome() }
            let body = client.output.components(separatedBy: "\r\n\r\n").dropFirst().joined()
            let code = body.firstMatch(of: /"code":"([a-z0-9_]+)"/).map { String($0.output.1) }
            return Outcome(status: status, code: code)
        }

        private func outcome(ofExplained child: ChildProcess.Pending, for one: Case) throws -> Outcome {
            let result = try child.finish()
            let report = try #require(LogLine(result.text), "\(result.text) \(result.errors)")
            let code = report["code"] == "<null>" ? nil : report["code"]
            #expect(result.exitCode == (code == nil ? 0 : 1), "\(one.testDescription): \(result.errors)")
            #expect(report["result"] == (code == nil ? "admitted" : "refused"))
            let alert = report["alert"].flatMap { name in Self.alerts[name] }
            return Outcome(alert: alert, status: report["status"].flatMap { Int($0) }, code: code)
        }

        /// RFC 8446 §6.
        private static let alerts = [
            "bad_certificate": 42, "unsupported_certificate": 43, "certificate_revoked": 44, "certificate_expired": 45,
            "certificate_unknown": 46, "unknown_ca": 48, "internal_error": 80, "certificate_required": 116,
        ]

        @Test("names the line of the rule that refuses, and what there is to do")
        func text() throws {
            let (_, open, folder) = try gateways()
            defer { _ = folder }
            let file = open.folder["poterne.yaml"]
            func explain(_ path: String) throws -> CommandResult {
                let caller = "\(open.setup.folder)/callers/org-auth-cli.pem"
                return try run(
                    Product.path, ["explain", "--config", file, "--cert", caller, "--path", path])
            }
            let lines = open.setup.yaml.split(separator: "\n", omittingEmptySubsequences: false)
            let number = try #require(lines.firstIndex { $0.contains("/unenrolled") }) + 1
            let refused = try explain("/unenrolled")
            #expect(refused.exitCode == 1)
            #expect(refused.text.contains("x callers_file"), "\(refused.text)")
            #expect(refused.text.contains("\(file):\(number) callers_file"))
            #expect(refused.text.contains("refused: 403 caller_not_enrolled"))
            let admitted = try explain("/enrolled")
            #expect(admitted.exitCode == 0)
            #expect(admitted.text.contains("enrolled at line 2, client_id demo"), "\(admitted.text)")
            #expect(admitted.text.hasSuffix("admitted: answered 200\n"))
            #expect(try run(Product.path, ["explain", "--config", "/nothing.yaml"]).exitCode == 2)
        }
    }
}

extension ChildProcess {
    /// A program that is under way, with what it writes kept.
    final class Pending {
        private let folder: TestFolder
        private let child: ChildProcess

        init(_ executable: String, _ arguments: [String]) throws {
            folder = try TestFolder()
            child = try ChildProcess(
                executable, arguments, input: nil, output: folder["output"], errors: folder["errors"])
        }

        func finish() throws -> CommandResult {
            let end = try child.wait()
            return CommandResult(end: end, output: try contents(of: folder["output"]), errors: folder.text("errors"))
        }
    }
}
