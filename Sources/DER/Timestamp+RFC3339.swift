/// The textual form of logs, headers and command lines.
extension Timestamp: CustomStringConvertible {
    /// Reads a date-time of RFC 3339 §5.6: `2019-06-28T12:00:00Z`, or with an offset; fractions of a second are dropped.
    public init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        // "YYYY-MM-DDTHH:MM:SS" and at least "Z"; the bound leaves room for nanoseconds and an offset.
        guard bytes.count >= 20, bytes.count <= 40 else { return nil }
        guard bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[10] | 0x20 == UInt8(ascii: "t"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":")
        else { return nil }
        let span = bytes.span
        guard let century = Timestamp.twoDigits(at: 0, in: span), let year = Timestamp.twoDigits(at: 2, in: span),
            let month = Timestamp.twoDigits(at: 5, in: span), let day = Timestamp.twoDigits(at: 8, in: span),
            let hour = Timestamp.twoDigits(at: 11, in: span), let minute = Timestamp.twoDigits(at: 14, in: span),
            let second = Timestamp.twoDigits(at: 17, in: span),
            let local = Timestamp(
                year: century * 100 + year, month: month, day: day, hour: hour, minute: minute, second: second)
        else { return nil }
        var index = 19
        if bytes[index] == UInt8(ascii: ".") {
            index += 1
            let start = index
            while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) { index += 1 }
            guard index > start else { return nil }
        }
        guard let offset = Timestamp.offset(at: index, in: bytes) else { return nil }
        self = local.adding(seconds: -offset)
    }

    /// `2019-06-28T12:00:00Z`, as RFC 3339 §5.6 writes it.
    public var rfc3339: String {
        let (year, month, day, hour, minute, second) = components
        var text = ""
        text.reserveCapacity(20)
        for (value, width, separator) in [
            (year, 4, "-"), (month, 2, "-"), (day, 2, "T"), (hour, 2, ":"), (minute, 2, ":"), (second, 2, "Z"),
        ] {
            let digits = String(value)
            text += String(repeating: "0", count: max(0, width - digits.utf8.count))
            text += digits
            text += separator
        }
        return text
    }

    /// The form of RFC 3339.
    public var description: String { rfc3339 }

    /// Seconds east of UTC of `Z`, `+02:00` or `-02:00` when that is all that is left of the text.
    private static func offset(at index: Int, in bytes: [UInt8]) -> Int64? {
        let span = bytes.span
        switch (bytes.count - index, bytes.count > index ? bytes[index] : 0) {
        case (1, UInt8(ascii: "Z")), (1, UInt8(ascii: "z")):
            return 0
        case (6, UInt8(ascii: "+")), (6, UInt8(ascii: "-")):
            guard bytes[index + 3] == UInt8(ascii: ":"), let hours = twoDigits(at: index + 1, in: span), hours < 24,
                let minutes = twoDigits(at: index + 4, in: span), minutes < 60
            else { return nil }
            let seconds = Int64(hours * 3_600 + minutes * 60)
            return bytes[index] == UInt8(ascii: "-") ? -seconds : seconds
        default:
            return nil
        }
    }
}
