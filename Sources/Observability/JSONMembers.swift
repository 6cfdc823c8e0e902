/// The members of a JSON object that ``JSONLine`` wrote, one after the other: texts, numbers and truth values.
///
/// It trusts the writer and nobody else: what it does not understand ends it.
struct JSONMembers {
    private let text: [UInt8]
    private var position: Int

    init(_ text: [UInt8]) {
        self.text = text
        position = text.first == UInt8(ascii: "{") ? 1 : text.count
    }

    /// Where the next key lies, and what its value means.
    mutating func next() -> (key: Range<Int>, value: [UInt8])? {
        if byte == UInt8(ascii: ",") { position += 1 }
        guard let key = skipText(), byte == UInt8(ascii: ":") else { return nil }
        position += 1
        guard let first = byte else { return nil }
        if first == UInt8(ascii: "\"") {
            guard let range = skipText() else { return nil }
            return (key, Self.meaning(of: text[range]))
        }
        let start = position
        while let byte, byte != UInt8(ascii: ","), byte != UInt8(ascii: "}") {
            guard byte != UInt8(ascii: "{"), byte != UInt8(ascii: "[") else { return nil }
            position += 1
        }
        return (key, Array(text[start..<position]))
    }

    private var byte: UInt8? { text.indices.contains(position) ? text[position] : nil }

    /// Goes behind the text that begins here; where its inside lies.
    private mutating func skipText() -> Range<Int>? {
        guard byte == UInt8(ascii: "\"") else { return nil }
        position += 1
        let start = position
        while let byte, byte != UInt8(ascii: "\"") { position += byte == UInt8(ascii: "\\") ? 2 : 1 }
        guard byte != nil else { return nil }
        position += 1
        return start..<(position - 1)
    }

    /// A text with its escapes resolved, of which the writer has few.
    private static func meaning(of text: ArraySlice<UInt8>) -> [UInt8] {
        guard text.contains(UInt8(ascii: "\\")) else { return Array(text) }
        var meaning: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
                meaning.append(byte)
                continue
            }
            switch escape {
            case UInt8(ascii: "n"): meaning.append(0x0A)
            case UInt8(ascii: "r"): meaning.append(0x0D)
            case UInt8(ascii: "t"): meaning.append(0x09)
            case UInt8(ascii: "u"):
                let digits = rest.prefix(4)
                rest = rest.dropFirst(4)
                let value = digits.reduce(UInt8(0)) { $0 << 4 | (hexadecimalValue($1) ?? 0) }
                meaning.append(value)
            default: meaning.append(escape)
            }
        }
        return meaning
    }
}
