public import DER

/// The values of a certificate's extensions; nil, or empty, when it does not have them.
extension Certificate {
    /// Whether it is a CA's.
    public var basicConstraints: BasicConstraints? { standard.basicConstraints }
    /// What its key may be used for.
    public var keyUsage: KeyUsage? { standard.keyUsage }
    /// The purposes its key is limited to.
    public var extendedKeyUsage: [ObjectIdentifier]? { standard.extendedKeyUsage }
    /// The policies it was issued under, each once.
    public var policies: [PolicyInformation]? { standard.policies }
    /// The policies its issuer holds for equivalent.
    public var policyMappings: [PolicyMapping] { standard.policyMappings }
    /// Demands on policies below it.
    public var policyConstraints: PolicyConstraints? { standard.policyConstraints }
    /// After how many more certificates anyPolicy stands for nothing.
    public var inhibitAnyPolicy: Int? { standard.inhibitAnyPolicy }
    /// Where names below it must lie.
    public var nameConstraints: NameConstraints? { standard.nameConstraints }
    /// The identifier of its key.
    public var subjectKeyIdentifier: [UInt8]? { standard.subjectKeyIdentifier }
    /// The identifier of its issuer's key.
    public var authorityKeyIdentifier: AuthorityKeyIdentifier? { standard.authorityKeyIdentifier }
    /// Other names of its subject.
    public var subjectAlternativeNames: [GeneralName]? { standard.subjectAlternativeNames }
    /// Other names of its issuer.
    public var issuerAlternativeNames: [GeneralName] { standard.issuerAlternativeNames }
    /// Where CRLs that speak of it are.
    public var distributionPoints: [DistributionPoint] { standard.distributionPoints }
    /// Where delta CRLs that speak of it are.
    public var freshestDistributionPoints: [DistributionPoint] { standard.freshestDistributionPoints }
    /// Where its issuer's certificate and OCSP responder are.
    public var authorityInformationAccess: [AccessDescription] { standard.authorityInformationAccess }

    /// The URIs of its CRL distribution points.
    ///
    /// Whoever made the certificate chose them: they are for people to read, never for a program to fetch.
    public var crlURIs: [String] { distributionPoints.flatMap(\.uris) }

    /// The URIs of its delta CRL distribution points; as untrusted as `crlURIs`.
    public var freshestCRLURIs: [String] { freshestDistributionPoints.flatMap(\.uris) }

    /// The URIs it gives for its issuer's OCSP responder or certificate; as untrusted as `crlURIs`.
    public func informationURIs(_ method: ObjectIdentifier) -> [String] {
        authorityInformationAccess.filter { $0.method == method }.compactMap(\.location.uri)
    }

    /// The critical extensions whose demands nobody here meets: RFC 5280 §4.2 says to refuse a path that has one.
    public var unhandledCriticalExtensions: [ObjectIdentifier] { standard.unhandledCritical }
}
