import TLS
import Testing

extension Integration {
    @Suite("on_refusal: http")
    struct RefusalOverHTTPTests {
        private func setup(_ upstream: Upstream) -> Setup {
            var setup = Setup(upstream: upstream.port)
            setup.clientCertificate = ["on_refusal: http"]
            return setup
        }

        private func expect(_ answer: Message, _ status: Int, _ code: String) {
            #expect(answer.status == status)
            #expect(answer.fields["Content-Type"] == "application/problem+json")
            let problem = LogLine(answer.text)
            #expect(problem?["code"] == code)
            #expect(problem?["status"] == "\(status)")
            #expect(problem?["title"]?.isEmpty == false)
            #expect(problem?["type"]?.isEmpty == false)
        }

        @Test("a refused caller is told in a problem document, over both versions", arguments: TLSVersion.allCases)
        func refused(_ version: TLSVersion) throws {
            let upstream = try Upstream()
            let gateway = try Gateway(setup(upstream))
            for (name, status, code) in [
                ("wrong/revoked", 403, "certificate_revoked"), ("wrong/expired", 403, "certificate_expired"),
                ("callers/serv-ssl", 403, "kind_not_accepted"), ("wrong/self-signed", 403, "unknown_issuer"),
            ] {
                let caller = try gateway.caller(name, over: version)
                expect(try caller.exchange("GET", "/"), status, code)
                // The connection may be asked again, and is refused again.
                expect(try caller.exchange("GET", "/again"), status, code)
                _ = try gateway.auditLine { $0["event"] == "request_refused" && $0["reason"] == code }
                let line = try gateway.accessLine { $0["refusal"] == code }
                #expect(line["status"] == "\(status)")
            }
            #expect(upstream.visits.isEmpty)
        }

        @Test("without a certificate the answer is 401", arguments: TLSVersion.allCases)
        func missing(_ version: TLSVersion) throws {
            let upstream = try Upstream()
            let gateway = try Gateway(setup(upstream))
            expect(try gateway.caller(nil, over: version).exchange("GET", "/"), 401, "certificate_missing")
            #expect(upstream.visits.isEmpty)
        }

        @Test("what is the gateway's own fault is 503", arguments: TLSVersion.allCases)
        func unavailable(_ version: TLSVersion) throws {
            let upstream = try Upstream()
            var setup = setup(upstream)
            setup.revocationLists = ["crl/root.crl"]
            let gateway = try Gateway(setup)
            expect(try gateway.caller(over: version).exchange("GET", "/"), 503, "revocation_unavailable")
            #expect(upstream.visits.isEmpty)
        }

        @Test("a good caller passes", arguments: TLSVersion.allCases)
        func admitted(_ version: TLSVersion) throws {
            let upstream = try Upstream()
            let gateway = try Gateway(setup(upstream))
            #expect(try gateway.caller(over: version).exchange("GET", "/").text == "ok")
        }

        @Test("a refused caller that resumes its session is refused again", arguments: TLSVersion.allCases)
        func resumed(_ version: TLSVersion) throws {
            let upstream = try Upstream()
            let gateway = try Gateway(setup(upstream))
            let first = try gateway.caller("wrong/revoked", over: version)
            expect(try first.exchange("GET", "/"), 403, "certificate_revoked")
            let session = first.session
            let second = try gateway.caller("wrong/revoked", over: version, resuming: session)
            expect(try second.exchange("GET", "/"), 403, "certificate_revoked")
            // Nor does a ticket stand in for a certificate.
            let third = try gateway.caller(nil, over: version, resuming: session)
            let answer = try third.exchange("GET", "/")
            #expect(answer.status == 401 || answer.status == 403)
            #expect(upstream.visits.isEmpty)
        }
    }
}
