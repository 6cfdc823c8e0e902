import EventLoop

/// Which of a thread's clients are made ready next, before the test: each by an attempt that opens a connection or gains
/// a session.
struct Preparation {
    /// What the first attempt that failed came to.
    private(set) var firstFailure: LoadOutcome?
    /// When the next one is due, where they come at a rate.
    private(set) var waitsUntil: MonotonicTime?

    private let count: Int
    private var begun = 0
    private var ended = 0
    private var pacer: Pacer?

    /// How many are in hand at a time where no rate is asked for: more only fill the server's accept queue.
    private static let width = 32

    /// What a plan needs beforehand; connections that join in a ramp open when they join.
    init(_ plan: LoadPlan, connections: Int) {
        let joinsLater = plan.mode == .request && plan.ramp != nil && plan.pace == .asFastAsAnswered
        count = (plan.keepsConnections && !joinsLater) || plan.roles[.resumed] > 0 ? connections : 0
        guard plan.mode == .connections else { return }
        let rate: Rate
        switch (plan.pace, plan.ramp) {
        case (.perSecond(let whole), _): rate = whole.shared(among: plan.threads)
        case (.asFastAsAnswered, let ramp?): rate = Rate(Double(count) * 1e9 / Double(max(ramp.wholeNanoseconds, 1)))
        case (.asFastAsAnswered, nil): return
        }
        pacer = Pacer(start: .now(), rate: rate, duration: nil, limit: count, patience: 0)
    }

    /// Whether every attempt has ended.
    var isComplete: Bool { ended == count }

    /// The index of a client to be made ready now.
    mutating func next(at now: MonotonicTime) -> Int? {
        waitsUntil = nil
        guard begun < count else { return nil }
        switch pacer?.next(at: now) {
        case .begin: break
        case .wait(let time):
            waitsUntil = time
            return nil
        case .finished: return nil
        case nil where begun - ended >= Self.width: return nil
        case nil: break
        }
        begun += 1
        return begun - 1
    }

    mutating func ended(_ outcome: LoadOutcome) {
        ended += 1
        if !outcome.isSuccess, firstFailure == nil { firstFailure = outcome }
    }
}

/// How a thread's connections join one after the other in the ramp of a closed loop; all at once without one.
struct Joining {
    private let count: Int
    private let start: MonotonicTime
    private let interval: Double
    private var joined = 0

    init(of count: Int, since start: MonotonicTime, over ramp: Duration?) {
        self.count = count
        self.start = start
        interval = Double(ramp?.wholeNanoseconds ?? 0) / Double(max(count, 1))
    }

    /// Those that join by now, and when the next one does; nil when all have.
    mutating func next(at now: MonotonicTime) -> (indices: Range<Int>, nextTime: MonotonicTime?)? {
        guard joined < count else { return nil }
        let elapsed = Double(now.nanoseconds(since: start))
        let due = interval > 0 ? min(count, Int(min(elapsed / interval, 1e9)) + 1) : count
        let indices = joined..<max(joined, due)
        joined = indices.upperBound
        let next = joined < count ? start.advanced(byNanoseconds: UInt64(Double(joined) * interval) + 1) : nil
        return (indices, next)
    }
}
