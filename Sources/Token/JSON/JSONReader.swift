/// Why a text is no JSON that is read here.
public enum JSONError: Error, Hashable, Sendable {
    /// It is longer than the limit.
    case tooLarge
    /// It is not UTF-8.
    case notUTF8
    /// It breaks the grammar of RFC 8259 at this byte.
    case syntax(at: Int)
    /// Arrays and objects stand in each other deeper than the limit.
    case tooDeep
    /// It has more values than the limit.
    case tooManyValues
    /// An object has two members of one name: readers disagree on which of them counts (RFC 8259 §4).
    case duplicateMember
}

/// The bounds of one JSON text.
public struct JSONLimits: Sendable {
    /// Bytes of the text.
    public var bytes: Int
    /// Arrays and objects in each other.
    public var depth: Int
    /// Values altogether.
    public var values: Int

    /// Makes bounds.
    public init(bytes: Int, depth: Int, values: Int) {
        self.bytes = bytes
        self.depth = depth
        self.values = values
    }
}

/// Reads a JSON text strictly by RFC 8259 and RFC 7493 (I-JSON), and nothing that is almost one.
package struct JSONReader {
    private let limits: JSONLimits
    private var position = 0
    private var values = 0

    /// The value that a whole text stands for.
    package static func read(_ text: Span<UInt8>, limits: JSONLimits) throws(JSONError) -> JSONValue {
        guard text.count <= limits.bytes else { throw .tooLarge }
        guard (try? UTF8Span(validating: text)) != nil else { throw .notUTF8 }
        var reader = JSONReader(limits: limits)
        let value = try reader.value(in: text, depth: 0)
        reader.skipBlanks(in: text)
        guard reader.position == text.count else { throw .syntax(at: reader.position) }
        return value
    }

    private init(limits: JSONLimits) {
        self.limits = limits
    }

    /// The next byte that is no blank; nil at the end.
    private mutating func peek(in text: Span<UInt8>) -> UInt8? {
        skipBlanks(in: text)
        return position < text.count ? text[position] : nil
    }

    private mutating func skipBlanks(in text: Span<UInt8>) {
        while position < text.count {
            switch text[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private mutating func expect(_ byte: UInt8, in text: Span<UInt8>) throws(JSONError) {
        guard peek(in: text) == byte else { throw .syntax(at: position) }
        position += 1
    }

    /// Takes the byte if it is the next one.
    private mutating func take(_ byte: UInt8, in text: Span<UInt8>) -> Bool {
        guard peek(in: text) == byte else { return false }
        position += 1
        return true
    }

    private mutating func value(in text: Span<UInt8>, depth: Int) throws(JSONError) -> JSONValue {
        values += 1
        guard values <= limits.values else { throw .tooManyValues }
        switch peek(in: text) {
        case UInt8(ascii: "{"): return .object(try object(in: text, depth: depth + 1))
        case UInt8(ascii: "["): return .array(try array(in: text, depth: depth + 1))
        case UInt8(ascii: "\""): return .string(try string(in: text))
        case UInt8(ascii: "t"): return try word("true", as: .boolean(true), in: text)
        case UInt8(ascii: "f"): return try word("false", as: .boolean(false), in: text)
        case UInt8(ascii: "n"): return try word("null", as: .null, in: text)
        case .some: return try number(in: text)
        case .none: throw .syntax(at: position)
        }
    }

    private mutating func word(
        _ word: StaticString, as value: JSONValue, in text: Span<UInt8>
    ) throws(JSONError) -> JSONValue {
        let end = position + word.utf8CodeUnitCount
        guard end <= text.count, text.extracting(position..<end).bytes(equal: word) else {
            throw .syntax(at: position)
        }
        position = end
        return value
    }

    private mutating func object(in text: Span<UInt8>, depth: Int) throws(JSONError) -> JSONObject {
        guard depth <= limits.depth else { throw .tooDeep }
        position += 1
        var members: [JSONObject.Member] = []
        var names: Set<[UInt8]> = []
        if take(UInt8(ascii: "}"), in: text) { return JSONObject(members: members) }
        repeat {
            guard peek(in: text) == UInt8(ascii: "\"") else { throw .syntax(at: position) }
            let name = try string(in: text)
            guard names.insert(name).inserted else { throw .duplicateMember }
            try expect(UInt8(ascii: ":"), in: text)
            members.append(JSONObject.Member(name: name, value: try value(in: text, depth: depth)))
        } while take(UInt8(ascii: ","), in: text)
        try expect(UInt8(ascii: "}"), in: text)
        return JSONObject(members: members)
    }

    private mutating func array(in text: Span<UInt8>, depth: Int) throws(JSONError) -> [JSONValue] {
        guard depth <= limits.depth else { throw .tooDeep }
        position += 1
        var elements: [JSONValue] = []
        if take(UInt8(ascii: "]"), in: text) { return elements }
        repeat { elements.append(try value(in: text, depth: depth)) } while take(UInt8(ascii: ","), in: text)
        try expect(UInt8(ascii: "]"), in: text)
        return elements
    }
}

// MARK: - Numbers

extension JSONReader {
    private mutating func number(in text: Span<UInt8>) throws(JSONError) -> JSONValue {
        let isNegative = position < text.count && text[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let start = position
        var whole: Int64? = 0
        while position < text.count, let digit = Self.digit(text[position]) {
            // RFC 8259 §6: no zeros in front.
            guard position == start || text[start] != UInt8(ascii: "0") else { throw .syntax(at: position) }
            whole = whole.flatMap { Self.append(digit, to: $0, negative: isNegative) }
            position += 1
        }
        guard position > start else { throw .syntax(at: position) }
        if position < text.count, text[position] == UInt8(ascii: ".") {
            position += 1
            try skipDigits(in: text)
        }
        if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < text.count, text[position] == UInt8(ascii: "+") || text[position] == UInt8(ascii: "-") {
                position += 1
            }
            try skipDigits(in: text)
            return .otherNumber
        }
        return whole.map(JSONValue.number) ?? .otherNumber
    }

    private mutating func skipDigits(in text: Span<UInt8>) throws(JSONError) {
        let start = position
        while position < text.count, Self.digit(text[position]) != nil { position += 1 }
        guard position > start else { throw .syntax(at: position) }
    }

    private static func digit(_ byte: UInt8) -> Int64? {
        (0x30...0x39).contains(byte) ? Int64(byte - 0x30) : nil
    }

    private static func append(_ digit: Int64, to number: Int64, negative: Bool) -> Int64? {
        let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
        guard !overflow else { return nil }
        let (sum, exceeds) =
            negative ? tens.subtractingReportingOverflow(digit) : tens.addingReportingOverflow(digit)
        return exceeds ? nil : sum
    }
}

// MARK: - Texts

extension JSONReader {
    private mutating func string(in text: Span<UInt8>) throws(JSONError) -> [UInt8] {
        position += 1
        var bytes: [UInt8] = []
        while position < text.count {
            let byte = text[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return bytes
            case UInt8(ascii: "\\"): try appendEscape(to: &bytes, in: text)
            case 0..<0x20: throw .syntax(at: position - 1)
            default: bytes.append(byte)
            }
        }
        throw .syntax(at: position)
    }

    private mutating func appendEscape(to bytes: inout [UInt8], in text: Span<UInt8>) throws(JSONError) {
        guard position < text.count else { throw .syntax(at: position) }
        let letter = text[position]
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(letter)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"): bytes.append(contentsOf: String(try scalar(in: text)).utf8)
        default: throw .syntax(at: position - 1)
        }
    }

    /// The scalar of `\uXXXX`, of two of them where the first is half of a pair; half of one alone is no text.
    private mutating func scalar(in text: Span<UInt8>) throws(JSONError) -> Unicode.Scalar {
        let first = try codeUnit(in: text)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800..<0xDC00).contains(first), position + 2 <= text.count, text[position] == UInt8(ascii: "\\"),
            text[position + 1] == UInt8(ascii: "u")
        else { throw .syntax(at: position) }
        position += 2
        let second = try codeUnit(in: text)
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
        else { throw .syntax(at: position) }
        return scalar
    }

    private mutating func codeUnit(in text: Span<UInt8>) throws(JSONError) -> UInt16 {
        guard position + 4 <= text.count else { throw .syntax(at: position) }
        var unit: UInt16 = 0
        for _ in 0..<4 {
            let value: UInt8
            switch text[position] {
            case 0x30...0x39: value = text[position] - 0x30
            case 0x41...0x46: value = text[position] - 0x41 + 10
            case 0x61...0x66: value = text[position] - 0x61 + 10
            default: throw .syntax(at: position)
            }
            unit = unit << 4 | UInt16(value)
            position += 1
        }
        return unit
    }
}

extension Span where Element == UInt8 {
    /// Whether the bytes are those of a literal.
    func bytes(equal literal: StaticString) -> Bool {
        guard count == literal.utf8CodeUnitCount else { return false }
        for index in 0..<count where unsafe self[index] != literal.utf8Start[index] { return false }
        return true
    }
}
