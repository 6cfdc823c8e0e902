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
    /// Nanoseconds from one attempt to the next; nothing in a closed loop.
    private let interval: Double?
    private let patience: UInt64
    private var begun = 0

    /// A pacer that begins at `start`, at a rate (open loop) or without one (closed loop).
    ///
    /// Attempts that are due are still begun for `patience` nanoseconds after the end.
    init(start: MonotonicTime, perSecond: Double?, duration: Duration?, limit: Int?, patience: UInt64) {
        self.start = start
        self.limit = limit
        self.patience = patience
        end = duration.map { start + $0 }
        interval = perSecond.map { 1e9 / $0 }
    }

    /// What to do at the time `now`; an attempt that is to begin counts as begun.
    mutating func next(at now: MonotonicTime) -> Answer {
        if let limit, begun >= limit { return .finished }
        guard let interval else {
            if let end, now >= end { return .finished }
            begun += 1
            return .begin(now)
        }
        let intended = intendedTime(begun, interval)
        if let end {
            guard intended < end else { return .finished }
            if now.nanoseconds(since: end) > patience {
                unsent = Int(Double(end.nanoseconds(since: intended)) / interval) + 1
                return .finished
            }
        }
        guard intended <= now else { return .wait(intended) }
        begun += 1
        return .begin(intended)
    }

    /// By multiplication: adding up intervals would drift.
    private func intendedTime(_ index: Int, _ interval: Double) -> MonotonicTime {
        start.advanced(byNanoseconds: UInt64(Double(index) * interval))
    }
}
