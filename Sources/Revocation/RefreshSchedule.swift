/// When to fetch one CRL, and from which of its sources, tried in order: a state machine that is told the time.
///
/// One fetch at a time. A source that fails is left alone for a time that doubles, up to a ceiling, while the others are
/// tried; one that succeeds ends the round. Times are milliseconds of a clock that never goes back.
public struct RefreshSchedule: Sendable {
    /// How often.
    public struct Pace: Sendable {
        /// Between two rounds that nothing hurries.
        public var refresh: Int64
        /// Between two rounds at least, however near nextUpdate is.
        public var soonest: Int64 = 60_000
        /// After the first failure of a source.
        public var firstRetry: Int64 = 30_000
        /// After many.
        public var longestRetry: Int64 = 3_600_000

        /// Rounds at an interval, a minute apart at least.
        public init(refreshSeconds: Int64) {
            // A week at most: nextUpdate may not be the only thing that brings a revocation.
            refresh = max(60, min(refreshSeconds, 7 * 86_400)) * 1000
        }
    }

    private struct Source: Sendable {
        var failures = 0
        var retryAt = Int64.min
    }

    private enum State: Equatable {
        /// Nothing until then.
        case resting(until: Int64)
        /// In a round: the source to be tried next.
        case choosing(Int)
        /// A source is being fetched.
        case fetching(Int)
    }

    private let pace: Pace
    private var sources: [Source]
    private var state: State
    /// Rounds in a row whose CRL was not yet the one that is awaited.
    private var vainRounds = 0

    /// A schedule whose first round is due at once.
    public init(sources count: Int, pace: Pace) {
        self.pace = pace
        sources = [Source](repeating: Source(), count: max(0, count))
        state = sources.isEmpty ? .resting(until: .max) : .choosing(0)
    }

    /// The source to fetch now; nil when none is due or one is being fetched.
    ///
    /// What is returned is taken as begun.
    public mutating func next(at now: Int64) -> Int? {
        if case .resting(let until) = state, until <= now, !sources.isEmpty { state = .choosing(0) }
        guard case .choosing(let first) = state else { return nil }
        for index in first..<max(first, sources.count) where sources[index].retryAt <= now {
            state = .fetching(index)
            return index
        }
        // All have failed: whichever may be tried again first ends the rest.
        state = .resting(until: sources.map(\.retryAt).min() ?? .max)
        return nil
    }

    /// When `next` will have something, if nothing else happens; nil while a source is being fetched.
    public var wakesAt: Int64? {
        switch state {
        case .resting(let until): until
        case .choosing: .min
        case .fetching: nil
        }
    }

    /// The fetch brought the CRL, or confirmed it.
    ///
    /// - Parameters:
    ///   - now: the time.
    ///   - validityLeft: milliseconds to its nextUpdate: the next round comes when a quarter of that has passed, if that is
    ///     sooner.
    ///   - isAwaited: whether a newer one is known to be there or to come: the next round comes soon, then ever more rarely.
    ///   - random: any number; it spreads the rounds of many gateways by a tenth either way.
    public mutating func succeeded(
        at now: Int64, validityLeft: Int64?, isAwaited: Bool = false, random: UInt64
    ) {
        guard case .fetching(let index) = state else { return }
        sources[index] = Source()
        var interval = pace.refresh
        if let validityLeft { interval = min(interval, max(pace.soonest, validityLeft / 4)) }
        if isAwaited {
            interval = min(interval, RefreshSchedule.doubled(pace.soonest, times: vainRounds, ceiling: pace.refresh))
            vainRounds += 1
        } else {
            vainRounds = 0
        }
        state = .resting(until: now &+ RefreshSchedule.spread(interval, by: random))
    }

    /// The fetch failed: the round goes on with the next source.
    ///
    /// - Returns: when this one may be tried again.
    @discardableResult
    public mutating func failed(at now: Int64, random: UInt64) -> Int64 {
        guard case .fetching(let index) = state else { return now }
        let delay = RefreshSchedule.doubled(
            pace.firstRetry, times: sources[index].failures, ceiling: pace.longestRetry)
        sources[index].failures += 1
        sources[index].retryAt = now &+ RefreshSchedule.spread(delay, by: random)
        state = .choosing(index + 1)
        return sources[index].retryAt
    }

    /// Makes a round due at once, failures forgotten; a fetch that is under way is left to end first.
    public mutating func hasten() {
        guard !sources.isEmpty else { return }
        for index in sources.indices { sources[index] = Source() }
        if case .resting = state { state = .choosing(0) }
    }

    /// Makes a round due at once because a newer CRL is known to be wanted, without a way round any pause.
    ///
    /// A source that failed is left alone as long as before, and once a round was in vain, the next comes when that said.
    public mutating func urge() {
        guard vainRounds == 0, !sources.isEmpty, case .resting = state else { return }
        state = .choosing(0)
    }

    private static func doubled(_ interval: Int64, times: Int, ceiling: Int64) -> Int64 {
        let (doubled, overflow) = interval.multipliedReportingOverflow(by: 1 << Int64(min(times, 30)))
        return overflow ? ceiling : min(doubled, ceiling)
    }

    /// An interval, a tenth more or less.
    private static func spread(_ interval: Int64, by random: UInt64) -> Int64 {
        let tenth = max(1, interval / 10)
        return interval - tenth + Int64(random % UInt64(2 * tenth))
    }
}
