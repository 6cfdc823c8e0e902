import Foundation
import Testing

extension Integration {
    @Suite("Upstreams of HTTP/2", .enabled(if: Python.h2 != nil, "h2 cannot be had from PyPI"))
    struct HTTP2UpstreamTests {
        private static func setup(_ port: UInt16, _ more: String = "") -> Setup {
            var setup = Setup(upstream: 1)
            setup.workers = 1
            setup.http = ["protocols: [h2, http/1.1]"]
            setup.upstreams = ["app: {servers: [{address: \"127.0.0.1:\(port)\"}], protocol: h2\(more)}"]
            return setup
        }

        private static let certificates = TestCertificates.folder

        /// A server whose certificate is for localhost.
        private static func secureServer(_ more: [String] = []) throws -> H2Server {
            try H2Server(["--tls", "\(certificates)/server/fullchain.pem", "\(certificates)/server/key.pem"] + more)
        }

        private static func tls(_ more: String, ca: String = "trust/root.pem") -> String {
            ", tls: {ca: \(certificates)/\(ca)\(more)}"
        }

        @Test("a server that refuses connections is 502, without a wait for anything")
        func refusesConnections() throws {
            // The queue's patience is longer than the caller's.
            let gateway = try Gateway(Self.setup(try Wire.closedPort(), ", connect_timeout: 50s"))
            let response = try gateway.caller().exchange("GET", "/")
            #expect(response.status == 502)
            #expect(response.code == "upstream_connect_error")
        }

        @Test("and so it is for each of many who wait for the same connection")
        func refusesMany() throws {
            let gateway = try Gateway(Self.setup(try Wire.closedPort(), ", connect_timeout: 50s"))
            let callers = try (0..<8).map { _ in try gateway.caller() }
            for caller in callers { try caller.send("GET", "/") }
            for caller in callers { #expect(try caller.messages.readResponse().final.status == 502) }
        }

        @Test("are given requests by the rules of HTTP/2, trailers and all")
        func forwarded() throws {
            let server = try H2Server()
            let gateway = try Gateway(Self.setup(server.port))
            let caller = try gateway.caller()
            try caller.write(
                "POST /in?x=1 HTTP/1.1\r\nHost: localhost\r\nConnection: X-Hop\r\nX-Hop: 1\r\nX-Case: Kept\r\n"
                    + "TE: trailers, deflate\r\nTrailer: X-End\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "5\r\nhello\r\n0\r\nX-End: yes\r\nX-IGC-Sante-Kind: forged\r\n\r\n")
            let response = try caller.messages.readResponse().final
            #expect(response.status == 200)
            #expect(response.text == "ok")
            #expect(response.fields["X-Server"] == "h2")
            #expect(response.trailers["x-trailer"] == "end")
            let request = try eventually("the request is recorded") { server.requests.first }
            let pseudo = request.fields.filter { $0.name.hasPrefix(":") }
            #expect(
                pseudo == [
                    Field(name: ":method", value: "POST"), Field(name: ":scheme", value: "http"),
                    Field(name: ":authority", value: "localhost"), Field(name: ":path", value: "/in?x=1"),
                ])
            #expect(request.fields["x-case"] == "Kept")
            #expect(request.fields["te"] == "trailers")
            #expect(request.fields[all: "x-igc-sante-kind"] == ["ORG AUTH_CLI"])
            for name in ["host", "connection", "x-hop", "transfer-encoding"] {
                #expect(request.fields[name] == nil, "\(name)")
            }
            #expect(request.bodyBytes == 5)
            #expect(request.trailers == [Field(name: "x-end", value: "yes")])
            #expect(server.faults.isEmpty)
        }

        @Test("share one connection among callers, of both protocols")
        func shared() throws {
            let server = try H2Server()
            let gateway = try Gateway(Self.setup(server.port))
            for version in ["--http1.1", "--http2"] {
                for _ in 0..<3 { #expect(try Curl(gateway, "/ok", [version]).text == "ok") }
            }
            #expect(server.connections == 1)
        }

        static let faults = [
            ("/reset", 502, "upstream_reset"), ("/refuse", 502, "upstream_refused"),
            ("/malformed", 502, "upstream_malformed"),
        ]

        @Test("an answer that cannot be passed on is 502, and the connection serves on", arguments: faults)
        func broken(path: String, status: Int, code: String) throws {
            let server = try H2Server()
            let gateway = try Gateway(Self.setup(server.port, ", retries: {attempts: 0}"))
            let caller = try gateway.caller()
            let response = try caller.exchange("GET", path)
            #expect(response.status == status)
            #expect(response.code == code)
            #expect(try caller.exchange("GET", "/ok").status == 200)
            #expect(server.connections == 1)
        }

        @Test(
            "an answer that breaks off, or is not as long as it said, ends the caller's",
            arguments: ["/cut", "/short", "/long"])
        func cut(path: String) throws {
            let server = try H2Server()
            let gateway = try Gateway(Self.setup(server.port))
            let caller = try gateway.caller()
            try caller.send("GET", path)
            _ = caller.readToFailure()
            let line = try gateway.accessLine { $0["path"] == path }
            #expect(["upstream_truncated", "upstream_malformed"].contains(line["refusal"] ?? ""), "\(line)")
            let call = try Curl(gateway, path, ["--http2"])
            #expect(call.exitCode == 92, "curl sees a stream that was not closed cleanly: \(call.errors)")
        }

        @Test("a request that was refused unread is sent again, where the method may be")
        func refusedOnce() throws {
            let server = try H2Server()
            let gateway = try Gateway(Self.setup(server.port))
            #expect(try gateway.caller().exchange("GET", "/refuse-once").status == 200)
            #expect(server.requests.count == 2)
        }

        @Test("after GOAWAY the next request has a new connection")
        func goaway() throws {
            let server = try H2Server()
            let gateway = try Gateway(Self.setup(server.port))
            let caller = try gateway.caller()
            #expect(try caller.exchange("GET", "/goaway").text == "last")
            #expect(try caller.exchange("GET", "/ok").status == 200)
            #expect(server.connections == 2)
        }

        @Test("interim responses are passed on")
        func interim() throws {
            let server = try H2Server()
            let gateway = try Gateway(Self.setup(server.port))
            let caller = try gateway.caller()
            try caller.send("GET", "/interim")
            let answer = try caller.messages.readResponse()
            #expect(answer.informational.map(\.status) == [103])
            #expect(answer.final.status == 200)
        }

        @Test(
            "a caller that goes, by a reset or for good, has its stream reset there with CANCEL",
            arguments: [true, false])
        func callerGoes(byReset: Bool) throws {
            let server = try H2Server()
            let gateway = try Gateway(Self.setup(server.port))
            let caller = try FrameCaller(gateway)
            try caller.send(FrameCaller.request("/hold"))
            try eventually("the request is upstream") { server.hasBegun("/hold") }
            if byReset { try caller.send([0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 8]) } else { caller.caller.wire.close() }
            try eventually("the stream is reset") { server.resets == [8] }
            #expect(try gateway.caller().exchange("GET", "/ok").status == 200)
            #expect(server.connections == 1)
        }

        @Test("an upstream that does not answer in time is 504, and its stream reset")
        func late() throws {
            let server = try H2Server()
            let gateway = try Gateway(Self.setup(server.port, ", read_timeout: 1s"))
            var setup = gateway.setup
            setup.routes = ["{path: /, upstream: app, timeout: 200ms}"]
            try gateway.rewrite(setup.yaml)
            try gateway.reload()
            let response = try gateway.caller().exchange("GET", "/hold")
            #expect(response.status == 504)
            #expect(response.code == "upstream_timeout")
            try eventually("the stream is reset") { server.resets == [8] }
        }

        @Test("health checks speak HTTP/2 too")
        func healthChecks() throws {
            let folder = try TestFolder()
            let server = try H2Server(["--health", folder["well"]])
            let check = ", health_check: {path: /health, interval: 100ms, timeout: 5s, healthy: 1, unhealthy: 1}"
            let gateway = try Gateway(Self.setup(server.port, check))
            try eventually("the server is out") { gateway.operatorLog.contains("fails its health checks") }
            #expect(try gateway.caller().exchange("GET", "/ok").code == "upstream_no_server")
            try folder.write("", to: "well")
            try eventually("the server is back") { gateway.operatorLog.contains("is healthy again") }
            #expect(try gateway.caller().exchange("GET", "/ok").status == 200)
            let probe = try #require(server.requests.first)
            #expect(probe.fields[":path"] == "/health")
            #expect(probe.fields["user-agent"] == "poterne-health")
        }

        // MARK: Over TLS

        @Test("over TLS the server is verified, and shown the gateway's own certificate")
        func secure() throws {
            let server = try Self.secureServer(["--client-ca", "\(Self.certificates)/trust/root.pem"])
            let name = "\(Self.certificates)/callers/org-auth-cli"
            let more = ", server_name: localhost, certificate: \(name).pem, key: \(name).key"
            let gateway = try Gateway(Self.setup(server.port, Self.tls(more)))
            #expect(try gateway.caller().exchange("GET", "/ok").text == "ok")
            let request = try eventually("the request is recorded") { server.requests.first }
            #expect(request.fields[":scheme"] == "https")
            #expect(server.clients == ["POTERNE-DEMO"])
        }

        @Test("without one that asks for it there is no answer but 502")
        func ownCertificateMissing() throws {
            let server = try Self.secureServer(["--client-ca", "\(Self.certificates)/trust/root.pem"])
            let gateway = try Gateway(Self.setup(server.port, Self.tls(", server_name: localhost")))
            let response = try gateway.caller().exchange("GET", "/ok")
            #expect(response.status == 502)
            #expect(server.requests.isEmpty)
        }

        static let strangers = [
            (", server_name: other.poterne.example", "trust/root.pem"),
            (", server_name: localhost", "trust/standard-root.pem"),
        ]

        @Test("a server of another name, or of another CA, is 502 and is sent nothing", arguments: strangers)
        func unverified(more: String, ca: String) throws {
            let server = try Self.secureServer()
            let gateway = try Gateway(Self.setup(server.port, Self.tls(more, ca: ca)))
            let response = try gateway.caller().exchange("GET", "/ok")
            #expect(response.status == 502)
            #expect(response.code == "upstream_tls_error")
            #expect(server.requests.isEmpty)
            // The operator is told why, once.
            _ = try gateway.caller().exchange("GET", "/ok")
            try eventually("the reason is told") { gateway.operatorLog.contains("certificate does not verify") }
            #expect(gateway.operatorLog.components(separatedBy: "certificate does not verify").count == 2)
        }

        @Test("a server that does not agree to h2 is 502, with a reason of its own")
        func otherProtocol() throws {
            let server = try Self.secureServer(["--alpn", "http/1.1"])
            let gateway = try Gateway(Self.setup(server.port, Self.tls(", server_name: localhost")))
            let response = try gateway.caller().exchange("GET", "/ok")
            #expect(response.status == 502)
            #expect(response.code == "upstream_wrong_protocol")
            try eventually("the reason is told") { gateway.operatorLog.contains("does not agree to h2 by ALPN") }
            #expect(server.requests.isEmpty)
        }
    }
}
