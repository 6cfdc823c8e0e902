/// Writes the date format of HTTP (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
public enum HTTPDate {
    /// Appends the date `seconds` after 1970-01-01T00:00:00Z to `output`.
    public static func append(secondsSinceEpoch seconds: Int64, to output: inout [UInt8]) {
        let days = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
        let second = seconds - days * 86400
        let (year, month, day) = civil(fromDays: days)
        // 1970-01-01 was a Thursday.
        let weekday = Int(((days + 4) % 7 + 7) % 7)
        let weekdays: [7 of StaticString] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months: [12 of StaticString] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        output.append(literal: weekdays[weekday])
        output.append(literal: ", ")
        appendTwoDigits(day, to: &output)
        output.append(Octet.space)
        output.append(literal: months[month - 1])
        output.append(Octet.space)
        appendTwoDigits(Int(year / 100 % 100), to: &output)
        appendTwoDigits(Int(year % 100), to: &output)
        output.append(Octet.space)
        appendTwoDigits(Int(second / 3600), to: &output)
        output.append(Octet.colon)
        appendTwoDigits(Int(second / 60 % 60), to: &output)
        output.append(Octet.colon)
        appendTwoDigits(Int(second % 60), to: &output)
        output.append(literal: " GMT")
    }

    private static func appendTwoDigits(_ number: Int, to output: inout [UInt8]) {
        output.append(0x30 &+ UInt8(truncatingIfNeeded: number / 10 % 10))
        output.append(0x30 &+ UInt8(truncatingIfNeeded: number % 10))
    }

    /// The proleptic Gregorian date of a day counted from 1970-01-01; years are counted from March, so that
    /// the leap day comes last.
    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
        let month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
