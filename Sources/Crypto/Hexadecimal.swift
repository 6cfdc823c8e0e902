/// Bytes as hexadecimal digits.
public enum Hexadecimal {
    /// Which letters stand for ten to fifteen.
    public enum Letters: Sendable { case lowercase, uppercase }

    /// Appends two ASCII digits for each byte.
    public static func append(_ bytes: Span<UInt8>, to text: inout [UInt8], letters: Letters = .lowercase) {
        let ten: UInt8 = letters == .lowercase ? 0x61 : 0x41
        text.reserveCapacity(text.count + 2 * bytes.count)
        for index in bytes.indices {
            let byte = bytes[index]
            text.append(digit(byte >> 4, ten))
            text.append(digit(byte & 0xF, ten))
        }
    }

    /// The bytes as text.
    public static func encode(_ bytes: Span<UInt8>, letters: Letters = .lowercase) -> String {
        var text: [UInt8] = []
        append(bytes, to: &text, letters: letters)
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that the digits stand for, or nothing if it is not an even number of hexadecimal digits.
    public static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        guard text.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2)
        var index = 0
        while index < text.count {
            guard let high = value(of: text[index]), let low = value(of: text[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
            index += 2
        }
        return bytes
    }

    /// The bytes that the digits stand for, or nothing if it is not an even number of hexadecimal digits.
    public static func decode(_ text: String) -> [UInt8]? {
        decode(Array(text.utf8).span)
    }

    private static func digit(_ value: UInt8, _ ten: UInt8) -> UInt8 {
        value < 10 ? 0x30 &+ value : ten &+ (value &- 10)
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
}
