import Foundation
import Glibc
import TLS
import Testing

extension Integration {
    @Suite("The audit log")
    struct AuditTests {
        private static let events: Set<String> = ["admitted", "handshake_refused", "request_refused", "cut"]

        private func gateway(audit: String = "", _ change: (inout Setup) -> Void = { _ in }) throws -> Gateway {
            var setup = Setup()
            setup.audit = audit
            setup.http = ["protocols: [h2, http/1.1]"]
            setup.routes = [
                "{path: /mine, structures: [\"type:FINESS\"], respond: {status: 200, body: ok}}",
                "{path: /theirs, structures: [\"siren:187512751\"], respond: {status: 200, body: ok}}",
                "{path: /named, names: [\"INSI-*\"], respond: {status: 200, body: ok}}",
            ]
            change(&setup)
            return try Gateway(setup)
        }

        static let protocols = [["--http1.1"], ["--http2"]]

        @Test("has one event for the admission of a connection and one for each refused request", arguments: protocols)
        func decisions(_ version: [String]) throws {
            let gateway = try gateway()
            let base = "https://localhost:\(gateway.port)"
            // Five requests on one connection.
            let call = try Curl(
                gateway, "/mine", version + ["\(base)/theirs", "\(base)/mine", "\(base)/named", "\(base)/nowhere"])
            #expect(call.exitCode == 0, "\(call.errors)")
            _ = try gateway.auditLine { $0["reason"] == "name_not_allowed" }
            let lines = gateway.auditLog.filter { Self.events.contains($0["event"] ?? "") }
            #expect(lines.map { $0["event"] } == ["admitted", "request_refused", "request_refused"])
            #expect(lines.map { $0["reason"] } == [nil, "structure_not_allowed", "name_not_allowed"])
            #expect(lines.map { $0["route"] } == [nil, "*/theirs", "*/named"])
            let file = gateway.folder["poterne.yaml"]
            let yaml = gateway.setup.yaml.split(separator: "\n", omittingEmptySubsequences: false)
            func rule(_ key: String, at text: String) -> String? {
                yaml.firstIndex { $0.contains(text) }.map { "\(file):\($0 + 1) \(key)" }
            }
            #expect(
                lines.map { $0["rule"] } == [
                    rule("accept", at: "accept:"), rule("structures", at: "/theirs"), rule("names", at: "/named"),
                ])
            #expect(Set(lines.map { $0["connection"] }).count == 1)
            #expect(lines.allSatisfy { $0["structure"] == "10B0999901" && $0["client"] == "POTERNE-DEMO" })
        }

        @Test(
            "names the rule by which a handshake is refused",
            arguments: [
                (nil, "certificate_missing", "mode:", "mode"),
                ("wrong/revoked", "certificate_revoked", "revocation:", "revocation"),
                ("callers/serv-ssl", "kind_not_accepted", "accept:", "accept"),
                ("callers/pro-auth", "issuer_not_accepted", "issuers:", "issuers"),
                ("wrong/other-root", "unknown_issuer", "anchors:", "anchors"),
                ("wrong/expired", "certificate_expired", "igc-sante:", nil),
            ] as [(String?, String, String, String?)])
        func handshakes(name: String?, reason: String, line: String, key: String?) throws {
            let gateway = try gateway()
            _ = try? gateway.caller(name, over: .tls12)
            let refused = try gateway.auditLine { $0["reason"] == reason }
            #expect(refused["event"] == "handshake_refused")
            let yaml = gateway.setup.yaml.split(separator: "\n", omittingEmptySubsequences: false)
            let number = yaml.firstIndex { $0.contains(line) }.map { $0 + 1 } ?? 0
            #expect(refused["rule"] == "\(gateway.folder["poterne.yaml"]):\(number)" + (key.map { " \($0)" } ?? ""))
        }

        @Test("a flood of one reason is cut and counted, and hides no other")
        func flood() throws {
            let gateway = try gateway(audit: ", max_rate: 4") { $0.workers = 1 }
            for _ in 0..<40 { _ = try? gateway.caller(nil, over: .tls12) }
            _ = try? gateway.caller("wrong/revoked", over: .tls12)
            _ = try gateway.auditLine { $0["reason"] == "certificate_revoked" }
            func missing(_ event: String) -> [LogLine] {
                gateway.auditLog.filter { $0["event"] == event && $0["reason"] == "certificate_missing" }
            }
            try eventually("the count of those left out is written") {
                let left = missing("omitted").compactMap { Int($0["count"] ?? "") }.reduce(0, +)
                return left > 0 && left + missing("handshake_refused").count == 40
            }
            #expect(missing("omitted").allSatisfy { $0["of"] == "handshake_refused" })
        }

        @Test("a chain goes on over SIGUSR1 and a restart, and a touched line is named")
        func chained() throws {
            let folder = try TestFolder()
            let log = folder["audit.log"]
            func serve(rotating: Bool = false) throws {
                let gateway = try gateway(audit: ", chain: true") { $0.auditPath = log }
                #expect(try gateway.caller().exchange("GET", "/theirs").status == 403)
                try eventually("the refusal is written") { folder.text("audit.log").contains("structure_not_allowed") }
                if rotating {
                    try FileManager.default.moveItem(atPath: log, toPath: log + ".1")
                    gateway.process.send(SIGUSR1)
                    try eventually("the new file is open") { !folder.text("audit.log").isEmpty }
                    #expect(try gateway.caller().exchange("GET", "/named").status == 403)
                    try eventually("and written") { folder.text("audit.log").contains("name_not_allowed") }
                }
                try gateway.stop()
            }
            try serve()
            try serve(rotating: true)
            func verify(_ files: String...) throws -> CommandResult {
                try run(Product.path, ["audit", "verify"] + files.map { folder[$0] })
            }
            let whole = try verify("audit.log.1", "audit.log")
            #expect(whole.exitCode == 0, "\(whole.output)")
            #expect(String(decoding: whole.output, as: UTF8.self).hasPrefix("whole: "))
            #expect(try verify("audit.log").exitCode == 0)
            #expect(try verify("audit.log", "audit.log.1").exitCode == 1)
            #expect(try verify("nothing.log").exitCode == 2)
            try folder.write("", to: "empty.log")
            let empty = try verify("empty.log")
            #expect(empty.exitCode == 1)
            #expect(String(decoding: empty.output, as: UTF8.self).contains("empty: there is nothing to verify"))
            let text = folder.text("audit.log")
            try folder.write(text.replacing("10B0999901", with: "10B0999902"), to: "audit.log")
            let touched = try verify("audit.log")
            #expect(touched.exitCode == 1)
            #expect(
                String(decoding: touched.output, as: UTF8.self).contains("audit.log:2: the chain is broken"),
                "\(touched.output)")
            let lines = text.split(separator: "\n")
            try folder.write(lines.dropLast().joined(separator: "\n") + "\n", to: "audit.log")
            let shortened = try verify("audit.log")
            #expect(shortened.exitCode == 1)
            #expect(
                String(decoding: shortened.output, as: UTF8.self).contains("audit.log.chain: the chain is broken"),
                "\(shortened.output)")
        }
    }
}
