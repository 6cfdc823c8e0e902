internal import Glibc

/// A point of civil time.
public struct WallTime: Hashable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z.
    public let seconds: Int64
    /// 0 to 999.
    public let milliseconds: Int

    /// A point of time.
    public init(seconds: Int64, milliseconds: Int = 0) {
        self.seconds = seconds
        self.milliseconds = milliseconds
    }

    /// Reads the clock.
    ///
    /// The corresponding C function is `clock_gettime` with `CLOCK_REALTIME`.
    public static func now() -> WallTime {
        var time = timespec()
        // CLOCK_REALTIME always exists, and the pointer is good: there is no failure to report.
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(seconds: Int64(time.tv_sec), milliseconds: Int(time.tv_nsec / 1_000_000))
    }

    /// Nanoseconds since 1970: until 2554.
    public static func nanosecondsNow() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(clamping: time.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: time.tv_nsec)
    }
}

/// Writes times as text in UTC, working the calendar out once per second only.
public struct WallClock: Sendable {
    /// The second that the fields below are of.
    private var second: Int64?
    private var date = CalendarDate(day: 0)
    private var text: [UInt8] = []

    /// A clock that has written nothing yet.
    public init() {
        text.reserveCapacity(20)
    }

    /// Appends `2026-11-24T09:05:07.123Z` (RFC 3339).
    public mutating func appendRFC3339(_ time: WallTime, to line: inout [UInt8]) {
        update(time.seconds)
        line.append(contentsOf: text)
        line.append(UInt8(ascii: "."))
        line.append(decimal: UInt64(clamping: time.milliseconds), width: 3)
        line.append(UInt8(ascii: "Z"))
    }

    /// Appends `[24/Nov/2026:09:05:07 +0000]`, the time of Apache's log formats.
    public mutating func appendCommonLog(_ time: WallTime, to line: inout [UInt8]) {
        update(time.seconds)
        line.append(UInt8(ascii: "["))
        line.append(decimal: UInt64(clamping: date.dayOfMonth), width: 2)
        line.append(UInt8(ascii: "/"))
        line.append(literal: CalendarDate.monthName(date.month))
        line.append(UInt8(ascii: "/"))
        line.append(decimal: UInt64(clamping: date.year), width: 4)
        line.append(UInt8(ascii: ":"))
        line.append(text.span.extracting(11..<19))
        line.append(literal: " +0000]")
    }

    /// Appends `09:05:07`, in UTC.
    public mutating func appendTimeOfDay(_ time: WallTime, to line: inout [UInt8]) {
        update(time.seconds)
        line.append(text.span.extracting(11..<19))
    }

    private mutating func update(_ seconds: Int64) {
        guard seconds != second else { return }
        second = seconds
        // Years 0 to 9999, which the text has room for: a clock that is further off shows the nearest.
        let seconds = min(max(seconds, -62_167_219_200), 253_402_300_799)
        let ofDay = UInt64(seconds % 86400 + 86400) % 86400
        date = CalendarDate(day: (seconds - Int64(ofDay)) / 86400)
        text.removeAll(keepingCapacity: true)
        text.append(decimal: UInt64(clamping: date.year), width: 4)
        text.append(UInt8(ascii: "-"))
        text.append(decimal: UInt64(clamping: date.month), width: 2)
        text.append(UInt8(ascii: "-"))
        text.append(decimal: UInt64(clamping: date.dayOfMonth), width: 2)
        text.append(UInt8(ascii: "T"))
        text.append(decimal: ofDay / 3600, width: 2)
        text.append(UInt8(ascii: ":"))
        text.append(decimal: ofDay / 60 % 60, width: 2)
        text.append(UInt8(ascii: ":"))
        text.append(decimal: ofDay % 60, width: 2)
    }
}

/// A day of the Gregorian calendar.
private struct CalendarDate {
    let year: Int
    let month: Int
    let dayOfMonth: Int

    /// The day that comes `day` days after 1970-01-01.
    ///
    /// Counts in years that begin in March, so that the leap day is the last, and in eras of 400 years, which all have
    /// 146,097 days.
    init(day: Int64) {
        let sinceMarch0 = day + 719_468
        let era = (sinceMarch0 >= 0 ? sinceMarch0 : sinceMarch0 - 146_096) / 146_097
        let dayOfEra = sinceMarch0 - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        dayOfMonth = Int(dayOfYear - (153 * marchMonth + 2) / 5 + 1)
        month = Int(marchMonth < 10 ? marchMonth + 3 : marchMonth - 9)
        year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
    }

    static func monthName(_ month: Int) -> StaticString {
        switch month {
        case 1: "Jan"
        case 2: "Feb"
        case 3: "Mar"
        case 4: "Apr"
        case 5: "May"
        case 6: "Jun"
        case 7: "Jul"
        case 8: "Aug"
        case 9: "Sep"
        case 10: "Oct"
        case 11: "Nov"
        default: "Dec"
        }
    }
}
