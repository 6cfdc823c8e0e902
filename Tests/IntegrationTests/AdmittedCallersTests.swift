import Foundation
import TLS
import Testing

extension Integration {
    @Suite("Admitted callers")
    struct AdmittedCallersTests {
        @Test(
            "curl with an ORG AUTH_CLI certificate reaches the upstream",
            arguments: [["--tls-max", "1.2"], ["--tlsv1.3"]])
        func curlReachesUpstream(_ version: [String]) throws {
            let echo = try Echo()
            let gateway = try Gateway(Setup(upstream: echo.port))
            let call = try Curl(gateway, "/patients?x=1", version)
            #expect(call.exitCode == 0, "\(call.errors)")
            #expect(call.status == 200)
            let reply = try #require(Echo.Reply(call.text))
            #expect(reply.path == "/patients?x=1")
            #expect(reply.fields["X-IGC-Sante-Kind"] == "ORG AUTH_CLI")
            #expect(try gateway.stop() == .exited(0))
        }

        @Test("a leaf alone is enough: the issuer is pinned", arguments: ["-tls1_2", "-tls1_3"])
        func leafAlone(_ version: String) throws {
            let gateway = try Gateway(Setup())
            let client = try SClient(gateway, chain: .leafAlone, version: version)
            #expect(client.status == 200, "\(client.errors)")
        }

        @Test("a whole chain passes", arguments: ["-tls1_2", "-tls1_3"])
        func wholeChain(_ version: String) throws {
            let gateway = try Gateway(Setup())
            let client = try SClient(gateway, chain: .whole, version: version)
            #expect(client.status == 200, "\(client.errors)")
        }

        @Test("a chain in a wrong order with certificates that do not belong passes", arguments: TLSVersion.allCases)
        func wrongOrder(_ version: TLSVersion) throws {
            let gateway = try Gateway(Setup())
            let folder = TestCertificates.folder
            var identity = try TLSIdentity(files: "\(folder)/callers/org-auth-cli")
            let others = try ["personnes", "root", "standard-root"].map { name in
                try #require(try certificates(of: "\(folder)/trust/\(name).pem").first)
            }
            identity.chain = [identity.chain[0]] + others + identity.chain.dropFirst()
            let caller = try Caller(port: gateway.port, as: identity, over: version)
            #expect(try caller.exchange("GET", "/").status == 200)
        }

        @Test("an admitted caller is told in both logs", arguments: TLSVersion.allCases)
        func logged(_ version: TLSVersion) throws {
            let upstream = try Upstream()
            let gateway = try Gateway(Setup(upstream: upstream.port))
            let caller = try gateway.caller(over: version)
            let answer = try caller.exchange(
                "GET", "/dossiers?patient=secret", fields: [Field(name: "Authorization", value: "Bearer topsecret")])
            #expect(answer.status == 200)
            let line = try gateway.accessLine { $0["path"] == "/dossiers" }
            #expect(line["kind"] == "ORG AUTH_CLI")
            #expect(line["structure"] == "10B0999901")
            #expect(line["client"] == "POTERNE-DEMO")
            #expect(line["tls"] == version.description)
            #expect(line["method"] == "GET")
            #expect(line["status"] == "200")
            #expect(line["bytes_out"] == "2")
            #expect(line["resumed"] == "0" || line["resumed"] == "false")
            #expect(line["refusal"] == nil)
            let wanted: Set = [
                "time", "request_id", "peer", "kind", "structure", "client", "serial", "thumbprint", "tls", "cipher",
                "resumed", "method", "path", "status", "bytes_in", "bytes_out", "handshake_ms", "upstream_ms",
                "total_ms", "upstream",
            ]
            #expect(line.names.isSuperset(of: wanted), "missing: \(wanted.subtracting(line.names))")
            let admitted = try gateway.auditLine { $0["event"] == "admitted" }
            #expect(admitted["subject"]?.hasPrefix("CN=POTERNE-DEMO,") == true)
            #expect(admitted["serial"] == line["serial"])
            for log in ["access.log", "audit.log", "operator.log"] {
                #expect(!gateway.folder.text(log).contains("secret"), "\(log)")
                #expect(!gateway.folder.text(log).contains("BEGIN"), "\(log)")
            }
        }

        @Test("an IGC-Santé of production serves callers of production")
        func production() throws {
            var setup = Setup(folder: "\(TestCertificates.folder)/prod")
            setup.environment = "production"
            let gateway = try Gateway(setup)
            #expect(try gateway.caller().exchange("GET", "/").status == 200)
        }

        @Test("what poterne testpki writes as configuration serves as it is, but for its ports")
        func servedConfiguration() throws {
            let folder = TestCertificates.folder
            let yaml = try String(contentsOfFile: "\(folder)/poterne.yaml", encoding: .utf8)
            #expect(yaml.contains("accept: [ORG AUTH_CLI]"))
            let result = try run(Product.path, ["check", "--config", "\(folder)/poterne.yaml"])
            #expect(result.exitCode == 0, "\(result.text)\(result.errors)")
        }
    }
}
