import ArgumentParser

/// A rate on the command line: attempts a second, or from one number of them to another.
struct LoadRate: ExpressibleByArgument, Equatable {
    /// Where it begins, if that was said.
    var first: Double?
    /// Where it ends.
    var last: Double

    private static let highest = 1e6

    init?(argument: String) {
        guard let dots = argument.firstRange(of: "..") else {
            guard let last = Double(argument), last > 0, last <= Self.highest else { return nil }
            self.last = last
            return
        }
        guard let first = Double(argument[..<dots.lowerBound]), first >= 0, first <= Self.highest,
            let last = Double(argument[dots.upperBound...]), last > 0, last <= Self.highest
        else { return nil }
        self.first = first
        self.last = last
    }
}
