import DER
import Testing
import X509

@testable import Revocation

@Suite(
    "CRLs of an LDAP directory", .timeLimit(.minutes(1)),
    .enabled(if: DirectoryServer.isPresent, "slapd is not installed"))
struct DirectoryTests {
    @Test("base and delta come from their attributes, and an entry without CRL is told")
    func directory() throws {
        let authority = try TestAuthority()
        let now = Timestamp.now().seconds(since: noon)
        let base = try RevocationListDraft(7, [.init([1])]).valid(from: now - 60, to: now + 9000).signed(by: authority)
        let delta = try RevocationListDraft(8, base: 7, [.init([2])])
            .valid(from: now - 60, to: now + 9000).signed(by: authority)
        let server = try DirectoryServer(attributes: [
            "certificateRevocationList;binary": base, "deltaRevocationList;binary": delta,
        ])
        defer { server.stop() }
        func source(_ entry: String, _ attribute: String) throws -> RevocationSource {
            try #require(
                RevocationSource("\(server.url)/\(entry)?\(attribute);binary?base?objectClass=*"))
        }
        var failures: [SourceError] = []
        let settings = RevocationSettings(authorities: [
            .init(
                certificate: authority.certificate,
                base: [
                    try source("c=FR", "certificaterevocationlist"),
                    try source("cn=AC%20ESSAI,c=FR", "certificaterevocationlist"),
                ],
                delta: [try source("cn=AC%20ESSAI,c=FR", "deltarevocationlist")])
        ])
        let outcome = RevocationThread.once(settings, fetching: true) { event in
            if case .fetchFailed(_, let error, _) = event { failures.append(error) }
        }
        #expect(failures == [.noRevocationList])
        #expect(outcome.report.lists.first?.base?.number == CRLNumber(7))
        #expect(outcome.report.lists.first?.delta?.number == CRLNumber(8))
        for (serial, isRevoked) in [([1], true), ([2], true), ([3], false)] as [([UInt8], Bool)] {
            let leaf = try authority.leaf(serial: serial)
            let status = outcome.snapshot.status(of: leaf, issuedBy: authority.certificate, at: .now())
            if case .revoked = status { #expect(isRevoked) } else { #expect(!isRevoked) }
        }
    }
}
