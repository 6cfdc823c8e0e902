public import DER

/// Why bytes are not a certificate that Poterne reads; offsets are into the certificate's bytes.
public enum CertificateError: Error, Hashable, Sendable {
    /// The bytes are more than `Certificate.Limits.maxSize`.
    case tooLarge(count: Int)
    /// The bytes are not the DER that RFC 5280 §4.1 lays down.
    case encoding(DERError)
    /// A version that no RFC defines; the value is the one encoded, 2 for version 3.
    case unsupportedVersion(Int)
    /// A field that the certificate's version does not have.
    case fieldOutsideVersion(version: Int)
    /// The algorithm inside what is signed is not the one outside it (RFC 5280 §4.1.1.2).
    case signatureAlgorithmsDiffer
    /// An extension stands twice (RFC 5280 §4.2).
    case duplicateExtension(ObjectIdentifier)
    /// The value of an extension is not what its definition lays down.
    case invalidExtension(ObjectIdentifier, DERError)
}

extension CertificateError: CustomStringConvertible {
    /// A sentence for an operator.
    public var description: String {
        switch self {
        case .tooLarge(let count): "\(count) bytes are more than a certificate may have"
        case .encoding(let error): "not a certificate: \(error)"
        case .unsupportedVersion(let version): "certificate version \(version + 1) does not exist"
        case .fieldOutsideVersion(let version): "the certificate has a field that version \(version) does not have"
        case .signatureAlgorithmsDiffer: "the signature algorithm inside the certificate is not the one outside it"
        case .duplicateExtension(let identifier): "extension \(identifier) stands twice"
        case .invalidExtension(let identifier, let error): "extension \(identifier) is malformed: \(error)"
        }
    }
}
