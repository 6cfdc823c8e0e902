/// A cRLNumber: a non-negative INTEGER of up to 20 octets (RFC 5280 §5.2.3), kept without allocation.
public struct CRLNumber: Hashable, Sendable {
    // Big-endian words: 24 octets, where 20 are allowed.
    private let high: UInt64
    private let middle: UInt64
    private let low: UInt64

    /// Makes a number that fits in a word.
    public init(_ value: UInt64) {
        high = 0
        middle = 0
        low = value
    }

    /// Reads the content octets of a DER INTEGER; nil when it is negative or has more than 20 significant octets.
    init?(content: Range<Int>, in bytes: Span<UInt8>) {
        guard let first = content.first, bytes[first] < 0x80 else { return nil }
        let significant = bytes[first] == 0 ? content.dropFirst() : content
        guard significant.count <= RevocationLimits.numberOctets else { return nil }
        var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
        for index in significant {
            words.0 = words.0 << 8 | words.1 >> 56
            words.1 = words.1 << 8 | words.2 >> 56
            words.2 = words.2 << 8 | UInt64(bytes[index])
        }
        (high, middle, low) = words
    }
}

extension CRLNumber: Comparable {
    /// Lower before higher.
    public static func < (left: CRLNumber, right: CRLNumber) -> Bool {
        if left.high != right.high { return left.high < right.high }
        if left.middle != right.middle { return left.middle < right.middle }
        return left.low < right.low
    }
}

extension CRLNumber: CustomStringConvertible {
    /// The number in decimal, or in hexadecimal when it needs more than 64 bits.
    public var description: String {
        guard high != 0 || middle != 0 else { return String(low) }
        var text = ""
        for word in [high, middle, low] {
            let digits = String(word, radix: 16, uppercase: true)
            text += String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }
        return "0x" + text.drop(while: { $0 == "0" })
    }
}
