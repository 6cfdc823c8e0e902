import Foundation
import TLS
import Testing

extension Integration {
    @Suite("PROXY headers to upstreams")
    struct CallerIntroductionTests {
        private static let folder = TestCertificates.folder

        /// A running `proxy_reader.py`.
        private struct Reader {
            let server: PythonServer

            init(_ arguments: [String] = []) throws {
                // Nothing but Python's own library.
                server = try PythonServer("proxy_reader.py", packages: "", arguments)
            }

            /// What each connection said of itself.
            var headers: [[String: Any]] {
                server.lines.compactMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
            }

            func elements(_ index: Int) -> [String: String] { headers[index]["elements"] as? [String: String] ?? [:] }
        }

        private static func setup(_ port: UInt16, _ form: String = "v2", _ more: String = "") -> Setup {
            var setup = Setup(upstream: 1)
            setup.workers = 1
            setup.http = ["protocols: [h2, http/1.1]"]
            setup.upstreams = [
                "app: {servers: [{address: \"127.0.0.1:\(port)\"}], proxy_protocol: \(form)\(more)}"
            ]
            return setup
        }

        @Test("say who calls, to the byte", arguments: TLSVersion.allCases)
        func whole(_ version: TLSVersion) throws {
            let reader = try Reader()
            let gateway = try Gateway(Self.setup(reader.server.port, "v2_with_certificate"))
            let caller = try gateway.caller(over: version)
            #expect(try caller.exchange("GET", "/").status == 200)
            let header = try eventually("the header is told") { reader.headers.first }
            #expect(header["error"] == nil)
            #expect(header["command"] as? Int == 0x21)
            #expect(header["family"] as? Int == 0x11)
            let line = try gateway.auditLine { $0["event"] == "admitted" }
            #expect(header["source"] as? String == line["address"])
            #expect(header["destination"] as? String == "127.0.0.1:\(gateway.port)")
            let leaf = try certificates(of: "\(Self.folder)/callers/org-auth-cli.pem")[0]
            #expect(header["client"] as? Int == 0x07)
            #expect(header["verify"] as? Int == 0)
            #expect(
                reader.elements(0) == [
                    "01": "http/1.1", "02": "localhost", "05": line["connection"] ?? "", "21": version.description,
                    "22": "POTERNE-DEMO", "23": caller.facts?.cipherSuite ?? "",
                    "28": leaf.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(),
                ])
        }

        @Test("tell a session that was resumed from one whose certificate was shown, and no certificate from one")
        func flags() throws {
            let reader = try Reader()
            var setup = Self.setup(reader.server.port)
            setup.mode = "optional"
            setup.routes = ["{path: /, upstream: app, client_certificate: none}"]
            let gateway = try Gateway(setup)
            let first = try gateway.caller()
            #expect(try first.exchange("GET", "/").status == 200)
            let resumed = try gateway.caller(resuming: first.session)
            #expect(try resumed.exchange("GET", "/").status == 200)
            #expect(resumed.facts?.isResumed == true)
            let nobody = try gateway.caller(nil, host: nil)
            #expect(try nobody.exchange("GET", "/").status == 200)
            try eventually("three headers are told") { reader.headers.count == 3 }
            #expect(reader.headers.map { $0["client"] as? Int } == [0x07, 0x05, 0x01])
            #expect(reader.headers.map { $0["verify"] as? Int } == [0, 0, 1])
            #expect(reader.elements(0)["22"] == "POTERNE-DEMO")
            #expect(reader.elements(0)["28"] == nil)
            #expect(reader.elements(2)["22"] == nil)
            #expect(reader.elements(2)["02"] == nil)
        }

        @Test("a connection serves the caller it was opened for, again and again, and nobody else")
        func oneCallerEach() throws {
            let reader = try Reader()
            let gateway = try Gateway(Self.setup(reader.server.port))
            let (one, other) = (try gateway.caller(), try gateway.caller())
            for _ in 0..<3 {
                #expect(try one.exchange("GET", "/").status == 200)
                #expect(try other.exchange("GET", "/").status == 200)
            }
            #expect(reader.headers.count == 2)
            let sources = Set(reader.headers.compactMap { $0["source"] as? String })
            #expect(sources.count == 2)
            // A server that ends a connection is given a new header with the next.
            #expect(try one.exchange("GET", "/close").status == 200)
            #expect(try one.exchange("GET", "/").status == 200)
            try eventually("the third header is told") { reader.headers.count == 3 }
            #expect(reader.headers[2]["source"] as? String == reader.headers[0]["source"] as? String)
        }

        @Test("connections of callers who are gone, or wait for the limit, make room for others")
        func limit() throws {
            let reader = try Reader()
            let gateway = try Gateway(Self.setup(reader.server.port, "v2", ", max_connections: 1"))
            for _ in 0..<4 {
                let (one, other) = (try gateway.caller(), try gateway.caller())
                #expect(try one.exchange("GET", "/").status == 200)
                #expect(try other.exchange("GET", "/").status == 200)
                #expect(try one.exchange("GET", "/").status == 200)
            }
            #expect(reader.headers.allSatisfy { $0["error"] == nil })
        }

        @Test("come before TLS")
        func beforeTLS() throws {
            let (chain, key) = ("\(Self.folder)/server/fullchain.pem", "\(Self.folder)/server/key.pem")
            let reader = try Reader([chain, key])
            let tls = ", tls: {ca: \(Self.folder)/trust/root.pem, server_name: localhost}"
            let gateway = try Gateway(Self.setup(reader.server.port, "v2", tls))
            #expect(try Curl(gateway, "/", ["--http2"]).text == "ok")
            #expect(reader.elements(0)["01"] == "h2")
        }

        @Test("a probe says that it is the gateway's own")
        func probe() throws {
            let reader = try Reader()
            let check = ", health_check: {interval: 100ms}"
            let gateway = try Gateway(Self.setup(reader.server.port, "v2", check))
            let header = try eventually("a probe is told of") { reader.headers.first }
            #expect(header["command"] as? Int == 0x20)
            #expect(header["length"] as? Int == 16)
            #expect(try gateway.caller().exchange("GET", "/").status == 200)
        }

        @Test("nginx takes them", .enabled(if: Nginx.isInstalled, "nginx is not installed"))
        func nginx() throws {
            let nginx = try Nginx(
                "listen 127.0.0.1:PORT proxy_protocol; location / { return 200 $proxy_protocol_addr:$proxy_protocol_port; }"
            )
            let gateway = try Gateway(Self.setup(nginx.port, "v2_addresses"))
            let caller = try gateway.caller()
            let response = try caller.exchange("GET", "/")
            #expect(response.status == 200, "\(nginx.log)")
            let line = try gateway.auditLine { $0["event"] == "admitted" }
            #expect(response.text == line["address"])
        }

        @Test("HAProxy takes them", .enabled(if: HAProxy.isInstalled, "HAProxy is not installed"))
        func haproxy() throws {
            let haproxy = try HAProxy(
                """
                bind 127.0.0.1:PORT accept-proxy
                http-request return status 200 content-type text/plain lf-string "%ci:%cp %[fc_pp_authority] %[fc_pp_unique_id]"
                """)
            let gateway = try Gateway(Self.setup(haproxy.port, "v2_with_certificate"))
            let response = try gateway.caller().exchange("GET", "/")
            #expect(response.status == 200, "\(haproxy.log)")
            let line = try gateway.auditLine { $0["event"] == "admitted" }
            let address = line["address"] ?? ""
            #expect(response.text == "\(address) localhost \(line["connection"] ?? "")")
        }
    }
}
