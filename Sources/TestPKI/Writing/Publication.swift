/// Where a CA says that its certificate, its CRLs and its OCSP responder are.
///
/// The hosts end in `.invalid` (RFC 2606), so that nothing made here can ever be fetched from anybody.
public struct Publication: Hashable, Sendable {
    /// The addresses of the full CRL: HTTP first, then LDAP.
    public var revocationLists: [String]
    /// The address of the delta CRL, by LDAP only.
    public var deltaRevocationLists: [String]
    /// The address of the CA's certificate.
    public var certificate: String
    /// The address of the OCSP responder.
    public var ocsp: String
    /// The address of the practice statement.
    public var statement: String

    /// Describes where things are.
    public init(
        revocationLists: [String], deltaRevocationLists: [String], certificate: String, ocsp: String, statement: String
    ) {
        self.revocationLists = revocationLists
        self.deltaRevocationLists = deltaRevocationLists
        self.certificate = certificate
        self.ocsp = ocsp
        self.statement = statement
    }
}
