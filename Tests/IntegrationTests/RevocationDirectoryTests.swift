import TLS
import TestPKI
import Testing

extension Integration {
    @Suite("CRLs of an LDAP directory", .enabled(if: Directory.isPresent, "slapd or ldapmodify is not installed"))
    struct RevocationDirectoryTests {
        private static let certificateHold = 6
        private static let removeFromCRL = 8

        private func setup(_ authority: OwnAuthority, _ directory: Directory) -> Setup {
            var setup = authority.setup()
            setup.revocationLists = ["crl/root.crl"]
            setup.revocation = [
                "sources:", "  - ca: \(authority.path)/trust/organisations.pem",
                "    base: [\"\(directory.url(of: "certificateRevocationList"))\"]",
                "    delta: [\"\(directory.url(of: "deltaRevocationList"))\"]",
            ]
            return setup
        }

        private func delta(
            _ authority: OwnAuthority, _ number: Int, base: Int = 2, _ entry: RevocationListTemplate.Entry
        ) throws -> [UInt8] {
            var delta = authority.template()
            delta.deltaBase = base
            delta.number = number
            delta.thisUpdate = authority.ago(1_000 - Int64(number))
            delta.revoked = [entry]
            return try authority.hierarchy.organisations.revocationList(delta)
        }

        @Test("base and delta are in force, and the directory's next ones after them")
        func baseAndDelta() throws {
            let authority = try OwnAuthority()
            let (revoked, held) = (try authority.issueCaller("revoked"), try authority.issueCaller("held"))
            try authority.issueCaller("good")
            try authority.revoke(revoked)
            let directory = try Directory(attributes: [
                "certificateRevocationList;binary": authority.hierarchy.organisations.revocationList(
                    authority.template()),
                "deltaRevocationList;binary": delta(
                    authority, 3, .init(serial: held.serial, date: authority.ago(60), reason: Self.certificateHold)),
            ])
            let gateway = try Gateway(setup(authority, directory))
            try gateway.awaitList(2)
            try eventually("the delta is in force") {
                gateway.refusal(of: "callers/held", over: .tls13) == .alertReceived(.certificateRevoked)
            }
            for version in TLSVersion.allCases {
                for (name, isRefused) in [("revoked", true), ("held", true), ("good", false)] {
                    let error = gateway.refusal(of: "callers/\(name)", over: version)
                    #expect(error == (isRefused ? .alertReceived(.certificateRevoked) : nil), "\(name)")
                }
            }
            let open = try TLSVersion.allCases.map { try gateway.caller("callers/good", over: $0) }
            for caller in open { #expect(try caller.exchange("GET", "/").status == 200) }

            try directory.replace(
                "deltaRevocationList",
                with: delta(
                    authority, 4, .init(serial: held.serial, date: authority.ago(50), reason: Self.removeFromCRL)))
            try gateway.reload()
            try gateway.awaitList(4, delta: true)
            for version in TLSVersion.allCases {
                try eventually("the caller is admitted again") {
                    gateway.refusal(of: "callers/held", over: version) == nil
                }
                #expect(gateway.refusal(of: "callers/revoked", over: version) == .alertReceived(.certificateRevoked))
            }
            for caller in open { #expect(try caller.exchange("GET", "/").status == 200) }
        }

        @Test("a delta ahead of its base has the base fetched as well")
        func deltaAhead() throws {
            let authority = try OwnAuthority()
            let revoked = try authority.issueCaller("revoked")
            let directory = try Directory(attributes: [
                "certificateRevocationList;binary": authority.hierarchy.organisations.revocationList(
                    authority.template())
            ])
            // The delta comes by a file, which is looked at each second, while the base is due in an hour.
            var setup = setup(authority, directory)
            let file = "\(authority.path)/crl/organisations-delta.crl"
            setup.revocation[setup.revocation.count - 1] = "    delta: [\"file:\(file)\"]"
            let gateway = try Gateway(setup)
            try gateway.awaitList(1)
            #expect(gateway.refusal(of: "callers/revoked", over: .tls13) == nil)
            try authority.revoke(revoked)
            try directory.replace(
                "certificateRevocationList",
                with: authority.hierarchy.organisations.revocationList(authority.template()))
            let entry = RevocationListTemplate.Entry(serial: [9], date: authority.ago(60))
            try authority.write(delta(authority, 3, entry), to: "crl/organisations-delta.crl")
            try gateway.awaitList(2)
            for version in TLSVersion.allCases {
                try eventually("the base is in force") {
                    gateway.refusal(of: "callers/revoked", over: version) == .alertReceived(.certificateRevoked)
                }
            }
        }
    }
}
