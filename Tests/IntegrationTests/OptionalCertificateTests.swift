import TLS
import Testing

extension Integration {
    @Suite("mode: optional")
    struct OptionalCertificateTests {
        private func gateway(_ upstream: Upstream) throws -> Gateway {
            var setup = Setup(upstream: upstream.port)
            setup.mode = "optional"
            setup.clientCertificate = ["on_refusal: http"]
            setup.http = ["protocols: [h2, http/1.1]"]
            setup.routes = [
                "{path: /health, respond: {status: 200, body: fine}, client_certificate: none}",
                "{path: /open, upstream: app, client_certificate: none, identity: [igc-sante]}",
                "{path: /, upstream: app, identity: [igc-sante]}",
            ]
            return try Gateway(setup)
        }

        @Test(
            "a route that asks for none serves a caller without one, another refuses it", arguments: TLSVersion.allCases
        )
        func withoutCertificate(_ version: TLSVersion) throws {
            let upstream = try Upstream()
            let gateway = try gateway(upstream)
            let caller = try gateway.caller(nil, over: version)
            #expect(try caller.exchange("GET", "/health").text == "fine")
            #expect(try caller.exchange("GET", "/open/x").status == 200)
            let refused = try caller.exchange("GET", "/closed")
            #expect(refused.status == 401)
            #expect(refused.code == "certificate_missing")
            #expect(!upstream.text.contains("/closed"))
            #expect(!upstream.text.contains("X-IGC-Sante"))
        }

        @Test("a caller with a good one is told upstream wherever identity is written", arguments: TLSVersion.allCases)
        func withCertificate(_ version: TLSVersion) throws {
            let upstream = try Upstream()
            let gateway = try gateway(upstream)
            let caller = try gateway.caller(over: version)
            #expect(try caller.exchange("GET", "/closed").status == 200)
            #expect(upstream.text.contains("X-IGC-Sante-Kind: ORG AUTH_CLI\r\n"))
        }

        @Test("a caller with a bad one is refused where one is needed, and is nobody elsewhere")
        func withBadCertificate() throws {
            let upstream = try Upstream()
            let gateway = try gateway(upstream)
            let caller = try gateway.caller("wrong/revoked")
            #expect(try caller.exchange("GET", "/health").status == 200)
            #expect(try caller.exchange("GET", "/open").status == 200)
            #expect(!upstream.text.contains("X-IGC-Sante"))
            let refused = try caller.exchange("GET", "/closed")
            #expect(refused.status == 403)
            #expect(refused.code == "certificate_revoked")
        }

        @Test(
            "each route decides alike over both protocols",
            arguments: [["--http1.1"], ["--http2", "--tls-max", "1.2"], ["--http2", "--tlsv1.3"]])
        func protocols(_ version: [String]) throws {
            let upstream = try Upstream()
            let gateway = try gateway(upstream)
            func ask(_ path: String, as caller: String?) throws -> (status: Int, code: String?) {
                let call = try Curl(gateway, path, as: caller, version)
                #expect(call.exitCode == 0, "\(call.errors)")
                return (call.status, LogLine(call.text)?["code"])
            }
            for caller in [nil, "callers/org-auth-cli", "wrong/revoked", "callers/serv-ssl"] {
                #expect(try ask("/health", as: caller).status == 200)
                #expect(try ask("/open/x", as: caller).status == 200)
            }
            #expect(try ask("/closed", as: "callers/org-auth-cli").status == 200)
            #expect(try ask("/closed", as: nil) == (401, "certificate_missing"))
            #expect(try ask("/closed", as: "wrong/revoked") == (403, "certificate_revoked"))
            #expect(try ask("/closed", as: "callers/serv-ssl") == (403, "kind_not_accepted"))
            // Who has a certificate is told on every route that tells, and nobody else is.
            let told = upstream.requests.map { request in
                request.startLine + " " + request.fields[all: "X-IGC-Sante-Kind"].joined(separator: ", ")
            }
            #expect(
                told.sorted() == [
                    "GET /closed HTTP/1.1 ORG AUTH_CLI", "GET /open/x HTTP/1.1 ", "GET /open/x HTTP/1.1 ",
                    "GET /open/x HTTP/1.1 ", "GET /open/x HTTP/1.1 ORG AUTH_CLI",
                ])
        }
    }
}
