internal import Observability

/// The families of metrics, and how reports become samples of them.
enum Metrics {
    static let epoch = MetricFamily(
        "poterne_configuration_epoch", .maximum, help: "Configurations taken since the start.")
    private static let connections = MetricFamily(
        "poterne_connections", .gauge, help: "Open connections, callers' and upstreams'.")
    private static let callers = MetricFamily(
        "poterne_caller_connections", .gauge, help: "Open connections of callers, by listener.")
    private static let buffers = MetricFamily(
        "poterne_buffer_bytes", .gauge, help: "Bytes of buffers in use, which buffer_memory bounds.")
    private static let cacheBytes = MetricFamily(
        "poterne_verification_cache_bytes", .gauge, help: "Bytes that verified certificates take, roughly.")
    private static let accepts = MetricFamily("poterne_accepts_total", .counter, help: "Connections accepted.")
    private static let acceptsPutOff = MetricFamily(
        "poterne_accepts_put_off_total", .counter, help: "Times that no descriptor was left to accept with.")
    private static let handshakes = MetricFamily(
        "poterne_handshakes_total", .counter,
        help: "TLS handshakes completed, by version and whether a session was resumed.")
    private static let handshakeDurations = MetricFamily(
        "poterne_handshake_duration_seconds", .histogram,
        help: "From the accept of a connection to the end of its TLS handshake, the caller's time included.")
    private static let refusals = MetricFamily(
        "poterne_handshakes_refused_total", .counter, help: "TLS handshakes that did not complete, by reason.")
    private static let declined = MetricFamily(
        "poterne_tickets_declined_total", .counter, help: "Session tickets that were not taken, by reason.")
    private static let cuts = MetricFamily(
        "poterne_connections_cut_total", .counter, help: "Open connections ended because their caller may not go on.")
    private static let limited = MetricFamily(
        "poterne_limited_total", .counter, help: "Connections and requests that a limit turned away, by reason.")
    private static let requestRefusals = MetricFamily(
        "poterne_requests_refused_total", .counter, help: "Requests that the gateway itself turned away, by reason.")
    private static let tokenLooks = MetricFamily(
        "poterne_token_cache_total", .counter, help: "Looks for access tokens that were read before, by outcome.")
    private static let tokenKeys = MetricFamily(
        "poterne_token_keys", .gauge, help: "Keys known of a token issuer.")
    private static let cacheLooks = MetricFamily(
        "poterne_verification_cache_total", .counter, help: "Looks into the verification cache, by outcome.")
    private static let cacheEntries = MetricFamily(
        "poterne_verification_cache_entries", .gauge, help: "Verified certificates remembered.")
    private static let logLinesDropped = MetricFamily(
        "poterne_log_lines_dropped_total", .counter, help: "Access and audit lines that could not be written.")
    private static let auditOmissions = MetricFamily(
        "poterne_audit_events_omitted_total", .counter,
        help: "Audit events left out because there were too many of one reason in a second.")
    private static let logFailures = MetricFamily(
        "poterne_log_failures_total", .counter, help: "Failed writes to a log, and failed openings after SIGUSR1.")

    private static let enrolledCallers = MetricFamily(
        "poterne_enrolled_callers", .gauge, help: "Callers of the enrolment list in force, by file.")
    private static let staleEnrolments = MetricFamily(
        "poterne_enrolment_stale", .gauge,
        help: "Whether the file of an enrolment list cannot be used, so that an older one is in force.")

    static func add(callers: Int, isStale: Bool, of file: String, to metrics: inout MetricsSnapshot) {
        let label = MetricLabel("file", file)
        metrics.add(Gauge(Int64(callers)), to: enrolledCallers, label)
        metrics.add(Gauge(isStale ? 1 : 0), to: staleEnrolments, label)
    }

    static func add(_ report: WorkerReport, to metrics: inout MetricsSnapshot) {
        let counts = report.metrics
        metrics.add(Gauge(Int64(report.connections)), to: connections)
        for listener in report.listeners {
            metrics.add(Gauge(Int64(listener.connections)), to: callers, MetricLabel("listener", listener.name))
        }
        metrics.add(Gauge(Int64(report.buffers)), to: buffers)
        metrics.add(counts.accepts, to: accepts)
        metrics.add(counts.acceptsPutOff, to: acceptsPutOff)
        metrics.add(counts.auditOmissions, to: auditOmissions)
        for kind in counts.handshakes.completed {
            let resumed = MetricLabel("resumed", "\(kind.isResumed)")
            metrics.add(
                Counter(kind.durations.count), to: handshakes, MetricLabel("version", "\(kind.version)"), resumed)
            metrics.add(kind.durations, to: handshakeDurations, resumed)
        }
        metrics.add(counts.handshakes.refusals.counts, to: refusals, label: "reason") { $0 }
        metrics.add(counts.ticketsDeclined.counts, to: declined, label: "reason") { $0 }
        metrics.add(counts.cuts.counts, to: cuts, label: "reason") { $0 }
        metrics.add(counts.limited.counts, to: limited, label: "reason") { $0 }
        metrics.add(counts.requestsRefused.counts, to: requestRefusals, label: "reason") { $0 }
        metrics.add(counts.tokenCacheHits, to: tokenLooks, MetricLabel("outcome", "hit"))
        metrics.add(counts.tokenCacheMisses, to: tokenLooks, MetricLabel("outcome", "miss"))
        metrics.add(Counter(report.cache.hits), to: cacheLooks, MetricLabel("outcome", "hit"))
        metrics.add(Counter(report.cache.misses), to: cacheLooks, MetricLabel("outcome", "miss"))
        metrics.add(Counter(report.cache.evictions), to: cacheLooks, MetricLabel("outcome", "eviction"))
        metrics.add(Gauge(Int64(report.cache.entries)), to: cacheEntries)
        metrics.add(Gauge(Int64(report.cache.bytes)), to: cacheBytes)
    }

    static func add(keys count: Int, of issuer: String, to metrics: inout MetricsSnapshot) {
        metrics.add(Gauge(Int64(count)), to: tokenKeys, MetricLabel("issuer", issuer))
    }

    static func add(_ statistics: LogSink.Statistics, to metrics: inout MetricsSnapshot) {
        metrics.add(Counter(statistics.droppedLines), to: logLinesDropped)
        metrics.add(Counter(statistics.failures), to: logFailures)
    }
}
