/// A field name known to be a token, with its bytes as they will be written.
///
/// What a configuration or a preset names is made into one of these once, at start; a field section then
/// takes it without looking at it again.
public struct FieldName: Hashable, Sendable, CustomStringConvertible {
    /// The name as it will be written.
    public let bytes: [UInt8]
    /// What the name means here.
    public let known: KnownField

    /// Takes a name, or returns nil when it is not a token (RFC 9110 §5.1).
    public init?(_ name: Span<UInt8>) {
        guard FieldName.isValid(name) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(name.count)
        bytes.append(copying: name)
        self.bytes = bytes
        known = KnownField(name)
    }

    /// Takes a name from text, or returns nil when it is not a token.
    public init?(_ name: String) {
        let bytes = [UInt8](name.utf8)
        self.init(bytes.span)
    }

    /// The name as text.
    public var description: String { bytes.span.text }

    /// Whether `name` is a non-empty token.
    public static func isValid(_ name: Span<UInt8>) -> Bool {
        for index in 0..<name.count where !Octet.isToken(name[index]) { return false }
        return name.count > 0
    }

    /// Whether `name` is a token without upper-case letters, as HTTP/2 demands (RFC 9113 §8.2.1).
    public static func isValidLowercase(_ name: Span<UInt8>) -> Bool {
        for index in 0..<name.count {
            let byte = name[index]
            guard Octet.isToken(byte), byte &- 0x41 >= 26 else { return false }
        }
        return name.count > 0
    }

    /// Whether `value` holds nothing but field content.
    public static func isContent(_ value: Span<UInt8>) -> Bool {
        var index = value.endOfPlainContent(from: 0)
        while index < value.count {
            guard value[index] == Octet.tab else { return false }
            index = value.endOfPlainContent(from: index + 1)
        }
        return true
    }

    /// Whether `value` holds nothing but field content, and neither begins nor ends with a blank.
    public static func isValidValue(_ value: Span<UInt8>) -> Bool {
        guard isContent(value) else { return false }
        guard value.count > 0 else { return true }
        return !Octet.isBlank(value[0]) && !Octet.isBlank(value[value.count - 1])
    }

    /// `byte` as identity families are compared: case folded, and all that is neither letter nor digit one character.
    ///
    /// CGI-like upstreams turn `X-A` and `X_A` into one variable (RFC 3875 §4.1.18), PHP `X.A` too, and lighttpd
    /// `X~A` and every other token as well, so a name that differs from a protected one only so must be taken for it.
    @inlinable @inline(__always)
    public static func folded(_ byte: UInt8) -> UInt8 {
        Octet.isLetter(byte) || Octet.isDigit(byte) ? Octet.lowercased(byte) : 0x2D
    }
}
