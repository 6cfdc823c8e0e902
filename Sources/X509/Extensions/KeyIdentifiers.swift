public import DER

/// Which key signed a certificate or a CRL (RFC 5280 §4.2.1.1).
public struct AuthorityKeyIdentifier: Hashable, Sendable {
    /// The issuer's subjectKeyIdentifier.
    public let keyIdentifier: [UInt8]?
    /// The names of the issuer of the issuer's certificate; empty when absent.
    public let issuer: [GeneralName]
    /// The serial number of the issuer's certificate.
    public let serial: SerialNumber?

    /// Reads an AuthorityKeyIdentifier.
    ///
    /// - Throws: `DERError` when it is not one.
    public init(reading element: DERElement, in bytes: Span<UInt8>) throws(DERError) {
        var fields = try element.expecting(.sequence).children
        keyIdentifier = try fields.optional(.context(0), in: bytes)?.bytes(in: bytes)
        if let names = try fields.optional(.contextConstructed(1), in: bytes) {
            issuer = try GeneralName.list(reading: names, in: bytes)
        } else {
            issuer = []
        }
        if let number = try fields.optional(.context(2), in: bytes) {
            serial = try SerialNumber(reading: number, in: bytes)
        } else {
            serial = nil
        }
        try fields.expectEnd()
    }
}
