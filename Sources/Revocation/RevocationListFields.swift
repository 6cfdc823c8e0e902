internal import DER
internal import X509

/// The fields of a CertificateList (RFC 5280 §5.1) around its entries.
struct RevocationListFields {
    let tbs: Range<Int>
    let algorithm: Range<Int>
    let signature: Range<Int>
    let issuer: DistinguishedName
    let thisUpdate: Timestamp
    let nextUpdate: Timestamp
    let entries: Range<Int>
    let extensions: RevocationListExtensions

    init(reading bytes: Span<UInt8>) throws(CRLError) {
        var outer = DERCursor(all: bytes)
        var list = try outer.take(.sequence, in: bytes).children
        try outer.requireEnd()
        let signed = try list.take(.sequence, in: bytes)
        tbs = signed.whole
        algorithm = try list.take(.sequence, in: bytes).whole
        let string = try list.take(.bitString, in: bytes)
            .value { element throws(DERError) in try element.bitString(in: bytes) }
        signature = string.bytes
        try list.requireEnd()

        var fields = signed.children
        guard let version = try fields.takeOptional(.integer, in: bytes) else { throw .unsupportedVersion }
        guard try version.value({ element throws(DERError) in try element.smallInteger(in: bytes) }) == 1 else {
            throw .unsupportedVersion
        }
        let inner = try fields.take(.sequence, in: bytes).whole
        guard bytes.equals(bytes.copy(of: algorithm), in: inner) else { throw .signatureAlgorithmsDiffer }
        issuer = try fields.take(.sequence, in: bytes)
            .value { element throws(DERError) in try DistinguishedName(reading: element, in: bytes) }
        thisUpdate = try RevocationListFields.time(try fields.takeAny(in: bytes), in: bytes)
        switch fields.peek(in: bytes) {
        case DERTag.utcTime, DERTag.generalizedTime:
            nextUpdate = try RevocationListFields.time(try fields.takeAny(in: bytes), in: bytes)
        default:
            throw .nextUpdateMissing
        }
        guard thisUpdate <= nextUpdate else { throw .nextUpdateBeforeThisUpdate }
        // §5.1.2.6 wants the field left out when nothing is revoked; an empty one is common and means the same.
        entries = try fields.takeOptional(.sequence, in: bytes)?.content ?? fields.position..<fields.position
        guard let wrapped = try fields.takeOptional(.contextConstructed(0), in: bytes) else { throw .numberMissing }
        try fields.requireEnd()
        extensions = try RevocationListExtensions(wrapped, issuer: issuer.der, in: bytes)
    }

    private static func time(_ element: DERElement, in bytes: Span<UInt8>) throws(CRLError) -> Timestamp {
        try element.value { element throws(DERError) in try element.time(in: bytes) }
    }
}
