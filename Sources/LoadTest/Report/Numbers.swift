extension Double {
    /// The number with so many decimals.
    public func text(_ decimals: Int) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (magnitude * scale).rounded()
        guard scaled < 1e15 else { return "\(self)" }
        let whole = Int(scaled)
        let sign = self < 0 && whole > 0 ? "-" : ""
        guard decimals > 0 else { return "\(sign)\(whole)" }
        let digits = String(whole).padded(to: decimals + 1, atStart: true, with: "0")
        return "\(sign)\(digits.dropLast(decimals)).\(digits.suffix(decimals))"
    }

    /// The number with as many decimals as three figures need.
    var briefText: String {
        switch magnitude {
        case 0: "0"
        case ..<0.1: text(self * 100 == (self * 100).rounded() ? 2 : 3)
        case ..<1: text(self * 10 == (self * 10).rounded() ? 1 : 2)
        case ..<10: text(self == rounded() ? 0 : 1)
        default: text(0)
        }
    }
}

extension String {
    /// The text with blanks, or what is given, up to a width.
    func padded(to width: Int, atStart: Bool = false, with filler: String = " ") -> String {
        let filling = String(repeating: filler, count: max(0, width - count))
        return atStart ? filling + self : self + filling
    }
}
