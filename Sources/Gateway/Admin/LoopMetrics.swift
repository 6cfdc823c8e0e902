internal import EventLoop
internal import Observability

/// How well the workers' loops keep up.
enum LoopMetrics {
    private static let lag = MetricFamily(
        "poterne_event_loop_lag_seconds", .maximum, help: "How late a worker's loop is for what is due.")

    static func add(
        _ report: WorkerReport, of worker: Int, at now: MonotonicTime, to metrics: inout MetricsSnapshot
    ) {
        let (seconds, fraction) = Watchdog.lag(of: report, now: now).components
        metrics.add(Double(seconds) + Double(fraction) * 1e-18, to: lag, MetricLabel("worker", "\(worker)"))
    }
}
