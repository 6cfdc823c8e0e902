internal import Observability

/// What is told of spans.
enum TracingMetrics {
    private static let exported = MetricFamily(
        "poterne_spans_exported_total", .counter, help: "Spans that the collector has taken.")
    private static let dropped = MetricFamily(
        "poterne_spans_dropped_total", .counter,
        help: "Spans that nobody has taken: buffer_full, refused by the collector, or unreachable for too long.")
    private static let failures = MetricFamily(
        "poterne_span_exports_failed_total", .counter, help: "Requests to the collector of spans that failed.")

    static func add(_ counts: SpanCounts, dropped full: UInt64, to metrics: inout MetricsSnapshot) {
        metrics.add(Counter(counts.exported), to: exported)
        metrics.add(Counter(full), to: dropped, MetricLabel("reason", "buffer_full"))
        metrics.add(Counter(counts.refused), to: dropped, MetricLabel("reason", "refused"))
        metrics.add(Counter(counts.unreachable), to: dropped, MetricLabel("reason", "unreachable"))
        metrics.add(Counter(counts.failures), to: failures)
    }
}
