/// What the probes of one server have said: whether it is in or out.
///
/// A server begins in, so that a start or a reload costs nobody a request.
struct HealthState: Equatable, Sendable {
    /// How many outcomes in a row it takes to change.
    struct Thresholds: Equatable, Sendable {
        /// Successes that bring a server back.
        let healthy: Int
        /// Failures that take it out.
        let unhealthy: Int
    }

    private let thresholds: Thresholds
    /// Whether the server may be given requests.
    private(set) var isHealthy = true
    /// Outcomes in a row that speak against the present state.
    private var streak = 0

    init(_ thresholds: Thresholds) {
        self.thresholds = thresholds
    }

    /// Takes the outcome of a probe.
    ///
    /// - Returns: whether the state has changed by it.
    mutating func record(success: Bool) -> Bool {
        guard success != isHealthy else {
            streak = 0
            return false
        }
        streak += 1
        guard streak >= (isHealthy ? thresholds.unhealthy : thresholds.healthy) else { return false }
        isHealthy = success
        streak = 0
        return true
    }
}
