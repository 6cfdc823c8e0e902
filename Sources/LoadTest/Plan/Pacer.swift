import EventLoop

/// Says when one thread's attempts begin.
struct Pacer {
    /// What to do now.
    enum Answer: Equatable {
        /// Begin an attempt that was to begin then.
        case begin(MonotonicTime)
        /// Nothing before then.
        case wait(MonotonicTime)
        /// Nothing more.
        case finished
    }

    /// Attempts that were to begin and never did, because no connection became free in time.
    private(set) var unsent = 0

    private let start: MonotonicTime
    private let end: MonotonicTime?
    private let limit: Int?
    /// Nothing in a closed loop.
    private let rate: Rate?
    private let patience: UInt64
    private var begun = 0

    /// A pacer that begins at `start`, at a rate (open loop) or without one (closed loop).
    ///
    /// Attempts that are due are still begun for `patience` nanoseconds after the end.
    init(start: MonotonicTime, rate: Rate?, duration: Duration?, limit: Int?, patience: UInt64) {
        self.start = start
        self.limit = limit
        self.patience = patience
        self.rate = rate
        end = duration.map { start + $0 }
    }

    /// What to do at the time `now`; an attempt that is to begin counts as begun.
    mutating func next(at now: MonotonicTime) -> Answer {
        if let limit, begun >= limit { return .finished }
        guard let rate else {
            if let end, now >= end { return .finished }
            begun += 1
            return .begin(now)
        }
        // From the start each time: adding up intervals would drift.
        let intended = start.advanced(byNanoseconds: UInt64(rate.time(of: begun) * 1e9))
        if let end {
            guard intended < end else { return .finished }
            if now.nanoseconds(since: end) > patience {
                unsent = dueInAll(rate, until: end) - begun
                return .finished
            }
        }
        guard intended <= now else { return .wait(intended) }
        begun += 1
        return .begin(intended)
    }

    private func dueInAll(_ rate: Rate, until end: MonotonicTime) -> Int {
        let due = rate.count(until: Double(end.nanoseconds(since: start)) / 1e9).rounded(.up)
        return min(Int(due), limit ?? .max)
    }
}
