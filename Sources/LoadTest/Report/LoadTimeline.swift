public import Observability

/// How a load test went on: what ended in each interval, a second long at first.
///
/// Belongs to one thread; those of several add up.
public struct LoadTimeline: Sendable {
    /// What ended in one interval.
    public struct Interval: Sendable {
        /// Attempts.
        public var attempts = 0
        /// Attempts that did not come to what their role should.
        public var unexpected = 0
        /// From when they were to begin to their end.
        public var times = Histogram(precision: 5)

        static func += (sum: inout Interval, other: Interval) {
            sum.attempts += other.attempts
            sum.unexpected += other.unexpected
            sum.times += other.times
        }
    }

    /// The length of an interval in seconds: a power of two.
    public private(set) var width = 1

    /// The intervals from the start of the test, the last one of which may be cut short by its end.
    public private(set) var intervals: [Interval] = []

    /// More would only cost memory, 9 kB each, and no chart could show them.
    static let mostIntervals = 600

    /// Records the end of an attempt.
    mutating func record(after nanoseconds: UInt64, took time: UInt64, isExpected: Bool) {
        let second = Int(nanoseconds / 1_000_000_000)
        while second / width >= Self.mostIntervals { coarsen() }
        while intervals.count <= second / width { intervals.append(Interval()) }
        intervals[second / width].attempts += 1
        if !isExpected { intervals[second / width].unexpected += 1 }
        intervals[second / width].times.record(nanoseconds: time)
    }

    /// Puts pairs of intervals together.
    mutating func coarsen() {
        width *= 2
        for index in 0..<(intervals.count + 1) / 2 {
            var sum = intervals[2 * index]
            if 2 * index + 1 < intervals.count { sum += intervals[2 * index + 1] }
            intervals[index] = sum
        }
        intervals.removeLast(intervals.count / 2)
    }

    /// The same in at most so many intervals.
    public func inAtMost(_ count: Int) -> LoadTimeline {
        var copy = self
        while copy.intervals.count > max(count, 1) { copy.coarsen() }
        return copy
    }

    static func += (sum: inout LoadTimeline, other: LoadTimeline) {
        var other = other
        while sum.width < other.width { sum.coarsen() }
        while other.width < sum.width { other.coarsen() }
        while sum.intervals.count < other.intervals.count { sum.intervals.append(Interval()) }
        for (index, interval) in other.intervals.enumerated() { sum.intervals[index] += interval }
    }
}

extension LoadTimeline {
    /// An interval as reports give it.
    public struct Row: Sendable {
        /// When it begins, in seconds from the start of the test.
        public var second: Int
        /// Attempts that ended, for each second.
        public var attemptsPerSecond: Double
        /// Those that did not come to what their role should, for each second.
        public var unexpectedPerSecond: Double
        /// Half of the attempts took at most so many milliseconds.
        public var p50: Double
        /// Of a hundred attempts, 99 took at most so many milliseconds.
        public var p99: Double
    }

    /// The intervals of a test that lasted for so many seconds: its last interval counts for as much as it lasted.
    ///
    /// What is less than a tenth of an interval, such as the stragglers after the end, is put to the one before: its rate
    /// would be that of a handful.
    public func rows(of seconds: Double) -> [Row] {
        let whole = Double(width)
        var intervals = intervals
        var rest = seconds - Double(intervals.count - 1) * whole
        if intervals.count > 1, rest < whole / 10 {
            let stragglers = intervals.removeLast()
            intervals[intervals.count - 1] += stragglers
            rest = whole + max(rest, 0)
        }
        return intervals.enumerated().map { index, interval in
            let length = index == intervals.count - 1 ? max(rest, whole / 10) : whole
            return Row(
                second: index * width, attemptsPerSecond: Double(interval.attempts) / length,
                unexpectedPerSecond: Double(interval.unexpected) / length,
                p50: Double(interval.times.quantile(0.5)) / 1e6, p99: Double(interval.times.quantile(0.99)) / 1e6)
        }
    }
}
