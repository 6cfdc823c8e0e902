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
        // Put together first: an append costs twenty times the digit.
        var digits = [16 of UInt8](repeating: 0)
        for index in 0..<16 {
            digits[index] = hexadecimalDigit(UInt8(truncatingIfNeeded: value >> UInt64(60 - index * 4) & 0xf))
        }
        append(digits.span)
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

/// The lower-case digit of a number below 16.
@inline(__always)
func hexadecimalDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}
