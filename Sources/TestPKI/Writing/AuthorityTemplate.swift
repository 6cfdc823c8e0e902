public import Crypto
public import DER

/// A CA certificate to be written, with every field open to be wrong.
public struct AuthorityTemplate: Sendable {
    /// The CA's name.
    public var name: NameTemplate
    /// The first second of its validity.
    public var notBefore: Timestamp
    /// The last second of its validity.
    public var notAfter: Timestamp
    /// How many CAs may stand below it.
    public var pathLength: Int?
    /// Whether basicConstraints says CA.
    public var isCA = true
    /// What its key may do.
    public var keyUsage: Set<KeyUsageBit> = [.certificateSigning, .crlSigning]
    /// Its policies.
    public var policies: [ObjectIdentifier] = [OID.anyPolicy]
    /// Where it publishes, which goes into the certificates it issues; none leaves those extensions out.
    public var publication: Publication?
    /// The content octets of its serial number; none draws one that begins with 1120, as the real ones do.
    public var serial: [UInt8]?
    /// What its certificate is signed with; none takes what suits the signing key.
    public var algorithm: SignatureAlgorithm?
    /// Extensions after the usual ones.
    public var additionalExtensions: [ExtensionTemplate] = []

    /// Describes a CA.
    public init(
        name: NameTemplate, notBefore: Timestamp, notAfter: Timestamp, pathLength: Int? = nil,
        publication: Publication? = nil
    ) {
        self.name = name
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.pathLength = pathLength
        self.publication = publication
    }

    /// The extensions in the order of the real CA certificates.
    func extensions(keyIdentifier: [UInt8], issuer: [UInt8], issuerPublication: Publication?) -> [ExtensionTemplate] {
        var extensions: [ExtensionTemplate] = [
            .basicConstraints(isCA: isCA, pathLength: pathLength, isCritical: true), .keyUsage(keyUsage),
        ]
        if !policies.isEmpty {
            extensions.append(.policies(policies, statement: (publication ?? issuerPublication)?.statement))
        }
        if let issuerPublication { extensions.append(.distributionPoints(issuerPublication.revocationLists)) }
        extensions += [.subjectKeyIdentifier(keyIdentifier), .authorityKeyIdentifier(issuer)]
        return extensions + additionalExtensions
    }
}
