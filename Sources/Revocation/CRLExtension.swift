internal import DER

/// One extension of a CRL or of an entry, as ranges into the CRL's bytes.
struct CRLExtension {
    let identifier: Range<Int>
    let isCritical: Bool
    let value: Range<Int>

    /// Reads `Extension` of RFC 5280 §4.1.
    ///
    /// `critical FALSE` written out is not DER, since it is the default, but some CAs do so; it changes nothing.
    init(_ element: DERElement, in bytes: Span<UInt8>) throws(CRLError) {
        var fields = element.children
        identifier = try fields.take(.objectIdentifier, in: bytes).content
        if let critical = try fields.takeOptional(.boolean, in: bytes) {
            isCritical = try critical.value { element throws(DERError) in try element.boolean(in: bytes) }
        } else {
            isCritical = false
        }
        value = try fields.take(.octetString, in: bytes).content
        try fields.requireEnd()
    }

    /// The last arc when the identifier is one of `id-ce` (2.5.29) with a one-octet arc.
    func certificateExtensionArc(in bytes: Span<UInt8>) -> UInt8? {
        guard identifier.count == 3, bytes[identifier.lowerBound] == 0x55, bytes[identifier.lowerBound + 1] == 0x1D
        else { return nil }
        return bytes[identifier.lowerBound + 2]
    }

    /// The identifier, for a diagnostic.
    func objectIdentifier(in bytes: Span<UInt8>) throws(CRLError) -> ObjectIdentifier {
        guard let identifier = ObjectIdentifier(content: bytes.copy(of: identifier)) else {
            throw .malformed(.invalidObjectIdentifier(at: identifier.lowerBound))
        }
        return identifier
    }
}

/// The arcs under `id-ce` of the extensions that are read here.
enum ExtensionArc {
    static var cRLNumber: UInt8 { 20 }
    static var reasonCode: UInt8 { 21 }
    static var invalidityDate: UInt8 { 24 }
    static var deltaCRLIndicator: UInt8 { 27 }
    static var issuingDistributionPoint: UInt8 { 28 }
    static var certificateIssuer: UInt8 { 29 }
    static var cRLDistributionPoints: UInt8 { 31 }
    static var authorityKeyIdentifier: UInt8 { 35 }
    static var freshestCRL: UInt8 { 46 }
}
