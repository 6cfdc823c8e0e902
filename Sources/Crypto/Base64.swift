/// Bytes as base64 and base64url (RFC 4648 §4 and §5).
public enum Base64 {
    /// The alphabet, and whether the text is padded.
    public enum Variant: Sendable {
        /// `+`, `/` and padding with `=`.
        case standard
        /// `-`, `_` and no padding, as JOSE and RFC 8705 use it.
        case url
    }

    /// Appends the ASCII text of the bytes, in one line.
    public static func append(_ bytes: Span<UInt8>, to text: inout [UInt8], variant: Variant = .standard) {
        text.reserveCapacity(text.count + (bytes.count + 2) / 3 * 4)
        var index = 0
        while index + 3 <= bytes.count {
            let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
            for shift in stride(from: 18, through: 0, by: -6) {
                text.append(letter(UInt8(truncatingIfNeeded: group >> UInt32(shift)) & 0x3F, variant))
            }
            index += 3
        }
        let rest = bytes.count - index
        guard rest > 0 else { return }
        let group = UInt32(bytes[index]) << 16 | (rest == 2 ? UInt32(bytes[index + 1]) << 8 : 0)
        for position in 0...rest {
            text.append(letter(UInt8(truncatingIfNeeded: group >> UInt32(18 - 6 * position)) & 0x3F, variant))
        }
        if variant == .standard {
            for _ in rest..<3 { text.append(0x3D) }
        }
    }

    /// The text of the bytes, in one line.
    public static func encode(_ bytes: Span<UInt8>, variant: Variant = .standard) -> String {
        var text: [UInt8] = []
        append(bytes, to: &text, variant: variant)
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text without line breaks, or nothing if it is not in its one canonical form.
    ///
    /// Padding must be there in the standard variant and may not in the other, and unused bits must be zero (RFC 4648
    /// §3.5), so that two different texts never stand for the same bytes.
    public static func decode(_ text: Span<UInt8>, variant: Variant = .standard) -> [UInt8]? {
        var end = text.count
        if variant == .standard {
            guard end.isMultiple(of: 4) else { return nil }
            while end > 0, text.count - end < 2, text[end - 1] == 0x3D { end -= 1 }
        }
        guard end % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(end / 4 * 3 + 2)
        var group: UInt32 = 0
        var bits = 0
        for index in 0..<end {
            guard let value = value(of: text[index], variant) else { return nil }
            group = group << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
                group &= (1 << UInt32(bits)) - 1
            }
        }
        return group == 0 ? bytes : nil
    }

    /// The bytes of a text without line breaks, or nothing if it is not in its one canonical form.
    public static func decode(_ text: String, variant: Variant = .standard) -> [UInt8]? {
        decode(Array(text.utf8).span, variant: variant)
    }

    private static func letter(_ value: UInt8, _ variant: Variant) -> UInt8 {
        switch value {
        case 0..<26: 0x41 &+ value
        case 26..<52: 0x61 &+ (value &- 26)
        case 52..<62: 0x30 &+ (value &- 52)
        case 62: variant == .standard ? 0x2B : 0x2D
        default: variant == .standard ? 0x2F : 0x5F
        }
    }

    private static func value(of letter: UInt8, _ variant: Variant) -> UInt8? {
        switch letter {
        case 0x41...0x5A: letter - 0x41
        case 0x61...0x7A: letter - 0x61 + 26
        case 0x30...0x39: letter - 0x30 + 52
        case variant == .standard ? 0x2B : 0x2D: 62
        case variant == .standard ? 0x2F : 0x5F: 63
        default: nil
        }
    }
}
