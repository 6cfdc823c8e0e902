/// Numbers as text, appended without making a `String`.
extension [UInt8] {
    mutating func append(literal text: StaticString) {
        unsafe append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(decimal value: UInt64) {
        var digits = [20 of UInt8](repeating: 0)
        var first = 20
        var rest = value
        repeat {
            first -= 1
            digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        for index in first..<20 { append(digits[index]) }
    }

    /// Appends the lowest `width` decimal digits, zeros in front.
    mutating func append(decimal value: UInt64, width: Int) {
        var divisor: UInt64 = 1
        for _ in 1..<Swift.max(width, 1) { divisor &*= 10 }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }

    /// Appends nanoseconds as milliseconds with three decimals, cut, not rounded.
    mutating func append(milliseconds nanoseconds: UInt64) {
        append(decimal: nanoseconds / 1_000_000)
        append(UInt8(ascii: "."))
        append(decimal: nanoseconds / 1000 % 1000, width: 3)
    }

    /// Appends lower-case hexadecimal, all sixteen digits.
    mutating func append(hexadecimal value: UInt64) {
        let digits = (
            hexadecimalDigits(UInt32(truncatingIfNeeded: value >> 32)),
            hexadecimalDigits(UInt32(truncatingIfNeeded: value))
        )
        unsafe Swift.withUnsafeBytes(of: digits) { unsafe append(contentsOf: $0) }
    }

    mutating func append(hexadecimalDigit digit: UInt8) {
        append(Observability.hexadecimalDigit(digit))
    }

    mutating func append(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}

/// The value of a lower-case hexadecimal digit, or `nil`.
func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
}

/// The eight lower-case digits of a number as they lie in memory, the first one first.
///
/// All at once, a digit to an octet: every request has two identifiers of them, and one by one they took 3 % of its
/// instructions.
@inline(__always)
func hexadecimalDigits(_ value: UInt32) -> UInt64 {
    var digits = UInt64(value.byteSwapped)
    digits = (digits | digits << 16) & 0x0000_ffff_0000_ffff
    digits = (digits | digits << 8) & 0x00ff_00ff_00ff_00ff
    digits = digits >> 4 & 0x000f_000f_000f_000f | digits << 8 & 0x0f00_0f00_0f00_0f00
    // 1 where the digit is a letter, which lies 39 behind where the tenth digit would.
    let letters = (digits &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    return (digits &+ 0x3030_3030_3030_3030 &+ letters &* 39).littleEndian
}

/// The lower-case digit of a number below 16.
@inline(__always)
func hexadecimalDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}
