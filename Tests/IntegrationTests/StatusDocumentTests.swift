import Foundation
import TLS
import Testing

/// What tests of the status read.
struct StatusAnswer {
    let status: Int
    let fields: [Field]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The document, as Foundation reads it.
    var document: [String: Any] {
        get throws { try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]) }
    }
}

extension Gateway {
    /// Asks the admin address with curl.
    func ask(_ path: String, _ arguments: [String] = []) throws -> StatusAnswer {
        let head = try TestFolder()
        let result = try run(
            "curl",
            ["--silent", "--noproxy", "*", "--path-as-is", "--dump-header", head["head"]] + arguments
                + ["http://127.0.0.1:\(try port(of: "admin"))\(path)"])
        let lines = head.text("head").components(separatedBy: "\r\n").filter { !$0.isEmpty }
        let fields = lines.dropFirst().compactMap { line -> Field? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return Field(
                name: String(line[..<colon]),
                value: line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
        }
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return StatusAnswer(status: status, fields: fields, body: Array(result.text.utf8))
    }

    /// `/status.json`, read.
    func statusDocument() throws -> [String: Any] { try ask("/status.json").document }

    /// Waits until the document says something: workers report twice a second.
    func status(_ what: String, _ matches: ([String: Any]) -> Bool) throws -> [String: Any] {
        try eventually(what) {
            let document = try statusDocument()
            return matches(document) ? document : nil
        }
    }
}

extension Dictionary where Key == String, Value == Any {
    /// The object under a path of keys; empty where there is none.
    subscript(object path: String...) -> [String: Any] {
        path.reduce(self) { $0[$1] as? [String: Any] ?? [:] }
    }

    func objects(_ key: String) -> [[String: Any]] { self[key] as? [[String: Any]] ?? [] }
    func number(_ key: String) -> Int { self[key] as? Int ?? -1 }
    func text(_ key: String) -> String { self[key] as? String ?? "" }
}

extension Integration {
    @Suite("The status document")
    struct StatusDocumentTests {
        private static let schema = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/status.schema.json").path

        private static func setup(_ setup: Setup = Setup(), admin: String = "") -> Setup {
            var setup = setup
            setup.top = ["admin: {address: \"127.0.0.1:0\"\(admin)}"]
            return setup
        }

        private static func expectValid(_ body: String, _ note: Comment? = nil) throws {
            let python = try #require(Python.jsonschema)
            let folder = try TestFolder()
            let file = try folder.write(body, to: "status.json")
            let result = try run(
                "sh",
                [
                    "-c",
                    "PYTHONPATH='\(python)' python3 '\(Python.program("validate_status.py"))' '\(Self.schema)' < '\(file)'",
                ])
            #expect(result.text == "valid\n", "\(result.text)\(result.errors)")
        }

        @Test("says who is connected, who was refused and why, and is what its schema says")
        func whole() throws {
            let upstream = try Upstream()
            let gateway = try Gateway(Self.setup(Setup(upstream: upstream.port)))
            let callers = try (0..<3).map { _ in try gateway.caller() }
            for caller in callers { #expect(try caller.exchange("GET", "/").status == 200) }
            for _ in 0..<4 { #expect(gateway.refusal(of: "wrong/revoked", over: .tls13) != nil) }
            let document = try gateway.status("everything has been counted") {
                $0[object: "connections"].number("callers") == 3
                    && $0[object: "traffic", "requests"].number("2xx") == 3
                    && $0.objects("refusals").reduce(0) { $0 + $1.number("count") } == 4
            }
            #expect(document.text("verdict") == "well")
            #expect(document[object: "readiness"]["ready"] as? Bool == true)
            let structure = try #require(
                document[object: "connections", "structures"].objects("busiest").first)
            #expect(structure.number("open") == 3)
            #expect(!structure.text("structure").isEmpty && !structure.text("name").isEmpty)
            let refusal = try #require(document.objects("refusals").first)
            #expect(refusal.text("reason") == "certificate_revoked")
            #expect(refusal.text("address") == "127.0.0.1")
            #expect(!refusal.text("serial").isEmpty)
            #expect(document[object: "handshakes"].number("refused") == 4)
            #expect(document.objects("crls").map { $0.text("state") } == ["fresh", "fresh"])
            #expect(document[object: "expiries"].objects("soonest").contains { $0.text("kind") == "own" })
            #expect(document.objects("upstreams").first?.objects("servers").first?.text("state") == "serving")
            withExtendedLifetime(callers) {}
        }

        @Test("structures leave the list as their connections end")
        func leaving() throws {
            let gateway = try Gateway(Self.setup())
            var callers = try (0..<2).map { _ in try gateway.caller() }
            for caller in callers { #expect(try caller.exchange("GET", "/").status == 200) }
            func open(_ document: [String: Any]) -> Int {
                document[object: "connections", "structures"].objects("busiest").reduce(0) { $0 + $1.number("open") }
            }
            _ = try gateway.status("both are there") { open($0) == 2 }
            callers.removeLast()
            _ = try gateway.status("one is gone") { open($0) == 1 }
            callers = []
            let last = try gateway.status("nobody is there") { open($0) == 0 }
            #expect(last[object: "connections", "structures"].number("connected") == 0)
        }

        @Test(
            "real answers are valid against the schema",
            .enabled(if: Python.jsonschema != nil, "jsonschema cannot be had from PyPI"))
        func valid() throws {
            let upstream = try Upstream()
            var setup = Setup(upstream: upstream.port)
            setup.upstreams = [
                "app: {servers: [{address: \"127.0.0.1:\(upstream.port)\"}, {address: \"127.0.0.1:9\"}], "
                    + "health_check: {path: /, interval: 1s, timeout: 1s, healthy: 1, unhealthy: 1}}"
            ]
            let gateway = try Gateway(Self.setup(setup))
            let caller = try gateway.caller()
            #expect(try caller.exchange("GET", "/").status == 200)
            #expect(gateway.refusal(of: "wrong/expired", over: .tls13) != nil)
            try gateway.rewrite("nonsense: 1\n")
            try gateway.reload()
            _ = try gateway.status("all of it shows") { document in
                let concerns = Set(document.objects("concerns").map { $0.text("code") })
                return concerns.isSuperset(of: ["server_out", "reload_refused"])
                    && !document.objects("refusals").isEmpty
                    && document[object: "traffic", "requests"].number("2xx") == 1
            }
            try Self.expectValid(try gateway.ask("/status.json").text)

            let authority = try OwnAuthority()
            try FileManager.default.removeItem(atPath: authority.folder["crl/organisations.crl"])
            let blind = try Gateway(Self.setup(authority.setup()))
            let document = try blind.status("workers have reported") { !$0.objects("workers").isEmpty }
            #expect(document.text("verdict") == "critical")
            #expect(document.objects("concerns").first?.text("code") == "crl_missing")
            #expect(document[object: "readiness"]["ready"] as? Bool == false)
            #expect(document.objects("crls").map { $0.text("state") }.sorted() == ["fresh", "missing"])
            try Self.expectValid(try blind.ask("/status.json").text)
        }

        @Test("is for addresses, names without a dot and configured names alone; and changes nothing")
        func hosts() throws {
            let gateway = try Gateway(Self.setup(admin: ", hosts: [Status.example.fr]"))
            let ours = [
                "127.0.0.1", "127.0.0.1:9901", "[::1]:9901", "localhost", "LOCALHOST:80", "gateway",
                "STATUS.example.fr:1",
            ]
            let others = [
                "rebound.example", "127.0.0.1.example", "localhost.example", "status.example.fr.evil.example", "1.2.3",
            ]
            for host in ours + others {
                for (path, inside) in [
                    ("/", "<main"), ("/status.json", "\"verdict\""), ("/metrics", "poterne_accepts"),
                ] {
                    let answer = try gateway.ask(path, ["--header", "Host: \(host)"])
                    #expect(answer.status == (ours.contains(host) ? 200 : 421), "\(path) of \(host)")
                    #expect(answer.text.contains(inside) == ours.contains(host), "\(path) of \(host)")
                }
            }
            for path in ["/livez", "/readyz"] {
                #expect(try gateway.ask(path, ["--header", "Host: rebound.example"]).status == 200, "\(path)")
            }
            for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
                for path in ["/", "/status.json"] {
                    let answer = try gateway.ask(path, ["--request", method])
                    #expect(answer.status == 405, "\(method) \(path)")
                    #expect(answer.fields["Allow"] == "GET, HEAD")
                }
            }
        }

        @Test("is at its own paths alone, and keys are published only by who signs", arguments: ["/jwks.json", "/x"])
        func elsewhere(path: String) throws {
            let gateway = try Gateway(Self.setup())
            let answer = try gateway.ask(path)
            #expect(answer.status == 404)
            #expect(answer.text.hasPrefix("here are "))
        }

        @Test("no listener for callers has it")
        func listener() throws {
            let upstream = try Upstream()
            let gateway = try Gateway(Self.setup(Setup(upstream: upstream.port)))
            let caller = try gateway.caller()
            for path in ["/", "/status.json", "/metrics", "/livez"] {
                let answer = try caller.exchange("GET", path)
                #expect(!answer.text.contains("\"verdict\"") && !answer.text.contains("poterne_"))
            }
            #expect(upstream.text.contains("GET /status.json "), "it went to the upstream like everything")
        }
    }
}
