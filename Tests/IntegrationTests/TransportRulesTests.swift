import Foundation
import TLS
import Testing

extension Integration {
    /// The ANSSI guide (SDE-NT-35) as callers meet it.
    @Suite("What TLS is spoken")
    struct TransportRulesTests {
        @Test("TLS 1.0 and 1.1 are refused", arguments: ["-tls1", "-tls1_1"])
        func oldVersions(_ version: String) throws {
            let gateway = try Gateway(Setup())
            let client = try SClient(gateway, version: version)
            #expect(client.alert == Int(TLSAlert.protocolVersion.rawValue), "\(client.errors)")
            #expect(client.status == nil)
        }

        @Test("suites without forward secrecy or without authenticated encryption are refused")
        func badSuites() throws {
            let gateway = try Gateway(Setup())
            let suites = [
                "AES128-GCM-SHA256", "AES256-GCM-SHA384", "AES128-SHA", "ECDHE-RSA-AES128-SHA",
                "ECDHE-RSA-AES256-SHA384", "DHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA256",
            ]
            let pending = try suites.map { suite in
                (suite, try SClient.Pending(gateway, version: "-tls1_2", ["-cipher", "\(suite):@SECLEVEL=0"]))
            }
            for (suite, client) in pending {
                let client = try client.finish()
                #expect(client.alert == Int(TLSAlert.handshakeFailure.rawValue), "\(suite): \(client.errors)")
                #expect(client.status == nil, "\(suite)")
            }
        }

        @Test("suites of the guide are spoken")
        func goodSuites() throws {
            let gateway = try Gateway(Setup())
            for suite in ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305"] {
                let client = try SClient(gateway, version: "-tls1_2", ["-cipher", suite])
                #expect(client.status == 200, "\(suite): \(client.errors)")
            }
        }

        @Test("groups of the guide are spoken, small ones are not", arguments: ["-tls1_2", "-tls1_3"])
        func groups(_ version: String) throws {
            let gateway = try Gateway(Setup())
            for group in ["X25519", "P-256"] {
                #expect(try SClient(gateway, version: version, ["-groups", group]).status == 200, "\(group)")
            }
            let refused = try SClient(gateway, version: version, ["-groups", "P-224"])
            #expect(refused.status == nil)
        }

        @Test("min_version: TLSv1.3 speaks nothing else")
        func onlyTLS13() throws {
            var setup = Setup()
            setup.tls = ["min_version: TLSv1.3"]
            let gateway = try Gateway(setup)
            #expect(try SClient(gateway, version: "-tls1_3").status == 200)
            let refused = try SClient(gateway, version: "-tls1_2")
            #expect(refused.alert == Int(TLSAlert.protocolVersion.rawValue), "\(refused.errors)")
        }

        @Test("a renegotiation is refused")
        func renegotiation() throws {
            let gateway = try Gateway(Setup())
            let client = try SClient(gateway, version: "-tls1_2", request: "R\n", isInteractive: true)
            #expect(client.output.contains("RENEGOTIATING") || client.errors.contains("RENEGOTIATING"))
            #expect(client.errors.contains("no renegotiation"), "\(client.errors)")
            #expect(client.status == nil)
        }

        @Test("what is not TLS is closed, and serves nobody's log")
        func notTLS() throws {
            let gateway = try Gateway(Setup())
            let wire = try Wire(port: gateway.port)
            try wire.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            let answer = try? wire.readToEnd()
            #expect(answer.map { !String(decoding: $0, as: UTF8.self).contains("HTTP/1.1 200") } ?? true)
            #expect(try gateway.caller().exchange("GET", "/").status == 200)
        }
    }
}
