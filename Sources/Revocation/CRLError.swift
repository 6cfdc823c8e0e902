public import DER

/// Why bytes are not a CRL that may be relied on.
public enum CRLError: Error, Hashable, Sendable {
    /// There are no bytes.
    case empty
    /// More bytes than the limit.
    case tooLarge(limit: Int)
    /// A page of HTML: a captive portal, a proxy's or a server's error page.
    case html
    /// Neither DER nor PEM.
    case notARevocationList
    /// The outermost element says it is longer than what there is: half a download.
    case truncated(expected: Int, found: Int)
    /// Armour without a CRL in it, or with a damaged one.
    case malformedPEM
    /// More CRLs in one file than the limit.
    case tooManyLists(limit: Int)
    /// Not the DER that RFC 5280 §5.1 calls for.
    case malformed(DERError)
    /// Another version than 2: without extensions there is no cRLNumber to go by.
    case unsupportedVersion
    /// The algorithm under the signature is not the one that was signed (§5.1.1.2).
    case signatureAlgorithmsDiffer
    /// nextUpdate is missing (§5.1.2.5): it could never be told to be stale.
    case nextUpdateMissing
    /// nextUpdate is before thisUpdate.
    case nextUpdateBeforeThisUpdate
    /// cRLNumber is missing (§5.2.3): an older CRL could not be told from a newer one.
    case numberMissing
    /// A cRLNumber or BaseCRLNumber that is negative or longer than 20 octets.
    case numberOutOfRange
    /// cRLNumber is marked critical, which §5.2.3 forbids.
    case criticalNumber
    /// An extension appears twice.
    case duplicateExtension(ObjectIdentifier)
    /// More extensions than the limit.
    case tooManyExtensions(limit: Int)
    /// A critical extension that this reader does not know.
    case unknownCriticalExtension(ObjectIdentifier)
    /// A critical extension of an entry that this reader does not know.
    case unknownCriticalEntryExtension(ObjectIdentifier)
    /// An indirect CRL: it speaks of certificates of other CAs (§5.2.5, §5.3.3).
    case indirect
    /// A CRL of attribute certificates.
    case onlyAttributeCertificates
    /// An issuingDistributionPoint that says both user and CA certificates only, or nothing at all (§5.2.5).
    case contradictoryScope
    /// A serial number of more octets than the limit.
    case serialTooLong(limit: Int)
    /// A reasonCode that §5.3.1 does not have.
    case unknownReason

    /// The issuer's name is not the CA's subject, as encoded.
    case issuerMismatch
    /// The authorityKeyIdentifier is not the CA's subjectKeyIdentifier.
    case keyIdentifierMismatch
    /// The CA's keyUsage does not allow it to sign CRLs.
    case issuerMayNotSignLists
    /// The signature algorithm is unknown.
    case unsupportedSignatureAlgorithm
    /// The signature rests on a broken digest.
    case brokenSignatureAlgorithm
    /// The signature is not one of the CA's key.
    case invalidSignature
}

extension CRLError: CustomStringConvertible {
    /// A sentence for an operator.
    public var description: String {
        switch self {
        case .empty: "it is empty"
        case .tooLarge(let limit): "it is larger than \(limit) bytes"
        case .html: "it is an HTML page, not a CRL"
        case .notARevocationList: "it is neither a DER nor a PEM CRL"
        case .truncated(let expected, let found): "it is cut short: \(found) bytes of \(expected)"
        case .malformedPEM: "no CRL can be read from its PEM"
        case .tooManyLists(let limit): "it holds more than \(limit) CRLs"
        case .malformed(let error): "it is malformed: \(error)"
        case .unsupportedVersion: "it is not a version 2 CRL"
        case .signatureAlgorithmsDiffer: "the signature's algorithm is not the one that was signed"
        case .nextUpdateMissing: "it has no nextUpdate"
        case .nextUpdateBeforeThisUpdate: "its nextUpdate is before its thisUpdate"
        case .numberMissing: "it has no cRLNumber"
        case .numberOutOfRange: "its number is negative or longer than \(RevocationLimits.numberOctets) octets"
        case .criticalNumber: "its cRLNumber is marked critical"
        case .duplicateExtension(let identifier): "the extension \(identifier) appears twice"
        case .tooManyExtensions(let limit): "it has more than \(limit) extensions"
        case .unknownCriticalExtension(let identifier): "the critical extension \(identifier) is unknown"
        case .unknownCriticalEntryExtension(let identifier): "the critical entry extension \(identifier) is unknown"
        case .indirect: "it is an indirect CRL"
        case .onlyAttributeCertificates: "it is a CRL of attribute certificates"
        case .contradictoryScope: "its issuingDistributionPoint contradicts itself"
        case .serialTooLong(let limit): "a serial number is longer than \(limit) octets"
        case .unknownReason: "an entry has an unknown reasonCode"
        case .issuerMismatch: "it is not of this CA: the issuer's name differs"
        case .keyIdentifierMismatch: "it is not of this CA's key: the key identifier differs"
        case .issuerMayNotSignLists: "the CA's keyUsage does not allow it to sign CRLs"
        case .unsupportedSignatureAlgorithm: "its signature algorithm is unsupported"
        case .brokenSignatureAlgorithm: "it is signed with a broken digest"
        case .invalidSignature: "its signature is not the CA's"
        }
    }
}
