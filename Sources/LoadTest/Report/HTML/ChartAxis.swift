internal import Glibc

/// One direction of a chart: which numbers it shows, where, and which of them it names.
struct ChartAxis {
    private enum Shape { case linear, logarithmic }

    /// The numbers that are named, with their names.
    let ticks: [(value: Double, label: String)]
    private let first: Double
    private let last: Double
    private let shape: Shape

    /// From zero to at least `greatest`, evenly.
    static func linear(upTo greatest: Double) -> ChartAxis {
        let step = roundStep(max(greatest, 1e-9) / 5)
        let count = max(1, Int((greatest / step).rounded(.up)))
        let values = (0...count).map { Double($0) * step }
        return ChartAxis(
            ticks: values.map { ($0, $0.briefText) }, first: 0, last: values[count], shape: .linear)
    }

    /// Seconds from zero to the end of a test.
    static func seconds(upTo greatest: Double) -> ChartAxis {
        let greatest = max(greatest, 1)
        let step = max(1, roundStep(greatest / 8))
        let values = stride(from: 0, through: greatest, by: step)
        return ChartAxis(
            ticks: values.map { ($0, "\($0.briefText) s") }, first: 0, last: greatest, shape: .linear)
    }

    /// From below `least` to above `greatest` by factors, with 1, 2 and 5 named where there is room.
    static func logarithmic(from least: Double, upTo greatest: Double) -> ChartAxis {
        let least = max(least, 1e-3)
        let greatest = max(greatest, least * 1.001)
        let decades = Int(log10(least).rounded(.down))...Int(log10(greatest).rounded(.up))
        let factors: [Double] = decades.count > 4 ? [1] : [1, 2, 5]
        let values = decades.flatMap { decade in factors.map { $0 * pow(10, Double(decade)) } }
        let first = values.last { $0 <= least } ?? least
        let last = values.first { $0 >= greatest } ?? greatest
        return ChartAxis(
            ticks: values.filter { (first...last).contains($0) }.map { ($0, $0.briefText) }, first: first, last: last,
            shape: .logarithmic)
    }

    /// Shares of all, 0 to so many nines, each nine as wide as the one before.
    static func nines(_ count: Int) -> ChartAxis {
        let names = ["0", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %", "99.9999 %"]
        let count = min(max(count, 1), names.count - 1)
        return ChartAxis(
            ticks: (0...count).map { (Double($0), names[$0]) }, first: 0, last: Double(count), shape: .linear)
    }

    /// Where on the axis a number stands, from 0 to 1.
    func position(of value: Double) -> Double {
        let share =
            switch shape {
            case .linear: (value - first) / (last - first)
            case .logarithmic: log(max(value, first) / first) / log(last / first)
            }
        return min(max(share, 0), 1)
    }

    /// The least of 1, 2 and 5 times a power of ten that is not below `least`.
    private static func roundStep(_ least: Double) -> Double {
        let power = pow(10, log10(least).rounded(.down))
        return [1, 2, 5, 10].map { $0 * power }.first { $0 >= least * 0.999_999 } ?? 10 * power
    }
}
