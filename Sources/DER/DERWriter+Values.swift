/// Primitive values, each in its only DER encoding.
///
/// The tag may be given where IMPLICIT tagging replaces the universal one.
extension DERWriter {
    /// Appends a BOOLEAN.
    public mutating func boolean(_ value: Bool, tag: DERTag = .boolean) {
        element(tag, CollectionOfOne(value ? 0xFF : 0x00))
    }

    /// Appends an INTEGER.
    public mutating func integer(_ value: Int, tag: DERTag = .integer) {
        var octets = (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) }
        while octets.count > 1,
            (octets[0] == 0x00 && octets[1] < 0x80) || (octets[0] == 0xFF && octets[1] >= 0x80)
        {
            octets.removeFirst()
        }
        element(tag, octets)
    }

    /// Appends an INTEGER that is not negative and of any size, from its big-endian magnitude.
    public mutating func integer(magnitude: [UInt8], tag: DERTag = .integer) {
        let significant = magnitude.drop { $0 == 0 }
        switch significant.first {
        case .none: element(tag, CollectionOfOne(0))
        case .some(let first) where first >= 0x80: element(tag, [0] + significant)
        case .some: element(tag, significant)
        }
    }

    /// Appends a NULL.
    public mutating func null() {
        element(.null, EmptyCollection())
    }

    /// Appends an OBJECT IDENTIFIER.
    public mutating func objectIdentifier(_ identifier: ObjectIdentifier, tag: DERTag = .objectIdentifier) {
        element(tag, identifier.content)
    }

    /// Appends an OCTET STRING.
    public mutating func octetString(_ bytes: [UInt8], tag: DERTag = .octetString) {
        element(tag, bytes)
    }

    /// Appends an OCTET STRING that holds DER; the closure writes it.
    public mutating func octetString<Failure: Error>(
        _ body: (inout DERWriter) throws(Failure) -> Void
    ) throws(Failure) {
        try constructed(.octetString, body)
    }

    /// Appends a BIT STRING.
    public mutating func bitString(_ bytes: [UInt8], unusedBits: UInt8 = 0, tag: DERTag = .bitString) {
        element(tag, [unusedBits] + bytes)
    }

    /// Appends a BIT STRING of named bits, bit 0 first, without trailing zero bits (X.690 §11.2.2).
    public mutating func namedBits(_ bits: Set<Int>, tag: DERTag = .bitString) {
        guard let last = bits.max() else { return bitString([], tag: tag) }
        var octets = [UInt8](repeating: 0, count: last / 8 + 1)
        for bit in bits where bit >= 0 {
            octets[bit / 8] |= 0x80 >> UInt8(bit % 8)
        }
        bitString(octets, unusedBits: UInt8(7 - last % 8), tag: tag)
    }

    /// Appends a UTF8String.
    public mutating func utf8String(_ text: String, tag: DERTag = .utf8String) {
        element(tag, Array(text.utf8))
    }

    /// Appends a PrintableString; the caller keeps to its alphabet.
    public mutating func printableString(_ text: String) {
        element(.printableString, Array(text.utf8))
    }

    /// Appends an IA5String; the caller keeps to ASCII.
    public mutating func ia5String(_ text: String, tag: DERTag = .ia5String) {
        element(tag, Array(text.utf8))
    }

    /// Appends a time as RFC 5280 §4.1.2.5 requires: UTCTime from 1950 to 2049, GeneralizedTime otherwise.
    public mutating func time(_ time: Timestamp) {
        let year = time.components.year
        if (1950...2049).contains(year) {
            element(.utcTime, DERWriter.digits(of: time).dropFirst(2))
        } else {
            generalizedTime(time)
        }
    }

    /// Appends a GeneralizedTime.
    public mutating func generalizedTime(_ time: Timestamp) {
        element(.generalizedTime, DERWriter.digits(of: time))
    }

    /// `YYYYMMDDHHMMSSZ`.
    private static func digits(of time: Timestamp) -> [UInt8] {
        time.rfc3339.utf8.filter { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } + [UInt8(ascii: "Z")]
    }
}
