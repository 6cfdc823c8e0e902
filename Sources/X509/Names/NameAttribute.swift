public import DER

/// One attribute of a distinguished name: a type, and a string in one of several alphabets.
public struct NameAttribute: Hashable, Sendable {
    /// What the attribute is, such as `ObjectIdentifier.commonName`.
    public let type: ObjectIdentifier
    /// The ASN.1 type of the value.
    public let tag: DERTag
    /// The value as text; for a value that is no string, `#` and the hexadecimal of its DER (RFC 4514 §2.4).
    public let value: String
    /// Whether the value is a string.
    public let isString: Bool
    /// The content octets of the value, as encoded.
    public let octets: [UInt8]

    /// Reads an AttributeTypeAndValue.
    ///
    /// - Throws: `DERError` when it is not one, or when the string is not in the alphabet of its type.
    public init(reading element: DERElement, in bytes: Span<UInt8>) throws(DERError) {
        var fields = element.children
        type = try fields.next(.objectIdentifier, in: bytes).objectIdentifier(in: bytes)
        let value = try fields.next(in: bytes)
        try fields.expectEnd()
        tag = value.tag
        octets = value.bytes(in: bytes)
        switch DirectoryString.decode(octets, as: tag) {
        case .text(let text):
            self.value = text
            isString = true
        case .notString:
            self.value = "#" + hexadecimal(bytes.copy(of: value.whole))
            isString = false
        case .malformed:
            throw .invalidString(at: value.whole.lowerBound)
        }
    }
}
