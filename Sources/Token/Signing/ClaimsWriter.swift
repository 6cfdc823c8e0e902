/// Writes the claims of a token, member by member.
public struct ClaimsWriter: Sendable {
    private var members: [UInt8] = []

    /// No claims.
    public init() {}

    /// The JSON object.
    var text: [UInt8] { [UInt8(ascii: "{")] + members + [UInt8(ascii: "}")] }

    /// Adds a text, unless there is none.
    public mutating func add(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        begin(name)
        append(value)
    }

    /// Adds a text of bytes that are UTF-8 already.
    public mutating func add(_ name: StaticString, utf8 value: [UInt8]) {
        add(name, String(decoding: value, as: UTF8.self))
    }

    /// Adds a whole number.
    public mutating func add(_ name: StaticString, _ value: Int64) {
        begin(name)
        members.append(contentsOf: "\(value)".utf8)
    }

    /// Adds an object of one text.
    public mutating func add(_ name: StaticString, _ inner: StaticString, _ value: String) {
        begin(name)
        members.append(UInt8(ascii: "{"))
        append("\(inner)")
        members.append(UInt8(ascii: ":"))
        append(value)
        members.append(UInt8(ascii: "}"))
    }

    private mutating func begin(_ name: StaticString) {
        if !members.isEmpty { members.append(UInt8(ascii: ",")) }
        append("\(name)")
        members.append(UInt8(ascii: ":"))
    }

    /// RFC 8259 §7: quotes, backslashes and control characters are escaped.
    private mutating func append(_ text: String) {
        members.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                members.append(UInt8(ascii: "\\"))
                members.append(byte)
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                members.append(contentsOf: "\\u00".utf8)
                members.append(digits[Int(byte >> 4)])
                members.append(digits[Int(byte & 0xF)])
            default: members.append(byte)
            }
        }
        members.append(UInt8(ascii: "\""))
    }
}
