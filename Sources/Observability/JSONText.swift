/// Arbitrary bytes as the inside of a JSON string (RFC 8259 §7): always valid UTF-8, always one line.
enum JSONText {
    /// Appends `text`, escaped; what is not UTF-8 becomes U+FFFD, as much as `limit` bytes of the input.
    ///
    /// A text that is cut ends in `…`.
    static func append(_ text: Span<UInt8>, limit: Int = ObservabilityLimits.longestValue, to line: inout [UInt8]) {
        let end = min(text.count, limit)
        var position = 0
        // What needs no escape is copied in runs: most texts are one.
        var start = 0
        while position < end {
            let byte = text[position]
            let length = byte < 0x80 ? 1 : sequenceLength(text, at: position, end: text.count)
            if length == 0 || length == 1 && isEscaped(byte) {
                line.append(text.extracting(start..<position))
                if length == 0 { line.append(literal: "\u{FFFD}") } else { appendEscape(byte, to: &line) }
                position += length == 0 ? invalidLength(text, at: position, end: text.count) : 1
                start = position
            } else {
                guard position + length <= end else { break }
                position += length
            }
        }
        if start < position { line.append(text.extracting(start..<position)) }
        if position < text.count { line.append(literal: "…") }
    }

    /// Appends `text` as a whole JSON string, escaped and cut as above.
    static func append(quoted text: Span<UInt8>, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        append(text, to: &line)
        line.append(UInt8(ascii: "\""))
    }

    /// Appends the name of an object's member, which is ours and needs no escape, and its colon.
    static func append(key: StaticString, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        line.append(literal: key)
        line.append(literal: "\":")
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7f
    }

    private static func appendEscape(_ byte: UInt8, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): line.append(byte)
        case UInt8(ascii: "\n"): line.append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): line.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): line.append(UInt8(ascii: "t"))
        default:
            line.append(literal: "u00")
            line.append(hexadecimalDigit: byte >> 4)
            line.append(hexadecimalDigit: byte & 0xf)
        }
    }

    /// The length of the well-formed sequence at a byte of 0x80 or more (Unicode table 3-7), 0 if there is none.
    private static func sequenceLength(_ text: Span<UInt8>, at position: Int, end: Int) -> Int {
        let length = continuationRange(text[position])?.length ?? 0
        return length > 0 && validPrefix(text, at: position, end: end) == length ? length : 0
    }

    /// How many bytes one U+FFFD stands for: the longest beginning of a sequence that could have been (W3C practice).
    private static func invalidLength(_ text: Span<UInt8>, at position: Int, end: Int) -> Int {
        max(validPrefix(text, at: position, end: end), 1)
    }

    private static func validPrefix(_ text: Span<UInt8>, at position: Int, end: Int) -> Int {
        guard let (length, second) = continuationRange(text[position]) else { return 0 }
        guard position + 1 < end, second.contains(text[position + 1]) else { return 1 }
        var valid = 2
        while valid < length, position + valid < end, text[position + valid] & 0xc0 == 0x80 { valid += 1 }
        return valid
    }

    /// The length that a lead byte announces, and what may follow it: no overlong forms, no surrogates, nothing beyond
    /// U+10FFFF.
    private static func continuationRange(_ lead: UInt8) -> (length: Int, second: ClosedRange<UInt8>)? {
        switch lead {
        case 0xc2...0xdf: (2, 0x80...0xbf)
        case 0xe0: (3, 0xa0...0xbf)
        case 0xed: (3, 0x80...0x9f)
        case 0xe1...0xef: (3, 0x80...0xbf)
        case 0xf0: (4, 0x90...0xbf)
        case 0xf1...0xf3: (4, 0x80...0xbf)
        case 0xf4: (4, 0x80...0x8f)
        default: nil
        }
    }
}
