import Foundation
import TLS
import Testing

extension Integration {
    @Suite("Resumed sessions")
    struct ResumptionTests {
        @Test(
            "a caller's session is resumed, and its request is told with the same identity",
            arguments: TLSVersion.allCases)
        func resumed(_ version: TLSVersion) throws {
            let upstream = try Upstream()
            let gateway = try Gateway(Setup(upstream: upstream.port))
            let first = try gateway.caller(over: version)
            #expect(first.facts?.isResumed == false)
            #expect(try first.exchange("GET", "/first").status == 200)
            let session = try #require(first.session)
            let second = try gateway.caller(over: version, resuming: session)
            #expect(second.facts?.isResumed == true)
            #expect(try second.exchange("GET", "/second").status == 200)
            let identities = upstream.requests.map { $0.fields.filter { $0.name.hasPrefix("X-IGC-Sante-") } }
            #expect(identities.count == 2)
            #expect(identities[0] == identities[1] && !identities[0].isEmpty)
            let line = try gateway.accessLine { $0["path"] == "/second" }
            #expect(line["resumed"] == "1" || line["resumed"] == "true")
            #expect(line["client"] == "POTERNE-DEMO")
        }

        @Test("a session is worthless at a gateway with another keyring")
        func otherGateway() throws {
            let (one, two) = (try Gateway(Setup()), try Gateway(Setup()))
            let first = try one.caller()
            #expect(try first.exchange("GET", "/").status == 200)
            let second = try two.caller(resuming: first.session)
            #expect(second.facts?.isResumed == false)
            #expect(try second.exchange("GET", "/").status == 200)
        }

        @Test("a session is worthless at another listener", arguments: TLSVersion.allCases)
        func otherListener(_ version: TLSVersion) throws {
            var setup = Setup()
            setup.listeners = ["api", "other"]
            let gateway = try Gateway(setup)
            let first = try gateway.caller(over: version)
            #expect(try first.exchange("GET", "/").status == 200)
            let identity = try TLSIdentity(files: "\(TestCertificates.folder)/callers/org-auth-cli")
            let second = try Caller(
                port: gateway.port(of: "other"), as: identity, over: version, resuming: first.session)
            #expect(second.facts?.isResumed == false)
            #expect(try second.exchange("GET", "/").status == 200)
        }

        @Test("a session is its first owner's, whatever certificate lies beside it", arguments: TLSVersion.allCases)
        func otherCaller(_ version: TLSVersion) throws {
            let upstream = try Upstream()
            let gateway = try Gateway(Setup(upstream: upstream.port))
            let first = try gateway.caller(over: version)
            #expect(try first.exchange("GET", "/").status == 200)
            let second = try gateway.caller("callers/revoked-by-delta", over: version, resuming: first.session)
            #expect(second.facts?.isResumed == true)
            #expect(try second.exchange("GET", "/").status == 200)
            #expect(Set(upstream.requests.map { $0.fields["X-IGC-Sante-Serial"] }).count == 1)
        }

        @Test(
            "a stranger that offers somebody's session, which anybody can see, gets nothing of it",
            arguments: ["optional", "on_refusal: http"], [0, 2048])
        func somebodysSession(_ leniency: String, inMemory: Int) throws {
            let upstream = try Upstream()
            var setup = Setup(upstream: upstream.port)
            setup.tls = ["session_tickets: {in_memory: \(inMemory)}"]
            if leniency == "optional" { setup.mode = leniency } else { setup.clientCertificate = [leniency] }
            let gateway = try Gateway(setup)
            let victim = try gateway.caller()
            #expect(try victim.exchange("GET", "/").status == 200)
            // Suites with another hash: the session is found, cannot be resumed, and no secret of it is ever asked for.
            func stranger(_ session: TLSSession?) throws -> Caller {
                try Caller(port: gateway.port, as: nil, resuming: session, suites: ["TLS_AES_128_GCM_SHA256"])
            }
            let first = try stranger(victim.session)
            #expect(first.facts?.isResumed == false)
            _ = try first.exchange("GET", "/")
            let second = try stranger(first.session)
            _ = try second.exchange("GET", "/")
            let told = upstream.requests.filter { $0.fields.contains { $0.name.hasPrefix("X-IGC-Sante-") } }
            #expect(told.count == 1, "the victim's request, and no other")
        }

        @Test(
            "several gateways resume each other's sessions where they share keys_file", arguments: TLSVersion.allCases)
        func sharedKeys(_ version: TLSVersion) throws {
            let folder = try TestFolder()
            let keys = try folder.write((0..<80).map { _ in UInt8.random(in: 0...255) }, to: "ticket-keys")
            var setup = Setup()
            setup.tls = ["session_tickets: {keys_file: \(keys)}"]
            let (one, two) = (try Gateway(setup), try Gateway(setup))
            let first = try one.caller(over: version)
            #expect(try first.exchange("GET", "/").status == 200)
            let second = try two.caller(over: version, resuming: first.session)
            #expect(second.facts?.isResumed == true)
            #expect(try second.exchange("GET", "/").status == 200)
        }

        @Test("no session is resumed where tickets are off", arguments: TLSVersion.allCases)
        func off(_ version: TLSVersion) throws {
            var setup = Setup()
            setup.tls = ["session_tickets: {enabled: false}"]
            let gateway = try Gateway(setup)
            let first = try gateway.caller(over: version)
            #expect(try first.exchange("GET", "/").status == 200)
            let second = try gateway.caller(over: version, resuming: first.session)
            #expect(second.facts?.isResumed == false)
            #expect(try second.exchange("GET", "/").status == 200)
        }

        @Test("by openssl s_client", arguments: ["-tls1_2", "-tls1_3"])
        func openssl(_ version: String) throws {
            let gateway = try Gateway(Setup())
            let folder = try TestFolder()
            let first = try SClient(gateway, version: version, ["-sess_out", folder["session"]])
            #expect(first.status == 200)
            let second = try SClient(gateway, version: version, ["-sess_in", folder["session"]])
            #expect(second.isResumed, "\(second.output)")
            #expect(second.status == 200)
        }
    }
}
