public import DER

/// Whether a certificate is a CA's, and how many intermediates may follow it (RFC 5280 §4.2.1.9).
public struct BasicConstraints: Hashable, Sendable {
    /// Whether the key may sign certificates.
    public let isAuthority: Bool
    /// How many certificates that are not self-issued may stand between it and a leaf; nil for no limit.
    public let pathLength: Int?

    /// Reads a BasicConstraints.
    ///
    /// - Throws: `DERError` when it is not one.
    public init(reading element: DERElement, in bytes: Span<UInt8>) throws(DERError) {
        var fields = try element.expecting(.sequence).children
        isAuthority = try fields.optional(.boolean, in: bytes)?.boolean(in: bytes) ?? false
        pathLength = try fields.optional(.integer, in: bytes)?.smallInteger(in: bytes)
        try fields.expectEnd()
    }
}
