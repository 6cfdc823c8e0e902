import TLS
import Testing

extension Integration {
    /// What an attack on the gateway found, each so that it stays found.
    @Suite("Hostile callers and upstreams")
    struct HostilityTests {
        private static let okay = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

        @Test("an upstream that cuts a response costs the gateway nothing but that exchange")
        func cutResponse() throws {
            let gate = Switch(false)
            let upstream = try Upstream { visit in
                let request = try MessageReader(visit).readRequest()
                guard request?.target == "/cut" else { return try visit.write(Self.okay) }
                try visit.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun")
                try eventually("the caller has the beginning") { gate.isOn }
            }
            let gateway = try Gateway(Setup(upstream: upstream.port))
            let caller = try gateway.caller()
            try caller.send("GET", "/cut")
            while !caller.messages.rest.contains(UInt8(ascii: "b")) { try caller.messages.fill() }
            gate.isOn = true
            _ = caller.readToFailure()
            #expect(try gateway.accessLine { $0["path"] == "/cut" }["refusal"] == "upstream_truncated")
            #expect(try gateway.caller().exchange("GET", "/").status == 200)
            #expect(try gateway.stop() == .exited(0))
        }

        @Test("a reload under an exchange in flight ends neither")
        func reloadInFlight() throws {
            let gate = Switch(false)
            let upstream = try Upstream { request in
                if request.target == "/slow" { _ = try? eventually("the reload") { gate.isOn } }
                return Self.okay
            }
            let gateway = try Gateway(Setup(upstream: upstream.port))
            let caller = try gateway.caller()
            try caller.send("GET", "/slow")
            try eventually("the request is upstream") { upstream.text.contains("/slow") }
            try gateway.reload()
            gate.isOn = true
            #expect(try caller.messages.readResponse().final.text == "ok")
            #expect(try caller.exchange("GET", "/after").text == "ok")
            #expect(try gateway.stop() == .exited(0))
        }

        @Test("a caller that leaves the queue for an upstream repeats nobody else's request")
        func leavingTheQueue() throws {
            let gate = Switch(false)
            let upstream = try Upstream { request in
                if request.target == "/b" { _ = try? eventually("the queue is as it should be") { gate.isOn } }
                return Self.okay
            }
            var setup = Setup(upstream: upstream.port)
            setup.workers = 1
            setup.upstreams = [
                "app: {servers: [{address: \"127.0.0.1:\(upstream.port)\"}], max_connections: 1, connect_timeout: 20s}"
            ]
            let gateway = try Gateway(setup)
            // Served, then three in the queue; the one in the middle leaves while the first of them is served.
            let waiting = try ["/a", "/b", "/c", "/d"].map { target in
                let caller = try gateway.caller()
                try caller.exchange("GET", "/known")
                return (caller, target)
            }
            for (caller, target) in waiting {
                try caller.send("GET", target)
                if target == "/a" { #expect(try caller.messages.readResponse().final.status == 200) }
                if target == "/b" { try eventually("it is served") { upstream.text.contains("GET /b ") } }
            }
            let extra = try gateway.caller()
            waiting[2].0.wire.close()
            try eventually("its leaving is known") { gateway.accessLog.contains { $0["path"] == "/c" } }
            gate.isOn = true
            for index in [1, 3] { #expect(try waiting[index].0.messages.readResponse().final.status == 200) }
            #expect(try extra.exchange("GET", "/last").status == 200)
            let lines = upstream.text.split(separator: "\r\n").filter { $0.hasSuffix(" HTTP/1.1") }
            let targets = lines.compactMap { $0.split(separator: " ").dropFirst().first }
            #expect(targets.suffix(4) == ["/a", "/b", "/d", "/last"])
        }

        @Test(
            "a reload that narrows the trust ends the connections it no longer admits",
            arguments: TLSVersion.allCases)
        func narrowedTrust(_ version: TLSVersion) throws {
            let upstream = try Upstream()
            var setup = Setup(upstream: upstream.port)
            setup.revocationLists = ["crl/root.crl", "crl/organisations.crl", "crl/personnes.crl"]
            let gateway = try Gateway(setup)
            let caller = try gateway.caller(over: version)
            #expect(try caller.exchange("GET", "/").status == 200)
            setup.issuers = ["trust/personnes.pem"]
            try gateway.rewrite(setup.yaml)
            try gateway.reload()
            #expect(caller.readToFailure().bytes.isEmpty)
            #expect(try gateway.auditLine { $0["event"] == "cut" }["reason"] == "issuer_not_accepted")
        }

        @Test("an open connection is told of in the headers of the configuration in force")
        func changedIdentity() throws {
            let upstream = try Upstream()
            var setup = Setup(upstream: upstream.port)
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            try caller.exchange("GET", "/")
            setup.routes = ["{path: /, upstream: app, identity: [ans]}"]
            try gateway.rewrite(setup.yaml)
            try gateway.reload()
            let before = upstream.text.count
            #expect(try caller.exchange("GET", "/").status == 200)
            let request = upstream.text.dropFirst(before)
            #expect(request.contains("SSL_CLIENT_S_DN"))
            #expect(!request.contains("X-IGC-Sante"))
        }

        @Test("no spelling of a header speaks for the gateway")
        func spellings() throws {
            let upstream = try Upstream()
            let gateway = try Gateway(Setup(upstream: upstream.port))
            let names = [
                "x_igc_sante_kind", "X.IGC-Sante.Kind", "X~IGC~Sante~Kind", "X!IGC|Sante^Kind", "X_Forwarded_For",
                "X.Real.IP", "X-Forwarded-Prefix", "X-Original-URL", "X_Rewrite_URL", "Proxy", "ssl_client_s_dn",
            ]
            let fields = names.map { Field(name: $0, value: "forged") }
            #expect(try gateway.caller().exchange("GET", "/", fields: fields).status == 200)
            #expect(!upstream.text.contains("forged"))
        }

        @Test(
            "path parameters step round no route",
            arguments: ["/admin;x", "/admin;x/y", "/;/admin", "/x/..;/admin", "/admin%3Bx"])
        func parameters(_ target: String) throws {
            let upstream = try Upstream()
            var setup = Setup(upstream: upstream.port)
            setup.routes.append("{path: /admin, upstream: app, structures: [\"10B0000000\"]}")
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            #expect(try caller.exchange("GET", target).code == "ambiguous_path")
            #expect(try caller.exchange("GET", "/admin").status == 403)
            #expect(try caller.exchange("GET", "/patients;v=1/x").status == 200)
            #expect(!upstream.text.contains("admin"))
        }

        @Test("a caller that does not read its response does not keep the upstream's connection")
        func stalledReader() throws {
            let hasEnded = Switch(false)
            let upstream = try Upstream { visit in
                _ = try MessageReader(visit).readRequest()
                defer { hasEnded.isOn = true }
                try visit.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
                let block = [UInt8](repeating: 0, count: 1_000_000)
                for _ in 0..<1_000 { try visit.write(block) }
            }
            var setup = Setup(upstream: upstream.port)
            setup.http = ["body_timeout: 1s"]
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            try caller.send("GET", "/")
            try eventually("the upstream is let go") { hasEnded.isOn }
            caller.wire.close()
        }

        @Test("a body that does not come after an early answer does not keep the connection")
        func withheldBody() throws {
            var setup = Setup()
            setup.http = ["body_timeout: 1s"]
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            try caller.send("POST", "/", fields: [Field(name: "Content-Length", value: "10")])
            #expect(try caller.messages.readResponse().final.status == 200)
            #expect(try caller.read().isEmpty)
        }

        @Test(
            "half a request at the moment of revocation is none, when exchanges may end",
            arguments: TLSVersion.allCases)
        func halfARequest(_ version: TLSVersion) throws {
            let upstream = try Upstream()
            let lists = try TestFolder()
            for name in ["root", "organisations"] {
                try lists.write(contents(of: "\(TestCertificates.folder)/crl/\(name).crl"), to: "\(name).crl")
            }
            var setup = Setup(upstream: upstream.port)
            setup.revocationLists = [lists.path]
            setup.clientCertificate = ["cut_on_revocation: false"]
            let gateway = try Gateway(setup)
            let caller = try gateway.caller("callers/revoked-by-delta", over: version)
            #expect(try caller.exchange("GET", "/first").status == 200)
            try caller.write("GET /second HTTP/1.1\r\nHost: localhost\r\n")
            try lists.write(contents(of: "\(TestCertificates.folder)/crl/organisations-delta.crl"), to: "delta.crl")
            _ = try gateway.auditLine { $0["event"] == "cut" }
            try? caller.write("\r\n")
            #expect(caller.readToFailure().bytes.isEmpty)
            #expect(!upstream.text.contains("/second"))
        }
    }
}
