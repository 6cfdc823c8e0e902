import DER

extension Timestamp {
    /// The same day and second some years and months later, the last of the month where the day does not exist.
    func adding(years: Int = 0, months: Int = 0) -> Timestamp {
        let date = components
        let count = date.year * 12 + (date.month - 1) + years * 12 + months
        for day in stride(from: date.day, through: 1, by: -1) {
            if let moment = Timestamp(
                year: count / 12, month: count % 12 + 1, day: day, hour: date.hour, minute: date.minute,
                second: date.second)
            {
                return moment
            }
        }
        return self
    }

    func adding(days: Int) -> Timestamp { adding(seconds: Int64(days) * 86_400) }

    /// The first second of its day.
    var midnight: Timestamp {
        let date = components
        return Timestamp(year: date.year, month: date.month, day: date.day) ?? self
    }
}
