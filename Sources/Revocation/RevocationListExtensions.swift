internal import DER

/// The extensions of a CRL: RFC 5280 §5.2.
struct RevocationListExtensions {
    let number: CRLNumber
    private(set) var baseNumber: CRLNumber?
    private(set) var authorityKeyIdentifier: [UInt8]?
    private(set) var scope = RevocationScope.everything
    private(set) var announcesDeltas = false

    /// Reads `[0] EXPLICIT Extensions`.
    init(_ wrapped: DERElement, issuer: [UInt8], in bytes: Span<UInt8>) throws(CRLError) {
        var outer = wrapped.children
        var sequence = try outer.take(.sequence, in: bytes).children
        try outer.requireEnd()
        var number: CRLNumber?
        var seen: [Range<Int>] = []
        while !sequence.isAtEnd {
            let one = try CRLExtension(sequence.take(.sequence, in: bytes), in: bytes)
            guard seen.count < RevocationLimits.extensions else {
                throw .tooManyExtensions(limit: RevocationLimits.extensions)
            }
            let identifier = bytes.copy(of: one.identifier)
            guard !seen.contains(where: { bytes.equals(identifier, in: $0) }) else {
                throw .duplicateExtension(try one.objectIdentifier(in: bytes))
            }
            seen.append(one.identifier)
            switch one.certificateExtensionArc(in: bytes) {
            case ExtensionArc.cRLNumber:
                guard !one.isCritical else { throw .criticalNumber }
                number = try RevocationListExtensions.number(one.value, in: bytes)
            case ExtensionArc.deltaCRLIndicator:
                baseNumber = try RevocationListExtensions.number(one.value, in: bytes)
            case ExtensionArc.authorityKeyIdentifier:
                authorityKeyIdentifier = try RevocationListExtensions.keyIdentifier(one.value, in: bytes)
            case ExtensionArc.issuingDistributionPoint:
                scope = try RevocationScope(issuingDistributionPoint: one.value, issuer: issuer, in: bytes)
            case ExtensionArc.freshestCRL:
                // URLs come from the configuration: only that there are deltas is of interest.
                _ = try CertificateDistributionPoints(one.value, issuer: issuer, in: bytes)
                announcesDeltas = true
            default:
                guard !one.isCritical else { throw .unknownCriticalExtension(try one.objectIdentifier(in: bytes)) }
            }
        }
        guard let number else { throw .numberMissing }
        self.number = number
    }

    private static func number(_ value: Range<Int>, in bytes: Span<UInt8>) throws(CRLError) -> CRLNumber {
        var cursor = DERCursor(value)
        let element = try cursor.take(.integer, in: bytes)
        try cursor.requireEnd()
        let content = try element.value { element throws(DERError) in try element.integer(in: bytes) }
        guard let number = CRLNumber(content: content, in: bytes) else { throw .numberOutOfRange }
        return number
    }

    /// The keyIdentifier of an AuthorityKeyIdentifier (§4.2.1.1); the issuer and serial form only hints and is left.
    private static func keyIdentifier(_ value: Range<Int>, in bytes: Span<UInt8>) throws(CRLError) -> [UInt8]? {
        var outer = DERCursor(value)
        var fields = try outer.take(.sequence, in: bytes).children
        try outer.requireEnd()
        let identifier = try fields.takeOptional(.context(0), in: bytes)
        _ = try fields.takeOptional(.contextConstructed(1), in: bytes)
        _ = try fields.takeOptional(.context(2), in: bytes)
        try fields.requireEnd()
        return identifier.map { bytes.copy(of: $0.content) }
    }
}
