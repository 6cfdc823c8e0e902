import Crypto
import DER
import Revocation
import TestPKI
import Trust
import X509

/// A CA of the tests, and the trust in it.
struct TestAuthority {
    /// The moment at which everything made here is valid.
    static let noon = Timestamp(secondsSinceEpoch: 1_780_000_000)

    let authority: CertificateAuthority
    let certificate: Certificate

    init(_ name: String = "Racine des essais") throws {
        var template = AuthorityTemplate(
            name: NameTemplate(.france, .organization("Essai"), .commonName(name)),
            notBefore: Self.noon.adding(seconds: -86_400), notAfter: Self.noon.adding(seconds: 86_400 * 365))
        template.policies = []
        authority = try CertificateAuthority(root: template, key: PrivateKey.generate(.p256))
        certificate = try Certificate(der: authority.certificate)
    }

    /// A trust in this CA alone, of no IGC-Santé.
    func trust(revocation: RevocationCheck = .off) throws -> TrustSnapshot {
        try TrustSnapshot(
            TrustSettings(
                name: "essai", environment: .generic, anchors: [certificate], issuers: [certificate],
                revocation: revocation))
    }

    /// A caller with that name, verified.
    func caller(_ subject: NameTemplate) throws -> VerifiedPeer {
        var template = LeafTemplate(
            subject: subject, notBefore: Self.noon.adding(seconds: -3_600), notAfter: Self.noon.adding(seconds: 3_600))
        template.extendedKeyUsage = [.clientAuth]
        template.serial = [0x0A, 0xBC]
        let leaf = try Certificate(der: authority.issue(template, to: PrivateKey.generate(.p256)))
        return try PeerVerifier(trust: trust(), accepted: .any).verify(
            leaf: leaf, presented: [], revocation: .empty, now: Self.noon)
    }

    /// What is known of revocation when this CA has issued one CRL, that ends `seconds` after noon.
    func revocation(until seconds: Int64, staleness: StalenessPolicy = .refuse) throws -> RevocationSnapshot {
        var settings = RevocationSettings(authorities: [RevocationAuthority(certificate: certificate)])
        settings.staleness = staleness
        let keeper = RevocationKeeper(settings)
        let list = try authority.revocationList(
            number: 7, thisUpdate: Self.noon.adding(seconds: -7_200), nextUpdate: Self.noon.adding(seconds: seconds),
            revoked: [])
        _ = keeper.offer(list, at: Self.noon.adding(seconds: -7_000))
        return keeper.snapshot
    }
}
