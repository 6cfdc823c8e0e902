/// The character classes of RFC 9110 §5.6.2 and RFC 9112, as bit tests.
///
/// A table would have to be a global, whose first use is guarded on every access; two words held in
/// registers are as fast and cannot be late.
public enum Octet {
    /// `HTAB`.
    public static var tab: UInt8 { 0x09 }
    /// `LF`.
    public static var lineFeed: UInt8 { 0x0A }
    /// `CR`.
    public static var carriageReturn: UInt8 { 0x0D }
    /// `SP`.
    public static var space: UInt8 { 0x20 }
    /// `:`.
    public static var colon: UInt8 { 0x3A }
    /// `,`.
    public static var comma: UInt8 { 0x2C }

    /// Whether `byte` may stand in a token: `tchar` of RFC 9110 §5.6.2.
    @inlinable @inline(__always)
    public static func isToken(_ byte: UInt8) -> Bool {
        // Bits 0x21 ! 0x23-27 #$%&' 0x2A * 0x2B + 0x2D - 0x2E . 0x30-39 digits.
        let low: UInt64 = 0x03FF_6CFA_0000_0000
        // Bits A-Z ^ _ ` a-z | ~ of the second half of ASCII.
        let high: UInt64 = 0x57FF_FFFF_C7FF_FFFE
        let word = byte < 64 ? low : high
        return byte < 128 && (word &>> UInt64(byte & 63)) & 1 == 1
    }

    /// Whether `byte` may stand inside a field value: `field-vchar`, `SP` or `HTAB` of RFC 9110 §5.5.
    ///
    /// `obs-text` (0x80 and above) is opaque data and passes.
    @inlinable @inline(__always)
    public static func isFieldContent(_ byte: UInt8) -> Bool {
        byte >= 0x20 ? byte != 0x7F : byte == 0x09
    }

    /// Whether `byte` is a visible ASCII character: `VCHAR`.
    @inlinable @inline(__always)
    public static func isVisible(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }

    /// Whether `byte` is `SP` or `HTAB`.
    @inlinable @inline(__always)
    public static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Whether `byte` is a decimal digit.
    @inlinable @inline(__always)
    public static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// Whether `byte` is an ASCII letter.
    @inlinable @inline(__always)
    public static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    /// Whether `byte` is `unreserved` of RFC 3986 §2.3: a letter, a digit, `-`, `.`, `_` or `~`.
    @inlinable @inline(__always)
    public static func isUnreserved(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == 0x2D || byte == 0x2E || byte == 0x5F || byte == 0x7E
    }

    /// Whether `byte` is one of `sub-delims` of RFC 3986 §2.2.
    @inlinable
    public static func isSubDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21, 0x24, 0x26...0x2C, 0x3B, 0x3D: true
        default: false
        }
    }

    /// The value of a hexadecimal digit, or nil.
    @inlinable @inline(__always)
    public static func hexValue(_ byte: UInt8) -> UInt8? {
        if isDigit(byte) { return byte &- 0x30 }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? letter &+ 10 : nil
    }

    /// The upper-case hexadecimal digit of the low four bits of `value`.
    @inlinable @inline(__always)
    public static func hexDigit(_ value: UInt8) -> UInt8 {
        let nibble = value & 15
        return nibble < 10 ? 0x30 &+ nibble : 0x37 &+ nibble
    }

    /// `byte` with upper-case ASCII letters made lower-case.
    @inlinable @inline(__always)
    public static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }
}

extension Span where Element == UInt8 {
    /// Whether these bytes are those of `text`, with the case of ASCII letters ignored.
    public func equalsIgnoringCase(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        let other = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        for index in 0..<count where Octet.lowercased(self[index]) != Octet.lowercased(unsafe other[index]) {
            return false
        }
        return true
    }

    /// Whether these bytes are those of `other`, with the case of ASCII letters ignored.
    public func equalsIgnoringCase(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where Octet.lowercased(self[index]) != Octet.lowercased(other[index]) {
            return false
        }
        return true
    }

    /// Whether these bytes are exactly those of `other`.
    public func equals(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where self[index] != other[index] { return false }
        return true
    }

    /// These bytes as text for a log or a message; what is not UTF-8 is replaced.
    public var text: String { unsafe withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) } }
}

extension StaticString {
    /// Lends the bytes of a literal.
    @inline(__always)
    public func withSpan<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let bytes = unsafe UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
        return try body(unsafe bytes.span)
    }
}

extension [UInt8] {
    /// Appends a copy of borrowed bytes.
    @inlinable
    public mutating func append(copying bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Appends the bytes of a literal.
    @inlinable
    public mutating func append(literal text: StaticString) {
        unsafe append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends a number in decimal, with no leading zeros.
    public mutating func append(decimal value: UInt64) {
        // 2^64 has 20 digits.
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var index = 20
        var rest = value
        repeat {
            index -= 1
            digits[index] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest != 0
        append(copying: digits.span.extracting(index..<20))
    }

    /// Appends a number in upper-case hexadecimal, with no leading zeros.
    public mutating func append(hexadecimal value: UInt64) {
        var shift = Swift.max(0, (63 - value.leadingZeroBitCount) / 4 * 4)
        if value == 0 { shift = 0 }
        while shift >= 0 {
            append(Octet.hexDigit(UInt8(truncatingIfNeeded: value >> UInt64(shift))))
            shift -= 4
        }
    }
}
