import TLS
import Testing

extension Integration {
    @Suite("Admitted callers")
    struct AdmittedCallersTests {
        @Test("an ORG AUTH_CLI certificate reaches the upstream", arguments: ["--tls-max 1.2", "--tlsv1.3"])
        func reachesUpstream(_ version: String) throws {
            let echo = try Echo()
            let gateway = try Gateway(Setup(upstream: echo.port))
            let call = try Curl(gateway, "/patients?x=1", version.split(separator: " ").map(String.init))
            #expect(call.exitCode == 0, "\(call.errors)")
            #expect(call.status == 200)
            let reply = try #require(Echo.Reply(call.text))
            #expect(reply.path == "/patients?x=1")
            #expect(reply.fields["X-IGC-Sante-Kind"] == "ORG AUTH_CLI")
            #expect(try gateway.stop() == .exited(0))
        }

        @Test("our own client too", arguments: TLSVersion.allCases)
        func ownClient(_ version: TLSVersion) throws {
            let upstream = try Upstream()
            let gateway = try Gateway(Setup(upstream: upstream.port))
            let caller = try gateway.caller(over: version)
            #expect(try caller.exchange("GET", "/").status == 200)
            #expect(try caller.exchange("GET", "/again").text == "ok")
            #expect(upstream.visits.count == 1)
            #expect(upstream.text.contains("GET /again HTTP/1.1\r\n"))
        }

        @Test("by openssl s_client", arguments: ["-tls1_2", "-tls1_3"])
        func openssl(_ version: String) throws {
            let gateway = try Gateway(Setup())
            let client = try SClient(gateway, version: version)
            #expect(client.status == 200, "\(client.errors)")
        }
    }
}
