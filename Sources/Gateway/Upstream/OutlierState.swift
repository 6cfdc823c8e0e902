internal import EventLoop

/// What exchanges have shown of one server: whether it failed so often in a row that it is left alone for a while.
struct OutlierState: Equatable, Sendable {
    /// `outlier` of the configuration.
    struct Settings: Equatable, Sendable {
        let consecutiveFailures: Int
        let ejection: Duration
    }

    private let settings: Settings
    private var failures = 0
    /// The end of the last ejection, past or to come; nil if there was none.
    private(set) var ejectedUntil: MonotonicTime?

    init(_ settings: Settings) {
        self.settings = settings
    }

    func isEjected(at now: MonotonicTime) -> Bool {
        guard let ejectedUntil else { return false }
        return now < ejectedUntil
    }

    /// Takes the outcome of an exchange.
    ///
    /// What ends while the server is ejected began before, and says nothing new.
    /// - Returns: whether the server is ejected by it.
    mutating func record(success: Bool, at now: MonotonicTime) -> Bool {
        guard !isEjected(at: now) else { return false }
        failures = success ? 0 : failures + 1
        guard failures >= settings.consecutiveFailures else { return false }
        failures = 0
        ejectedUntil = now + settings.ejection
        return true
    }
}
