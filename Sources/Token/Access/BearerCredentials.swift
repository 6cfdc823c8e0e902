/// The value of an `Authorization` field that carries a token (RFC 6750 §2.1).
public enum BearerCredentials {
    /// Where the token lies in the value; nil when the scheme is another one.
    ///
    /// The scheme is compared without regard to case (RFC 9110 §11.1). What follows it has to be one `b64token`.
    public static func token(in value: Span<UInt8>) throws(TokenRefusal) -> Range<Int>? {
        let scheme = 6
        guard value.count > scheme, isBearer(value.extracting(0..<scheme)), value[scheme] == 0x20 else { return nil }
        var start = scheme
        while start < value.count, value[start] == 0x20 { start += 1 }
        guard value.count - start <= Limits.token else { throw .tooLarge }
        guard start < value.count else { throw .malformed(.form) }
        var end = value.count
        while end > start, value[end - 1] == UInt8(ascii: "=") { end -= 1 }
        guard end > start else { throw .malformed(.form) }
        for index in start..<end where !isTokenByte(value[index]) { throw .malformed(.form) }
        return start..<value.count
    }

    private static func isBearer(_ scheme: Span<UInt8>) -> Bool {
        let word: [6 of UInt8] = [0x62, 0x65, 0x61, 0x72, 0x65, 0x72]
        for index in 0..<6 where scheme[index] | 0x20 != word[index] { return false }
        return true
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "+"),
            UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
