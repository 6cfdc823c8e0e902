internal import Observability

/// How upstreams do, as metrics; each worker sees them for itself.
enum UpstreamMetrics {
    private static let up = MetricFamily(
        "poterne_upstream_server_up", .maximum, help: "Whether a server is given requests by any worker.")
    private static let workers = MetricFamily(
        "poterne_upstream_server_workers", .gauge,
        help: "Workers that see a server so: serving, ejected for its failures, or out by its probes.")
    private static let connections = MetricFamily(
        "poterne_upstream_connections", .gauge, help: "Connections to a server, open or being opened.")
    private static let active = MetricFamily(
        "poterne_upstream_active_requests", .gauge, help: "Requests that a server is at work on.")
    private static let outcomes = MetricFamily(
        "poterne_upstream_exchanges_total", .counter,
        help: "Exchanges with a server: good, or failed by it, its statuses 500, 502, 503 and 504 among them.")
    private static let queue = MetricFamily(
        "poterne_upstream_queued_requests", .gauge, help: "Requests that wait for a connection to an upstream.")
    private static let durations = MetricFamily(
        "poterne_upstream_response_duration_seconds", .histogram,
        help: "From the asking for a connection to an upstream to the head of its response.")

    static func add(_ report: UpstreamReport, to metrics: inout MetricsSnapshot) {
        let upstream = MetricLabel("upstream", report.name)
        for server in report.servers {
            let label = MetricLabel("server", server.label)
            metrics.add(server.standing == .serving ? 1 : 0, to: up, upstream, label)
            for standing in ServerStanding.Standing.allCases {
                metrics.add(
                    Gauge(server.standing == standing ? 1 : 0), to: workers, upstream, label,
                    MetricLabel("state", standing.rawValue))
            }
            metrics.add(Gauge(Int64(server.connections)), to: connections, upstream, label)
            metrics.add(Gauge(Int64(server.load)), to: active, upstream, label)
            metrics.add(server.outcomes.good, to: outcomes, upstream, label, MetricLabel("outcome", "good"))
            metrics.add(server.outcomes.bad, to: outcomes, upstream, label, MetricLabel("outcome", "failed"))
        }
        metrics.add(Gauge(Int64(report.queue)), to: queue, upstream)
        metrics.add(report.durations, to: durations, upstream)
    }
}
