import DER

/// The fields of RFC 5280 §4.1, read as they lie; what they mean together is the certificate's business.
struct CertificateFields {
    let tbs: Range<Int>
    /// As encoded: 0 for version 1, 2 for version 3.
    let version: Int
    let serial: SerialNumber
    let innerAlgorithm: AlgorithmIdentifier
    let issuer: DistinguishedName
    let notBefore: Timestamp
    let notAfter: Timestamp
    let subject: DistinguishedName
    let subjectPublicKeyInfo: Range<Int>
    let publicKeyAlgorithm: AlgorithmIdentifier
    let subjectPublicKey: Range<Int>
    let hasUniqueIdentifiers: Bool
    let extensions: [CertificateExtension]?
    let outerAlgorithm: AlgorithmIdentifier
    let signature: Range<Int>

    init(reading bytes: Span<UInt8>) throws(DERError) {
        var file = DERCursor(all: bytes)
        let certificate = try file.next(.sequence, in: bytes)
        try file.expectEnd()

        var parts = certificate.children
        let signed = try parts.next(.sequence, in: bytes)
        tbs = signed.whole
        outerAlgorithm = try AlgorithmIdentifier(reading: parts.next(.sequence, in: bytes), in: bytes)
        let signatureElement = try parts.next(.bitString, in: bytes)
        let signatureBits = try signatureElement.bitString(in: bytes)
        guard signatureBits.unusedBits == 0 else { throw .invalidBitString(at: signatureElement.whole.lowerBound) }
        signature = signatureBits.bytes
        try parts.expectEnd()

        var fields = signed.children
        if let tagged = try fields.optional(.contextConstructed(0), in: bytes) {
            var inner = tagged.children
            version = try inner.next(.integer, in: bytes).smallInteger(in: bytes)
            try inner.expectEnd()
        } else {
            version = 0
        }
        serial = try SerialNumber(reading: fields.next(.integer, in: bytes), in: bytes)
        innerAlgorithm = try AlgorithmIdentifier(reading: fields.next(.sequence, in: bytes), in: bytes)
        issuer = try DistinguishedName(reading: fields.next(.sequence, in: bytes), in: bytes)

        var validity = try fields.next(.sequence, in: bytes).children
        notBefore = try validity.next(in: bytes).time(in: bytes)
        notAfter = try validity.next(in: bytes).time(in: bytes)
        try validity.expectEnd()

        subject = try DistinguishedName(reading: fields.next(.sequence, in: bytes), in: bytes)

        let keyInfo = try fields.next(.sequence, in: bytes)
        subjectPublicKeyInfo = keyInfo.whole
        var key = keyInfo.children
        publicKeyAlgorithm = try AlgorithmIdentifier(reading: key.next(.sequence, in: bytes), in: bytes)
        subjectPublicKey = try key.next(.bitString, in: bytes).bitString(in: bytes).bytes
        try key.expectEnd()

        // [1] and [2] IMPLICIT BIT STRING. RFC 5280 forbids CAs to write them and tells readers to be able to read them.
        let issuerIdentifier = try fields.optional(.context(1), in: bytes)
        _ = try issuerIdentifier?.bitString(in: bytes)
        let subjectIdentifier = try fields.optional(.context(2), in: bytes)
        _ = try subjectIdentifier?.bitString(in: bytes)
        hasUniqueIdentifiers = issuerIdentifier != nil || subjectIdentifier != nil

        if let tagged = try fields.optional(.contextConstructed(3), in: bytes) {
            var inner = tagged.children
            extensions = try CertificateExtension.list(reading: inner.next(.sequence, in: bytes), in: bytes)
            try inner.expectEnd()
        } else {
            extensions = nil
        }
        try fields.expectEnd()
    }
}
