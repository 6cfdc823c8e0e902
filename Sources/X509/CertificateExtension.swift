public import DER

/// One extension of a certificate or of a CRL, its value not yet looked into.
public struct CertificateExtension: Hashable, Sendable {
    /// What the extension is.
    public let identifier: ObjectIdentifier
    /// Whether whoever does not know the extension must refuse.
    public let isCritical: Bool
    /// Where the content of the extnValue OCTET STRING lies in the bytes that were read.
    public let value: Range<Int>

    /// Reads an Extension.
    ///
    /// An explicit `critical FALSE`, which DER leaves out, is tolerated: real issuers write it and it has one meaning.
    ///
    /// - Throws: `DERError` when it is not one.
    public init(reading element: DERElement, in bytes: Span<UInt8>) throws(DERError) {
        var fields = element.children
        identifier = try fields.next(.objectIdentifier, in: bytes).objectIdentifier(in: bytes)
        isCritical = try fields.optional(.boolean, in: bytes)?.boolean(in: bytes) ?? false
        value = try fields.next(.octetString, in: bytes).content
        try fields.expectEnd()
    }

    /// Reads Extensions, which must hold one at least.
    ///
    /// - Throws: `DERError` when they are not, or are more than `Certificate.Limits.maxExtensions`.
    public static func list(
        reading element: DERElement, in bytes: Span<UInt8>
    ) throws(DERError) -> [CertificateExtension] {
        var extensions: [CertificateExtension] = []
        var cursor = element.children
        repeat {
            let next = try cursor.next(.sequence, in: bytes)
            guard extensions.count < Certificate.Limits.maxExtensions else {
                throw .tooManyElements(at: next.whole.lowerBound)
            }
            extensions.append(try CertificateExtension(reading: next, in: bytes))
        } while !cursor.isAtEnd
        return extensions
    }
}
