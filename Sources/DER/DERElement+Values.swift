/// The values of primitive elements, each with DER's own rules.
///
/// None of these looks at the tag: with IMPLICIT tagging it says nothing about the type. The caller has checked it.
extension DERElement {
    /// The bytes of the content, copied.
    public func bytes(in bytes: Span<UInt8>) -> [UInt8] {
        bytes.copy(of: content)
    }

    /// The value of a BOOLEAN.
    ///
    /// - Throws: `DERError.invalidBoolean` for anything but 00 and FF (X.690 §11.1).
    public func boolean(in bytes: Span<UInt8>) throws(DERError) -> Bool {
        guard content.count == 1 else { throw .invalidBoolean(at: whole.lowerBound) }
        switch bytes[content.lowerBound] {
        case 0x00: return false
        case 0xFF: return true
        default: throw .invalidBoolean(at: whole.lowerBound)
        }
    }

    /// Where the two's complement octets of an INTEGER of any size lie, once they are known to be the shortest.
    ///
    /// - Throws: `DERError.invalidInteger` for no octet, or nine leading bits alike (X.690 §8.3.2).
    @inlinable
    public func integer(in bytes: Span<UInt8>) throws(DERError) -> Range<Int> {
        guard !content.isEmpty else { throw .invalidInteger(at: whole.lowerBound) }
        if content.count > 1 {
            let first = bytes[content.lowerBound]
            let second = bytes[content.lowerBound &+ 1]
            guard !(first == 0x00 && second < 0x80), !(first == 0xFF && second >= 0x80) else {
                throw .invalidInteger(at: whole.lowerBound)
            }
        }
        return content
    }

    /// The value of an INTEGER or ENUMERATED that counts something: not negative, and below 2^55.
    ///
    /// - Throws: `DERError.invalidInteger`, or `.integerOutOfRange`.
    public func smallInteger(in bytes: Span<UInt8>) throws(DERError) -> Int {
        let octets = try integer(in: bytes)
        guard octets.count <= 7, bytes[octets.lowerBound] < 0x80 else {
            throw .integerOutOfRange(at: whole.lowerBound)
        }
        var value = 0
        for index in octets {
            value = value << 8 | Int(bytes[index])
        }
        return value
    }

    /// The content of a BIT STRING.
    ///
    /// - Throws: `DERError.invalidBitString` when the padding is not zero bits, or more than there are (X.690 §11.2).
    public func bitString(in bytes: Span<UInt8>) throws(DERError) -> DERBitString {
        guard let first = content.first else { throw .invalidBitString(at: whole.lowerBound) }
        let unused = bytes[first]
        let string = (first + 1)..<content.upperBound
        guard unused < 8 else { throw .invalidBitString(at: whole.lowerBound) }
        if let last = string.last {
            let padding: UInt8 = (1 << unused) - 1
            guard bytes[last] & padding == 0 else { throw .invalidBitString(at: whole.lowerBound) }
        } else {
            guard unused == 0 else { throw .invalidBitString(at: whole.lowerBound) }
        }
        return DERBitString(unusedBits: unused, bytes: string)
    }

    /// Requires a NULL to be empty.
    ///
    /// - Throws: `DERError.invalidNull`.
    public func null() throws(DERError) {
        guard content.isEmpty else { throw .invalidNull(at: whole.lowerBound) }
    }

    /// The value of an OBJECT IDENTIFIER.
    ///
    /// - Throws: `DERError.invalidObjectIdentifier`.
    public func objectIdentifier(in bytes: Span<UInt8>) throws(DERError) -> ObjectIdentifier {
        guard let identifier = ObjectIdentifier(content: bytes.copy(of: content)) else {
            throw .invalidObjectIdentifier(at: whole.lowerBound)
        }
        return identifier
    }

    /// The value of a UTCTime or GeneralizedTime, as its tag says.
    ///
    /// - Throws: `DERError.invalidTime` for a form that RFC 5280 §4.1.2.5 forbids, or another tag.
    @inlinable
    public func time(in bytes: Span<UInt8>) throws(DERError) -> Timestamp {
        let value: Timestamp? =
            switch tag {
            case .utcTime: Timestamp(utcTime: content, in: bytes)
            case .generalizedTime: Timestamp(generalizedTime: content, in: bytes)
            default: nil
            }
        guard let value else { throw .invalidTime(at: whole.lowerBound) }
        return value
    }
}
