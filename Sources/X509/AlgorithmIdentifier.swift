public import DER

/// An algorithm and its parameters (RFC 5280 §4.1.1.2), as encoded.
public struct AlgorithmIdentifier: Hashable, Sendable {
    /// Which algorithm.
    public let algorithm: ObjectIdentifier
    /// The DER of the parameters; nil when the field is absent, `05 00` when it is NULL.
    public let parameters: [UInt8]?
    /// The DER of the whole SEQUENCE.
    public let der: [UInt8]

    /// Reads an AlgorithmIdentifier.
    ///
    /// - Throws: `DERError` when it is not one.
    public init(reading element: DERElement, in bytes: Span<UInt8>) throws(DERError) {
        var fields = element.children
        algorithm = try fields.next(.objectIdentifier, in: bytes).objectIdentifier(in: bytes)
        parameters = fields.isAtEnd ? nil : bytes.copy(of: try fields.next(in: bytes).whole)
        try fields.expectEnd()
        der = bytes.copy(of: element.whole)
    }
}
