internal import EventLoop

/// Whether one server is given requests, and how many: what probes and exchanges have shown, and its slow start.
struct ServerStanding: Equatable, Sendable {
    /// What may be made of a server now.
    enum Standing: String, Sendable, CaseIterable {
        /// It is given requests.
        case serving
        /// Too many exchanges failed in a row: it is given requests only when no other server is left.
        case ejected
        /// Its probes fail: it is given none.
        case out
    }

    /// What came of news about a server.
    enum Change: Equatable, Sendable {
        case wentOut, cameBack, ejected
    }

    private var health: HealthState?
    private var outlier: OutlierState?
    /// When the server last came back; nil if it was never away.
    private var cameBack: MonotonicTime?

    init(health: HealthState.Thresholds?, outlier: OutlierState.Settings?) {
        self.health = health.map { HealthState($0) }
        self.outlier = outlier.map { OutlierState($0) }
    }

    func standing(at now: MonotonicTime) -> Standing {
        if let health, !health.isHealthy { return .out }
        if let outlier, outlier.isEjected(at: now) { return .ejected }
        return .serving
    }

    /// The share of its weight that the server gets, in percent: a server that comes back, with cold caches, is given
    /// its part bit by bit.
    func share(at now: MonotonicTime) -> Int {
        var since = cameBack
        if let ended = outlier?.ejectedUntil, ended <= now { since = max(ended, since ?? ended) }
        guard let since else { return 100 }
        let whole = Limits.slowStart.wholeNanoseconds
        let elapsed = now.nanoseconds(since: since)
        guard elapsed < whole else { return 100 }
        let least = Limits.slowStartShare
        return least + (100 - least) * Int(elapsed / 1_000_000) / Int(max(1, whole / 1_000_000))
    }

    /// Takes the outcome of a probe.
    mutating func probed(success: Bool, at now: MonotonicTime) -> Change? {
        guard health?.record(success: success) == true else { return nil }
        guard success else { return .wentOut }
        cameBack = now
        return .cameBack
    }

    /// Takes the outcome of an exchange.
    mutating func used(success: Bool, at now: MonotonicTime) -> Change? {
        outlier?.record(success: success, at: now) == true ? .ejected : nil
    }
}
