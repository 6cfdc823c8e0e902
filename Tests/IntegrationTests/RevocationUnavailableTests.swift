import TLS
import TestPKI
import Testing

extension Integration {
    @Suite("Revocation that cannot be told")
    struct RevocationUnavailableTests {
        /// One gateway, one caller over both versions: refused by `internal_error`, which blames nobody.
        private func expectRefusal(_ reason: String, _ setup: Setup, as caller: String) throws {
            let gateway = try Gateway(setup)
            for version in ["-tls1_2", "-tls1_3"] {
                let client = try SClient(gateway, as: caller, version: version)
                #expect(client.alert == Int(TLSAlert.internalError.rawValue), "\(version): \(client.errors)")
                #expect(client.status == nil)
            }
            let lines = try eventually("two refusals") { gateway.auditLog.count == 2 ? gateway.auditLog : nil }
            for line in lines {
                #expect(line["event"] == "handshake_refused")
                #expect(line["reason"] == reason)
            }
        }

        @Test("without a CRL of the issuer: revocation_unavailable")
        func noList() throws {
            var setup = Setup()
            setup.revocationLists = ["crl/root.crl"]
            try expectRefusal("revocation_unavailable", setup, as: "callers/org-auth-cli")
        }

        @Test("without a CRL of the root: revocation_unavailable, for the path is checked")
        func noListOfRoot() throws {
            var setup = Setup()
            setup.revocationLists = ["crl/organisations.crl"]
            try expectRefusal("revocation_unavailable", setup, as: "callers/org-auth-cli")
        }

        @Test("a CRL past its nextUpdate: crl_stale")
        func staleList() throws {
            let authority = try OwnAuthority()
            try authority.issueCaller("demo")
            var list = authority.template()
            list.thisUpdate = authority.ago(86_400 * 7)
            list.nextUpdate = authority.ago(60)
            try authority.publish(list)
            try expectRefusal("crl_stale", authority.setup(), as: "callers/demo")
        }

        @Test("a CRL past its nextUpdate is believed within grace, and no longer")
        func staleListWithinGrace() throws {
            let authority = try OwnAuthority()
            try authority.issueCaller("demo")
            let revoked = try authority.issueCaller("revoked")
            try authority.revoke(revoked)
            var list = authority.template()
            list.thisUpdate = authority.ago(86_400 * 7)
            list.nextUpdate = authority.ago(600)
            try authority.publish(list)
            var setup = authority.setup()
            setup.revocation = ["stale: grace", "grace: 4h"]
            let gateway = try Gateway(setup)
            for version in TLSVersion.allCases {
                #expect(gateway.refusal(of: "callers/demo", over: version) == nil)
                let error = gateway.refusal(of: "callers/revoked", over: version)
                #expect(error == .alertReceived(.certificateRevoked))
            }
            setup.revocation = ["stale: grace", "grace: 5m"]
            try expectRefusal("crl_stale", setup, as: "callers/demo")
        }

        @Test("a CRL whose signature is not the issuer's is no CRL: revocation_unavailable")
        func forgedList() throws {
            let authority = try OwnAuthority()
            try authority.issueCaller("demo")
            var list = authority.template()
            list.hasBrokenSignature = true
            try authority.publish(list)
            try expectRefusal("revocation_unavailable", authority.setup(), as: "callers/demo")
        }

        @Test("a CRL of a CA of the same name with another key is no CRL: revocation_unavailable")
        func listOfNamesake() throws {
            let authority = try OwnAuthority()
            try authority.issueCaller("demo")
            let namesake = try OwnAuthority()
            try authority.write(
                namesake.hierarchy.organisations.revocationList(namesake.template()), to: "crl/organisations.crl")
            try expectRefusal("revocation_unavailable", authority.setup(), as: "callers/demo")
        }

        @Test("half a CRL, or a page in its place, is no CRL", arguments: [true, false])
        func rubbish(_ half: Bool) throws {
            let authority = try OwnAuthority()
            try authority.issueCaller("demo")
            let list = try contents(of: "\(authority.path)/crl/organisations.crl")
            try authority.write(
                half ? Array(list.prefix(list.count / 2)) : Array("<html>502 Bad Gateway</html>".utf8),
                to: "crl/organisations.crl")
            try expectRefusal("revocation_unavailable", authority.setup(), as: "callers/demo")
        }

        @Test("a CRL that ends while the gateway runs refuses from then on, or is believed within grace")
        func endsWhileRunning() throws {
            let authority = try OwnAuthority()
            try authority.issueCaller("demo")
            let strict = try Gateway(authority.setup())
            var setup = authority.setup()
            setup.revocation = ["stale: grace", "grace: 1h"]
            let lenient = try Gateway(setup)
            var list = authority.template()
            list.number = 2
            list.thisUpdate = authority.ago(60)
            list.nextUpdate = authority.ahead(5)
            try authority.publish(list)
            for gateway in [strict, lenient] { try gateway.awaitList(2) }
            var sessions: [(TLSVersion, TLSSession?)] = []
            for version in TLSVersion.allCases {
                let first = try strict.caller("callers/demo", over: version)
                #expect(try first.exchange("GET", "/").status == 200)
                sessions.append((version, first.session))
                #expect(lenient.refusal(of: "callers/demo", over: version) == nil)
            }
            try eventually("callers are refused") {
                strict.refusal(of: "callers/demo", over: .tls13) == .alertReceived(.internalError)
            }
            for (version, session) in sessions {
                for session in [nil, session] {
                    let error = strict.refusal(of: "callers/demo", over: version, resuming: session)
                    #expect(error == .alertReceived(.internalError))
                }
                #expect(lenient.refusal(of: "callers/demo", over: version) == nil)
            }
            _ = try strict.auditLine { $0["reason"] == "crl_stale" }
        }
    }
}
