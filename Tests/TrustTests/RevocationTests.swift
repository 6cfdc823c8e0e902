import Crypto
import DER
import Revocation
import TestPKI
import Testing
import Trust
import X509

@Suite("Revocation of the path")
struct PathRevocationTests {
    let root: TestAuthority
    let issuer: TestAuthority
    let leaf: Certificate

    init() throws {
        root = try TestAuthority.root()
        issuer = try root.below("Organisations")
        leaf = try issuer.leaf()
    }

    private func trust(_ check: RevocationCheck = .path) throws -> TrustSnapshot {
        try generic(anchors: [root], issuers: [issuer]) { $0.revocation = check }
    }

    @Test("Without CRLs nobody passes, and it is nobody's fault")
    func unavailable() throws {
        #expect(outcome(of: leaf, under: try trust()) == "revocation_unavailable")
        let refusal = Refusal.revocationUnavailable(.leaf)
        #expect(!refusal.isCallersFault && refusal.status == 503 && refusal.alert == .internalError)
    }

    @Test("Each CA of the path needs its CRL")
    func everyLevel() throws {
        let half = revocation(of: [root, issuer], lists: [try issuer.crl()])
        #expect(outcome(of: leaf, under: try trust(), revocation: half) == "revocation_unavailable")
        #expect(outcome(of: leaf, under: try trust(.leaf), revocation: half) == "admitted")
        let whole = revocation(of: [root, issuer], lists: [try root.crl(), try issuer.crl()])
        #expect(outcome(of: leaf, under: try trust(), revocation: whole) == "admitted")
        #expect(outcome(of: leaf, under: try trust(.off), revocation: .empty) == "admitted")
    }

    @Test("A revoked leaf and a revoked issuer are told apart")
    func revoked() throws {
        let one = revocation(of: [root, issuer], lists: [try root.crl(), try issuer.crl(revoking: [leaf])])
        #expect(outcome(of: leaf, under: try trust(), revocation: one) == "certificate_revoked")
        let both = revocation(
            of: [root, issuer], lists: [try root.crl(revoking: [issuer.certificate]), try issuer.crl()])
        #expect(outcome(of: leaf, under: try trust(), revocation: both) == "issuer_revoked")
        #expect(outcome(of: leaf, under: try trust(.leaf), revocation: both) == "admitted")
    }

    @Test("A CRL past its nextUpdate is stale, unless grace is given")
    func stale() throws {
        let lists = [try root.crl(), try issuer.crl(expired: true)]
        let strict = revocation(of: [root, issuer], lists: lists)
        #expect(outcome(of: leaf, under: try trust(), revocation: strict) == "crl_stale")
        let lenient = revocation(of: [root, issuer], lists: lists, staleness: .grace(seconds: 4 * 3_600))
        #expect(outcome(of: leaf, under: try trust(), revocation: lenient) == "admitted")
        let late = noon.adding(seconds: 3_500)
        let short = revocation(of: [root, issuer], lists: lists, staleness: .grace(seconds: 3_700))
        #expect(outcome(of: leaf, under: try trust(), revocation: short, at: late) == "crl_stale")
    }

    @Test("A revoked cross-certificate does not hide an unrevoked way to another anchor")
    func otherWay() throws {
        let key = try PrivateKey.generate(.p256)
        let second = try TestAuthority.root("Seconde")
        let one = try root.below("Partagee", key: key)
        let two = try second.below("Partagee", key: key)
        let leaf = try one.leaf()
        let trust = try generic(anchors: [root, second], intermediates: [one, two]) { $0.revocation = .path }
        let snapshot = revocation(
            of: [root, second, one],
            lists: [try root.crl(revoking: [one.certificate]), try second.crl(), try one.crl()])
        #expect(outcome(of: leaf, under: trust, revocation: snapshot) == "admitted")
        let none = revocation(
            of: [root, second, one],
            lists: [
                try root.crl(revoking: [one.certificate]), try second.crl(revoking: [two.certificate]), try one.crl(),
            ])
        #expect(outcome(of: leaf, under: trust, revocation: none) == "issuer_revoked")
    }

    @Test("A CA's new key may sign the CRLs of what its old key issued, once a path leads to it")
    func otherKey() throws {
        let renewed = try root.below("Organisations")
        let trust = try generic(anchors: [root], issuers: [issuer], intermediates: [renewed]) { $0.revocation = .path }
        let snapshot = revocation(
            of: [root, issuer, renewed], lists: [try root.crl(), try renewed.crl(revoking: [leaf])])
        #expect(outcome(of: leaf, under: trust, revocation: snapshot) == "certificate_revoked")
        let good = revocation(of: [root, issuer, renewed], lists: [try root.crl(), try renewed.crl()])
        #expect(outcome(of: leaf, under: trust, revocation: good) == "admitted")
        // The same name below another root vouches for nothing.
        let stranger = try TestAuthority.root("Autre").below("Organisations")
        let forged = revocation(of: [root, issuer, stranger], lists: [try root.crl(), try stranger.crl()])
        #expect(
            outcome(of: leaf, with: [stranger], under: try self.trust(), revocation: forged)
                == "revocation_unavailable")
    }
}
