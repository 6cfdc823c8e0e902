import Foundation
import Testing

extension Integration {
    @Suite("The load tool")
    struct LoadToolTests {
        /// Serves both protocols.
        private func setup(upstream port: UInt16? = nil, _ http: String...) -> Setup {
            var setup = port.map { Setup(upstream: $0) } ?? Setup()
            setup.http = ["protocols: [h2, http/1.1]"] + http
            return setup
        }

        @Test(
            "counts the requests that the gateway counts, in the protocol that it was told to speak",
            arguments: [("1.1", "1", "HTTP/1.1"), ("2", "6", "HTTP/2"), ("auto", "6", "HTTP/2")])
        func counted(speech: String, streams: String, version: String) throws {
            let gateway = try Gateway(setup())
            let load = try LoadRun(
                "request", gateway,
                ["-n", "150", "-c", "3", "--http", speech, "--path", "/counted", "--streams", streams])
            #expect(load.exitCode == 0, "\(load.errors)")
            #expect(load["responses"] == 150)
            #expect(load.outcomes(of: "full") == ["status 200": 150])
            // Each connection was made ready by a request of its own.
            let lines = try eventually("all access lines") {
                let lines = gateway.accessLog
                return lines.count >= 153 ? lines : nil
            }
            #expect(lines.count == 153)
            #expect(lines.allSatisfy { $0["path"] == "/counted" && $0["protocol"] == version }, "\(lines[0])")
        }

        @Test("speaks HTTP/1.1 where the server agrees to nothing else, and says so where it must not")
        func otherProtocol() throws {
            var setup = Setup()
            setup.http = ["protocols: [http/1.1]"]
            let gateway = try Gateway(setup)
            let load = try LoadRun("handshake", gateway, ["-n", "5", "-c", "1", "--http", "auto"])
            #expect(load.outcomes(of: "full") == ["status 200": 5])
            let strict = try LoadRun("handshake", gateway, ["-n", "5", "-c", "1", "--http", "2"])
            #expect(strict["unexpected"] == 5)
            #expect(strict.exitCode == 1)
        }

        @Test("moves large bodies both ways through HTTP/2's windows")
        func largeBodies() throws {
            let echo = try Echo()
            let gateway = try Gateway(setup(upstream: echo.port, "max_body_size: off"))
            let size = 3_000_000
            let down = try LoadRun(
                "request", gateway, ["-n", "8", "-c", "2", "--http", "2", "--streams", "3", "--path", "/bytes/\(size)"])
            #expect(down.outcomes(of: "full") == ["status 200": 8])
            #expect(down["receivedBytes"] > 8 * size)
            let up = try LoadRun(
                "request", gateway,
                ["-n", "8", "-c", "2", "--http", "2", "--streams", "3", "--path", "/up", "--upload", "\(size)"])
            #expect(up.outcomes(of: "full") == ["status 200": 8])
            let uploads = try eventually("the uploads' access lines") {
                let lines = gateway.accessLog.filter { $0["path"] == "/up" }
                return lines.count >= 10 ? lines : nil
            }
            #expect(uploads.allSatisfy { $0["bytes_in"].flatMap { Int($0) } ?? 0 >= size }, "\(uploads[0])")
        }

        @Test("counts GOAWAY, after which it connects again and loses nothing")
        func goaway() throws {
            let gateway = try Gateway(setup("max_requests_per_connection: 10"))
            let load = try LoadRun("request", gateway, ["-n", "100", "-c", "2", "--http", "2", "--streams", "4"])
            #expect(load.outcomes(of: "full") == ["status 200": 100])
            #expect(load.goaways["NO_ERROR", default: 0] >= 5)
            #expect(load["fullHandshakes"] >= 5)
        }

        @Test("counts streams that are reset, by their code")
        func resets() throws {
            let upstream = try Upstream { visit in
                _ = try visit.read()
                try visit.write(Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".utf8))
            }
            let gateway = try Gateway(setup(upstream: upstream.port))
            let load = try LoadRun("handshake", gateway, ["-n", "6", "-c", "2", "--http", "2"])
            let outcomes = load.outcomes(of: "full")
            #expect(outcomes.keys.allSatisfy { $0.hasPrefix("stream reset ") }, "\(outcomes)")
            #expect(outcomes.values.reduce(0, +) == 6)
            #expect(load.exitCode == 1)
        }

        @Test("sees the callers that should be refused refused, and the others served", arguments: ["1.1", "2"])
        func mixed(speech: String) throws {
            let gateway = try Gateway(setup())
            let load = try LoadRun(
                "mixed", gateway,
                [
                    "-n", "100", "-c", "6", "--http", speech, "--shares",
                    "full=60,resumed=20,revoked=10,wrong-kind=10",
                ])
            #expect(load.exitCode == 0, "\(load.errors)")
            #expect(load.outcomes(of: "full") == ["status 200": 60])
            #expect(load.outcomes(of: "resumed") == ["status 200": 20])
            #expect(load.outcomes(of: "revoked") == ["alert certificate_revoked": 10])
            #expect(load.outcomes(of: "wrong-kind").values.reduce(0, +) == 10)
            #expect(load["unexpected"] == 0)
            #expect(load["resumedHandshakes"] + load["notResumed"] == 20)
        }

        @Test("fails when a caller is served that should have been refused")
        func admitted() throws {
            var setup = Setup()
            setup.revocationLists = nil
            setup.revocation = ["check: off"]
            let load = try LoadRun("mixed", Gateway(setup), ["-n", "10", "-c", "2", "--shares", "full=5,revoked=5"])
            #expect(load.outcomes(of: "revoked") == ["status 200": 5])
            #expect(load["unexpected"] == 5)
            #expect(load.exitCode == 1)
        }

        @Test("sees slow callers cut, and others served beside them")
        func slow() throws {
            var setup = Setup()
            setup.tls = ["handshake_timeout: 1s"]
            setup.http = ["header_timeout: 1s"]
            let load = try LoadRun(
                "mixed", Gateway(setup),
                [
                    "-d", "2.5", "-c", "20", "--rate", "30", "--shares",
                    "full=18,slow-handshake=1,slow-head=1,slow-reader=1", "--slow-limit", "30",
                ])
            #expect(load.exitCode == 0, "\(load)")
            #expect(load.outcomes(of: "full").keys.contains("status 200"))
            for role in ["slow-handshake", "slow-head"] {
                let outcomes = load.outcomes(of: role)
                #expect(!outcomes.isEmpty, "\(role)")
                // Cut within a second of the two and a half, whichever way.
                #expect(outcomes.keys.contains { $0 != "unfinished" }, "\(role): \(outcomes)")
                #expect(!outcomes.keys.contains("status 200"), "\(role): \(outcomes)")
            }
            #expect(!load.outcomes(of: "slow-reader").isEmpty)
        }

        @Test("holds connections, and tells how many stay", arguments: ["1.1", "2"])
        func held(speech: String) throws {
            let gateway = try Gateway(setup())
            let load = try LoadRun("connections", gateway, ["-c", "60", "-d", "0.3", "--http", speech])
            #expect(load.exitCode == 0)
            #expect(load["heldConnections"] == 60)
            #expect(load["fullHandshakes"] == 60)
            #expect(load["lostConnections"] == 0)
        }

        @Test("fails when connections that were to be held are ended", arguments: ["1.1", "2"])
        func lost(speech: String) throws {
            let gateway = try Gateway(setup("keepalive_timeout: 300ms"))
            let load = try LoadRun("connections", gateway, ["-c", "8", "-d", "1.5", "--http", speech])
            #expect(load["lostConnections"] == 8)
            #expect(load["heldConnections"] == 0)
            #expect(load.exitCode == 1)
        }

        @Test("raises its rate")
        func ramp() throws {
            let load = try LoadRun("request", Gateway(setup()), ["-d", "3", "-c", "4", "--rate", "2..200"])
            #expect(load.exitCode == 0)
            // The area under the line: 303 attempts, whatever the machine does meanwhile.
            #expect(load["attempts"] + load["unsent"] == 303)
            let course = load.course
            #expect(course.count >= 3)
            #expect((course.first ?? 0) < (course.dropFirst().max() ?? 0))
        }

        @Test("writes a page that is whole in itself")
        func page() throws {
            let folder = try TestFolder()
            let page = folder["load.html"]
            let load = try LoadRun(
                "request", Gateway(setup()),
                ["-n", "50", "-c", "2", "--path", "/<script>alert(1)</script>&", "--html", page])
            #expect(load["attempts"] == 50)
            let text = folder.text("load.html")
            #expect(!text.contains("http://") && !text.contains("https://") && !text.contains("<script"))
            #expect(text.contains("/&lt;script&gt;alert(1)&lt;/script&gt;&amp;"))
            let parsed = try run("python3", ["-c", "import sys, xml.dom.minidom as m; m.parse(sys.argv[1])", page])
            #expect(parsed.exitCode == 0, "\(parsed.errors)")
        }

        @Test(
            "refuses what is not this machine, however it is written",
            arguments: [
                "192.0.2.1:443", "0.0.0.0:443", "[::]:443", "[2001:db8::1]:443", "[::ffff:192.0.2.1]:443",
                // Names to the resolver: the same address as one number, and as three.
                "3221225985:443", "192.0.513:443",
            ])
        func foreign(target: String) throws {
            let result = try run(
                Product.path, ["load", "handshake", target, "-n", "1", "--pki", TestCertificates.folder])
            #expect(result.exitCode == 1)
            #expect(result.errors.contains("is not this machine"), "\(result.errors)")
            #expect(result.text.isEmpty)
        }

        @Test(
            "refuses options that mean nothing together",
            arguments: [
                ["request", "--streams", "2"], ["handshake", "--http", "2", "--streams", "2"],
                ["request", "--rate", "5..9", "-n", "3"], ["request", "--rate", "9.."], ["request", "--rate", "0"],
                ["mixed", "--shares", "slow-head=1"], ["request", "--json", "--csv"], ["request", "--ramp", "0"],
            ])
        func unusable(options: [String]) throws {
            #expect(try run(Product.path, ["load"] + options).exitCode == 64)
        }
    }
}
