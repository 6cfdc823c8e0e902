internal import DER

// Figures as each language writes them.

extension Language {
    /// A whole number, its digits in threes.
    func count(_ number: UInt64) -> String {
        let digits = Array("\(number)")
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += self(",", "\u{202F}") }
            text.append(digit)
        }
        return text
    }

    func count(_ number: Int) -> String {
        (number < 0 ? "−" : "") + count(UInt64(number.magnitude))
    }

    /// A number with one decimal where it is small.
    func decimal(_ number: Double) -> String {
        guard number.isFinite, number >= 0, number < 1e15 else { return "–" }
        if number >= 100 { return count(UInt64(number.rounded())) }
        let tenths = UInt64((number * 10).rounded())
        return "\(tenths / 10)" + (tenths % 10 == 0 ? "" : self(".", ",") + "\(tenths % 10)")
    }

    /// A share in percent; a dash where there is nothing to share.
    func percent(_ part: UInt64, of whole: UInt64) -> String {
        guard whole > 0 else { return "–" }
        return decimal(Double(part) * 100 / Double(whole)) + self("%", "\u{202F}%")
    }

    /// A length of time in its two largest units.
    func duration(_ seconds: Int64) -> String {
        let seconds = max(0, seconds)
        let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60)
        if days > 0 { return self("\(days) d", "\(days) j") + (hours > 0 && days < 10 ? " \(hours) h" : "") }
        if hours > 0 { return "\(hours) h" + (minutes > 0 ? " \(minutes) min" : "") }
        if minutes > 0 { return "\(minutes) min" }
        return "\(seconds) s"
    }

    /// How long ago something was.
    func ago(_ seconds: Int64) -> String {
        seconds < 2 ? self("just now", "à l’instant") : self("\(duration(seconds)) ago", "il y a \(duration(seconds))")
    }

    /// A number of days left.
    func days(_ days: Int) -> String {
        switch days {
        case ..<0: self("ended", "expiré")
        case 0: self("today", "aujourd’hui")
        case 1: self("1 day", "1 jour")
        default: self("\(count(days)) days", "\(count(days)) jours")
        }
    }

    /// A moment to the minute, in UTC.
    func date(_ moment: Timestamp) -> String {
        let text = moment.rfc3339
        let parts = text.prefix(10).split(separator: "-")
        guard parts.count == 3, let month = Int(parts[1]), (1...12).contains(month), let day = Int(parts[2]) else {
            return text
        }
        let time = text.dropFirst(11).prefix(5)
        return "\(day)\u{A0}\(months[month - 1])\u{A0}\(parts[0]), \(time)\u{A0}UTC"
    }

    /// The time of day to the second, in UTC.
    func time(_ moment: Timestamp) -> String {
        "\(moment.rfc3339.dropFirst(11).prefix(8))\u{A0}UTC"
    }

    private var months: [String] {
        self(
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
            [
                "janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
            ])
    }
}
