/// Durations as they are written: a whole number and `ms`, `s`, `m`, `h` or `d`.
enum DurationForm {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    /// The duration written, `nil` for anything else.
    static func parse(_ text: String) -> Duration? {
        guard let (digits, unit) = splitNumber(text), let number = Int64(digits),
            let scale = units.first(where: { $0.name == unit })
        else { return nil }
        let (milliseconds, overflow) = number.multipliedReportingOverflow(by: scale.milliseconds)
        return overflow ? nil : .milliseconds(milliseconds)
    }

    /// The shortest way to write a duration.
    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return "\(seconds)s" }
        let milliseconds = scaled + attoseconds / 1_000_000_000_000_000
        guard milliseconds != 0 else { return "0s" }
        let unit = units.first { milliseconds % $0.milliseconds == 0 } ?? ("ms", 1)
        return "\(milliseconds / unit.milliseconds)\(unit.name)"
    }
}

/// Sizes as they are written: bytes, or a whole number and `KiB`, `MiB`, `GiB` or `TiB`.
enum SizeForm {
    private static let units: [(name: String, bytes: Int)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("", 1),
    ]

    /// The bytes written, `nil` for anything else.
    static func parse(_ text: String) -> Int? {
        guard let (digits, unit) = splitNumber(text), let number = Int(digits),
            let scale = units.first(where: { $0.name == unit })
        else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: scale.bytes)
        return overflow ? nil : bytes
    }

    /// The shortest way to write a number of bytes.
    static func text(_ bytes: Int) -> String {
        guard bytes != 0 else { return "0" }
        let unit = units.first { bytes % $0.bytes == 0 } ?? ("", 1)
        return "\(bytes / unit.bytes)\(unit.name)"
    }

    /// What was probably meant by a size in another manner (`16k`, `10MB`).
    static func guess(_ text: String) -> String? {
        guard let (digits, unit) = splitNumber(text), let letter = unit.uppercased().first,
            let name = units.first(where: { $0.name.first == letter })?.name
        else { return nil }
        return digits + name
    }
}

/// Decimal digits, without a sign, and what follows them.
private func splitNumber(_ text: String) -> (digits: String, unit: String)? {
    let digits = text.prefix { ("0"..."9").contains($0) }
    // Nineteen digits fill an Int64; the conversion tells about the rest.
    guard !digits.isEmpty, digits.utf8.count <= 19 else { return nil }
    return (String(digits), String(text[digits.endIndex...]))
}

extension UInt8 {
    /// An ASCII letter.
    var isLetter: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
    }

    /// An ASCII digit.
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    /// An ASCII letter or digit.
    var isLetterOrDigit: Bool { isLetter || isDigit }
}
