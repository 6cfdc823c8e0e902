public import X509

/// A CA whose CRLs are wanted, and where they come from.
public struct RevocationAuthority: Sendable {
    /// Its certificate: the key that its CRLs are verified with.
    public var certificate: Certificate
    /// Sources of its base, tried in order.
    public var base: [RevocationSource]
    /// Sources of its delta, tried in order.
    public var delta: [RevocationSource]

    /// Names a CA; without sources, its CRLs come from files alone.
    public init(certificate: Certificate, base: [RevocationSource] = [], delta: [RevocationSource] = []) {
        self.certificate = certificate
        self.base = base
        self.delta = delta
    }
}

/// Whose CRLs are kept, where they come from, and how long they are good.
public struct RevocationSettings: Sendable {
    /// The CAs.
    ///
    /// A CRL of any other is refused.
    public var authorities: [RevocationAuthority]
    /// Files and folders with CRLs of any of them.
    public var files: [String] = []
    /// Seconds between two fetches of one CRL that nothing hurries.
    public var refreshSeconds: Int64 = 3600
    /// What to do with a CRL past its nextUpdate.
    public var staleness: StalenessPolicy = .refuse
    /// The URL of a proxy for `http:` and `https:` sources; the environment is not consulted.
    public var httpProxy: String?
    /// Seconds that one fetch may take, connecting included.
    public var timeoutSeconds: Int64 = 20
    /// Bytes of one CRL.
    public var maximumSize: Int = RevocationLimits.revocationListSize
    /// Where the last good CRLs are kept; nil to keep none.
    public var stateDirectory: String?
    /// Whether CRLs that are taken are written there; a command that only looks does not.
    public var writesState = true

    /// The settings of some CAs, all else at its default.
    public init(authorities: [RevocationAuthority]) {
        self.authorities = authorities
    }
}
