public import Crypto
public import DER

/// The CAs of one environment.
public struct Hierarchy: Sendable {
    /// Which environment.
    public let environment: TestPKI.Environment
    /// The root of the range ELEMENTAIRE.
    public let root: CertificateAuthority
    /// The CA that issues for organisations and servers.
    public let organisations: CertificateAuthority
    /// The CA that issues software certificates for professionals.
    public let personnes: CertificateAuthority

    /// Makes the three CAs of the range ELEMENTAIRE.
    /// - Parameters:
    ///   - environment: decides the names.
    ///   - now: they have been valid for ten years then and will be for another ten.
    ///   - keys: a key for each, the root's first; P-256 keys make a hierarchy in no time.
    /// - Throws: what OpenSSL says.
    public init(
        environment: TestPKI.Environment, now: Timestamp,
        keys: (root: PrivateKey, organisations: PrivateKey, personnes: PrivateKey)
    ) throws(CryptoError) {
        self.environment = environment
        root = try Self.root(.elementaire, environment, now: now, key: keys.root)
        organisations = try Self.intermediate(
            .elementaire, .organisations, environment, below: root, now: now, key: keys.organisations)
        personnes = try Self.intermediate(
            .elementaire, .personnes, environment, below: root, now: now, key: keys.personnes)
    }

    static func root(
        _ range: TestPKI.Range, _ environment: TestPKI.Environment, now: Timestamp, key: PrivateKey
    ) throws(CryptoError) -> CertificateAuthority {
        let identity = AuthorityIdentity(environment: environment, range: range, domain: nil)
        return try CertificateAuthority(
            root: AuthorityTemplate(
                name: identity.name, notBefore: now.adding(years: -10).midnight,
                notAfter: now.adding(years: 10).midnight, publication: identity.publication),
            key: key)
    }

    static func intermediate(
        _ range: TestPKI.Range, _ domain: TestPKI.Domain, _ environment: TestPKI.Environment, suffix: String = "",
        below root: CertificateAuthority, now: Timestamp, key: PrivateKey
    ) throws(CryptoError) -> CertificateAuthority {
        let identity = AuthorityIdentity(environment: environment, range: range, domain: domain, suffix: suffix)
        // One day less than the root, as the real ones.
        return try root.subordinate(
            AuthorityTemplate(
                name: identity.name, notBefore: now.adding(years: -10).midnight,
                notAfter: now.adding(years: 10).midnight.adding(days: -1), pathLength: 0,
                publication: identity.publication),
            key: key)
    }
}
