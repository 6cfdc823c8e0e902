/// Arbitrary bytes in a line of Apache's combined format: printable ASCII, all else as `\xhh`, as Apache does.
enum CombinedText {
    /// Appends a text in quotes; `"-"` if there is none.
    static func appendQuoted(_ text: Span<UInt8>, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        if text.isEmpty { line.append(UInt8(ascii: "-")) } else { append(text, to: &line) }
        line.append(UInt8(ascii: "\""))
    }

    /// Appends a text, escaped, and cut if long, which `...` shows.
    ///
    /// - Parameters:
    ///   - text: any bytes.
    ///   - extra: one more byte to escape.
    ///   - line: where to.
    static func append(_ text: Span<UInt8>, escaping extra: UInt8 = 0, to line: inout [UInt8]) {
        let end = min(text.count, ObservabilityLimits.longestValue)
        for index in 0..<end {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                line.append(UInt8(ascii: "\\"))
                line.append(byte)
            case 0x20...0x7e where byte != extra:
                line.append(byte)
            default:
                line.append(literal: "\\x")
                line.append(hexadecimalDigit: byte >> 4)
                line.append(hexadecimalDigit: byte & 0xf)
            }
        }
        if end < text.count { line.append(literal: "...") }
    }
}
