import TLS
import Testing

extension Integration {
    @Suite("mode: optional")
    struct OptionalCertificateTests {
        private func gateway(_ upstream: Upstream) throws -> Gateway {
            var setup = Setup(upstream: upstream.port)
            setup.mode = "optional"
            setup.clientCertificate = ["on_refusal: http"]
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
    }
}
