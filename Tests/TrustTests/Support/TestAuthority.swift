import Crypto
import DER
import Revocation
import TestPKI
import Trust
import X509

/// The moment at which everything made here is valid.
let noon = Timestamp(secondsSinceEpoch: 1_780_000_000)

/// A CA of a test, on P-256 for speed, that issues CAs and leaves with any extension.
struct TestAuthority {
    let authority: CertificateAuthority
    let certificate: Certificate

    private init(_ authority: CertificateAuthority) throws {
        self.authority = authority
        certificate = try Certificate(der: authority.certificate)
    }

    static func template(_ name: String, _ change: (inout AuthorityTemplate) -> Void = { _ in }) -> AuthorityTemplate {
        var template = AuthorityTemplate(
            name: NameTemplate(.france, .organization("Essai"), .commonName(name)),
            notBefore: noon.adding(seconds: -86_400), notAfter: noon.adding(seconds: 86_400 * 365))
        template.policies = []
        change(&template)
        return template
    }

    static func root(
        _ name: String = "Racine", key: PrivateKey? = nil, _ change: (inout AuthorityTemplate) -> Void = { _ in }
    ) throws -> TestAuthority {
        try TestAuthority(
            CertificateAuthority(root: template(name, change), key: key ?? PrivateKey.generate(.p256)))
    }

    func below(
        _ name: String, key: PrivateKey? = nil, _ change: (inout AuthorityTemplate) -> Void = { _ in }
    ) throws -> TestAuthority {
        try TestAuthority(
            authority.subordinate(TestAuthority.template(name, change), key: key ?? PrivateKey.generate(.p256)))
    }

    func leaf(_ name: String = "appelant", _ change: (inout LeafTemplate) -> Void = { _ in }) throws -> Certificate {
        var template = LeafTemplate(
            subject: NameTemplate(.france, .organization("Essai"), .commonName(name)),
            notBefore: noon.adding(seconds: -3_600), notAfter: noon.adding(seconds: 3_600))
        template.extendedKeyUsage = [.clientAuth]
        change(&template)
        return try Certificate(der: authority.issue(template, to: TestKeys.leaf))
    }

    func crl(_ number: Int = 1, revoking certificates: [Certificate] = [], expired: Bool = false) throws -> [UInt8] {
        try authority.revocationList(
            number: number, thisUpdate: noon.adding(seconds: -7_200),
            nextUpdate: noon.adding(seconds: expired ? -3_600 : 86_400),
            revoked: certificates.map {
                RevocationListTemplate.Entry(serial: $0.serial.octets, date: noon.adding(seconds: -9_000))
            })
    }
}

/// Keys that many certificates share: making them is what costs.
enum TestKeys {
    static var leaf: PrivateKey {
        get throws { try made.get() }
    }

    private static let made = Result { try PrivateKey.generate(.p256) }
}

/// Settings of a trust in another PKI than IGC-Santé, without revocation.
func generic(
    anchors: [TestAuthority], issuers: [TestAuthority] = [], intermediates: [TestAuthority] = [],
    _ change: (inout TrustSettings) -> Void = { _ in }
) throws -> TrustSnapshot {
    var settings = TrustSettings(
        name: "essai", environment: .generic, anchors: anchors.map(\.certificate),
        issuers: issuers.map(\.certificate), intermediates: intermediates.map(\.certificate), revocation: .off)
    change(&settings)
    return try TrustSnapshot(settings)
}

/// `admitted`, or the code of the refusal.
func outcome(
    of leaf: Certificate, with presented: [TestAuthority] = [], under trust: TrustSnapshot,
    revocation: RevocationSnapshot = .empty, at now: Timestamp = noon
) -> String {
    do throws(Refusal) {
        _ = try PeerVerifier(trust: trust, accepted: .any).verify(
            leaf: leaf, presented: presented.map(\.certificate), revocation: revocation, now: now)
        return "admitted"
    } catch {
        return error.code
    }
}

/// What the CRLs of some CAs say.
func revocation(
    of authorities: [TestAuthority], lists: [[UInt8]], staleness: StalenessPolicy = .refuse
) -> RevocationSnapshot {
    var settings = RevocationSettings(
        authorities: authorities.map { RevocationAuthority(certificate: $0.certificate) })
    settings.staleness = staleness
    let keeper = RevocationKeeper(settings)
    for list in lists { _ = keeper.offer(list, at: noon) }
    return keeper.snapshot
}
