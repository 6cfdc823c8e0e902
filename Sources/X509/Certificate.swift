public import DER

/// A certificate as RFC 5280 lays it down: read strictly, kept with its bytes, never changed.
///
/// Reading says nothing of trust: no signature, date, name or policy has been checked. Ranges are into `der`. Two
/// certificates are equal when their bytes are.
public final class Certificate: Sendable {
    /// The bytes of the certificate.
    public let der: [UInt8]
    /// Where what is signed lies.
    public let tbs: Range<Int>
    /// The version, 1 to 3.
    public let version: Int
    /// The serial number its issuer gave it.
    public let serial: SerialNumber
    /// The name of its issuer.
    public let issuer: DistinguishedName
    /// The name of its subject.
    public let subject: DistinguishedName
    /// The first moment of its validity.
    public let notBefore: Timestamp
    /// The last moment of its validity.
    public let notAfter: Timestamp
    /// Where its SubjectPublicKeyInfo lies, whole.
    public let subjectPublicKeyInfo: Range<Int>
    /// What kind of key its key is.
    public let publicKeyAlgorithm: AlgorithmIdentifier
    /// Where the bytes of its key lie: the content of the BIT STRING, of which RFC 5280 §4.2.1.2 (1) takes the SHA-1.
    public let subjectPublicKey: Range<Int>
    /// How it is signed; the fields inside and outside what is signed are the same.
    public let signatureAlgorithm: AlgorithmIdentifier
    /// Where the bytes of its signature lie.
    public let signature: Range<Int>
    /// Whether it has an issuerUniqueID or subjectUniqueID, which conforming CAs never write.
    public let hasUniqueIdentifiers: Bool
    /// Its extensions in encoded order, each at most once.
    public let extensions: [CertificateExtension]
    /// The values of the extensions that RFC 5280 defines.
    let standard: StandardExtensions

    /// Reads a certificate.
    ///
    /// - Throws: `CertificateError` for whatever is not exactly one certificate in DER, within `Limits`.
    public init(der: [UInt8]) throws(CertificateError) {
        guard der.count <= Limits.maxSize else { throw .tooLarge(count: der.count) }
        let fields: CertificateFields
        do throws(DERError) {
            fields = try CertificateFields(reading: der.span)
        } catch {
            throw .encoding(error)
        }
        guard (0...2).contains(fields.version) else { throw .unsupportedVersion(fields.version) }
        guard fields.version == 2 || fields.extensions == nil, fields.version >= 1 || !fields.hasUniqueIdentifiers
        else {
            throw .fieldOutsideVersion(version: fields.version + 1)
        }
        guard fields.innerAlgorithm == fields.outerAlgorithm else { throw .signatureAlgorithmsDiffer }
        let extensions = fields.extensions ?? []
        for (index, one) in extensions.enumerated() {
            guard !extensions[..<index].contains(where: { $0.identifier == one.identifier }) else {
                throw .duplicateExtension(one.identifier)
            }
        }

        standard = try StandardExtensions(reading: extensions, in: der.span)
        self.der = der
        self.extensions = extensions
        tbs = fields.tbs
        version = fields.version + 1
        serial = fields.serial
        issuer = fields.issuer
        subject = fields.subject
        notBefore = fields.notBefore
        notAfter = fields.notAfter
        subjectPublicKeyInfo = fields.subjectPublicKeyInfo
        publicKeyAlgorithm = fields.publicKeyAlgorithm
        subjectPublicKey = fields.subjectPublicKey
        signatureAlgorithm = fields.outerAlgorithm
        signature = fields.signature
        hasUniqueIdentifiers = fields.hasUniqueIdentifiers
    }

    /// Whether the subject is its own issuer by name (RFC 5280 §3.2, "self-issued").
    public var isSelfIssued: Bool { subject.matches(issuer) }

    /// Whether it is within its validity at a moment, both ends included.
    public func isValid(at moment: Timestamp) -> Bool {
        notBefore <= moment && moment <= notAfter
    }

    /// The value of an extension, copied: the content of its extnValue; nil when the certificate has none.
    public func value(of identifier: ObjectIdentifier) -> [UInt8]? {
        guard let found = extensions.first(where: { $0.identifier == identifier }) else { return nil }
        return Array(der[found.value])
    }
}

extension Certificate: Hashable {
    /// Whether the bytes are the same.
    public static func == (left: Certificate, right: Certificate) -> Bool {
        left === right || left.der == right.der
    }

    /// Feeds the bytes of the signature, which no two certificates share.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(der[signature])
    }
}
