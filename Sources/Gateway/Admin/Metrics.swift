internal import DER
internal import Observability
internal import Revocation
internal import X509

/// The families of metrics, and how reports become samples of them.
enum Metrics {
    static let epoch = MetricFamily(
        "poterne_configuration_epoch", .maximum, help: "Configurations taken since the start.")
    private static let connections = MetricFamily(
        "poterne_connections", .gauge, help: "Open connections, callers' and upstreams'.")
    private static let accepts = MetricFamily("poterne_accepts_total", .counter, help: "Connections accepted.")
    private static let acceptsPutOff = MetricFamily(
        "poterne_accepts_put_off_total", .counter, help: "Times that no descriptor was left to accept with.")
    private static let handshakes = MetricFamily(
        "poterne_handshakes_total", .counter, help: "TLS handshakes completed, by whether a session was resumed.")
    private static let refusals = MetricFamily(
        "poterne_handshakes_refused_total", .counter, help: "TLS handshakes that did not complete, by reason.")
    private static let declined = MetricFamily(
        "poterne_tickets_declined_total", .counter, help: "Session tickets that were not taken, by reason.")
    private static let cuts = MetricFamily(
        "poterne_connections_cut_total", .counter, help: "Open connections ended because their caller may not go on.")
    private static let limited = MetricFamily(
        "poterne_limited_total", .counter, help: "Connections and requests that a limit turned away, by reason.")
    private static let requests = MetricFamily(
        "poterne_requests_total", .counter, help: "Requests answered, by the class of their status.")
    private static let requestRefusals = MetricFamily(
        "poterne_requests_refused_total", .counter, help: "Requests that the gateway itself turned away, by reason.")
    private static let tokenLooks = MetricFamily(
        "poterne_token_cache_total", .counter, help: "Looks for access tokens that were read before, by outcome.")
    private static let tokenKeys = MetricFamily(
        "poterne_token_keys", .gauge, help: "Keys known of a token issuer.")
    private static let durations = MetricFamily(
        "poterne_request_duration_seconds", .histogram, help: "From a request's head to the end of its response.")
    private static let cacheLooks = MetricFamily(
        "poterne_verification_cache_total", .counter, help: "Looks into the verification cache, by outcome.")
    private static let cacheEntries = MetricFamily(
        "poterne_verification_cache_entries", .gauge, help: "Verified certificates remembered.")
    private static let crlEntries = MetricFamily(
        "poterne_crl_entries", .gauge, help: "Revoked serial numbers known, by CA.")
    private static let crlNextUpdate = MetricFamily(
        "poterne_crl_next_update_timestamp_seconds", .maximum, help: "When a CRL expires, by CA.")
    private static let crlThisUpdate = MetricFamily(
        "poterne_crl_this_update_timestamp_seconds", .maximum, help: "When a CRL was issued, by CA.")
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
        metrics.add(counts.accepts, to: accepts)
        metrics.add(counts.acceptsPutOff, to: acceptsPutOff)
        metrics.add(counts.auditOmissions, to: auditOmissions)
        metrics.add(counts.handshakes.full, to: handshakes, MetricLabel("resumed", "false"))
        metrics.add(counts.handshakes.resumed, to: handshakes, MetricLabel("resumed", "true"))
        metrics.add(counts.handshakes.refusals.counts, to: refusals, label: "reason") { $0 }
        metrics.add(counts.ticketsDeclined.counts, to: declined, label: "reason") { $0 }
        metrics.add(counts.cuts.counts, to: cuts, label: "reason") { $0 }
        metrics.add(counts.limited.counts, to: limited, label: "reason") { $0 }
        for (index, counter) in counts.requests.byClass.enumerated() {
            metrics.add(counter, to: requests, MetricLabel("class", index == 0 ? "none" : "\(index)xx"))
        }
        metrics.add(counts.requestsRefused.counts, to: requestRefusals, label: "reason") { $0 }
        metrics.add(counts.tokenCacheHits, to: tokenLooks, MetricLabel("outcome", "hit"))
        metrics.add(counts.tokenCacheMisses, to: tokenLooks, MetricLabel("outcome", "miss"))
        metrics.add(counts.requests.durations, to: durations)
        metrics.add(Counter(report.cache.hits), to: cacheLooks, MetricLabel("outcome", "hit"))
        metrics.add(Counter(report.cache.misses), to: cacheLooks, MetricLabel("outcome", "miss"))
        metrics.add(Counter(report.cache.evictions), to: cacheLooks, MetricLabel("outcome", "eviction"))
        metrics.add(Gauge(Int64(report.cache.entries)), to: cacheEntries)
    }

    static func add(keys count: Int, of issuer: String, to metrics: inout MetricsSnapshot) {
        metrics.add(Gauge(Int64(count)), to: tokenKeys, MetricLabel("issuer", issuer))
    }

    static func add(_ statistics: LogSink.Statistics, to metrics: inout MetricsSnapshot) {
        metrics.add(Counter(statistics.droppedLines), to: logLinesDropped)
        metrics.add(Counter(statistics.failures), to: logFailures)
    }

    static func add(_ snapshot: RevocationSnapshot, of trust: String, to metrics: inout MetricsSnapshot) {
        for authority in snapshot.authorities.values {
            let name = MetricLabel("ca", authority.certificate.subject.values(of: .commonName).first ?? "")
            let trust = MetricLabel("trust", trust)
            for index in authority.indexes {
                metrics.add(Gauge(Int64(index.base.count + (index.delta?.count ?? 0))), to: crlEntries, trust, name)
                metrics.add(Double(index.nextUpdate.secondsSinceEpoch), to: crlNextUpdate, trust, name)
                metrics.add(Double(index.thisUpdate.secondsSinceEpoch), to: crlThisUpdate, trust, name)
            }
        }
    }
}
