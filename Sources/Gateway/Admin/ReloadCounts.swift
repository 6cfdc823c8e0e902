internal import DER
internal import Observability

/// What became of reloads and upgrades since the start.
struct ReloadCounts: Sendable {
    private(set) var taken = Counter()
    private(set) var refused = Counter()
    private(set) var failedUpgrades = Counter()
    private var isLastTaken = true
    private var lastTaken = Timestamp.now()

    private static let reloads = MetricFamily("poterne_reloads_total", .counter, help: "Reloads that were taken.")
    private static let failures = MetricFamily(
        "poterne_reload_failures_total", .counter, help: "Reloads that were refused: the configuration in force stayed."
    )
    private static let upgradeFailures = MetricFamily(
        "poterne_upgrade_failures_total", .counter, help: "New processes that did not come to serve.")
    private static let lastOutcome = MetricFamily(
        "poterne_last_reload_successful", .gauge, help: "1 when what is on disk was taken by the last reload, else 0.")
    private static let lastSuccess = MetricFamily(
        "poterne_last_reload_success_timestamp_seconds", .maximum, help: "When a configuration was last taken.")

    /// Counts an outcome.
    mutating func note(_ outcome: ReloadOutcome, at moment: Timestamp) {
        isLastTaken = outcome.isTaken
        if isLastTaken {
            taken.increment()
            lastTaken = moment
        } else {
            refused.increment()
        }
    }

    /// Counts a new process that did not come to serve; one that does counts for itself.
    mutating func noteFailedUpgrade() {
        failedUpgrades.increment()
    }

    func add(to metrics: inout MetricsSnapshot) {
        metrics.add(taken, to: Self.reloads)
        metrics.add(refused, to: Self.failures)
        metrics.add(failedUpgrades, to: Self.upgradeFailures)
        metrics.add(Gauge(isLastTaken ? 1 : 0), to: Self.lastOutcome)
        metrics.add(Double(lastTaken.secondsSinceEpoch), to: Self.lastSuccess)
    }
}
