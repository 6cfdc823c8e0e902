public import X509

/// A CA of IGC-Santé, with what identifies it beyond doubt and where the ANS publishes what belongs to it.
///
/// The values are those of the certificates that the ANS published; every CA dates from 2013 and ends in 2033. URLs are
/// fixed here, and never taken from a certificate that a peer sent. Those of CAs of which no issued certificate is known
/// follow the rule of the others.
public struct OfficialAuthority: Hashable, Sendable {
    /// Where the CA stands.
    public enum Role: String, Sendable {
        /// A root (*AC racine*, ACR).
        case root
        /// An intermediate (*AC intermédiaire*, ACI), which issues to holders.
        case intermediate
    }

    /// The name in the ANS's file names, such as `ACI-EL-ORG`.
    public let fileName: String
    /// The CN of its name.
    public let commonName: String
    /// Where it stands.
    public let role: Role
    /// Its hierarchy.
    public let environment: Environment
    /// Its range.
    public let range: CertificateRange
    /// To whom it issues; nil for a root.
    public let domain: CertificateDomain?
    /// The SHA-256 of its certificate.
    public let sha256: [UInt8]
    /// The SHA-1 of its certificate, as older documents of the ANS give it.
    public let sha1: [UInt8]
    /// The identifier of its key.
    public let subjectKeyIdentifier: [UInt8]

    /// The official CA with this name and this key identifier; nil when there is none.
    ///
    /// Both are only claims of whoever made the certificate: this names a CA, and does not prove that it is the one.
    public static func matching(name: DistinguishedName, keyIdentifier: [UInt8]?) -> OfficialAuthority? {
        all.first {
            $0.subjectKeyIdentifier == keyIdentifier && name.values(of: .commonName) == [$0.commonName]
                && name.values(of: .organizationName) == ["ASIP-SANTE"]
        }
    }

    /// The official CA whose certificate has this SHA-256; nil when there is none.
    public static func matching(sha256: [UInt8]) -> OfficialAuthority? {
        all.first { $0.sha256 == sha256 }
    }

    /// The root of its range and environment: itself when it is one.
    public var root: OfficialAuthority? {
        OfficialAuthority.all.first { $0.role == .root && $0.range == range && $0.environment == environment }
    }
}
