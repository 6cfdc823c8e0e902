internal import Observability

/// Requests by route, status and structure, as metrics.
///
/// Routes and structures that have none of a status have no sample of it: what nobody asks for costs no series.
struct TrafficMetrics {
    private static let requests = MetricFamily(
        "poterne_requests_total", .counter, help: "Requests answered, by the class of their status.")
    private static let byRoute = MetricFamily(
        "poterne_route_requests_total", .counter, help: "Requests answered, by route and status.")
    private static let byStructure = MetricFamily(
        "poterne_structure_requests_total", .counter,
        help:
            "Requests answered, by the caller's structure and the class of their status; of the first structures to call."
    )
    private static let durations = MetricFamily(
        "poterne_request_duration_seconds", .histogram,
        help: "From a request's head to the end of its response, by route.")
    private static let received = MetricFamily(
        "poterne_request_body_bytes_total", .counter, help: "Bytes of bodies that callers sent.")
    private static let sent = MetricFamily(
        "poterne_response_body_bytes_total", .counter, help: "Bytes of bodies that callers were sent.")

    /// By number.
    let routes: [RouteMeters.Name]
    let structures: [String]

    func add(_ counts: RequestMetrics, to metrics: inout MetricsSnapshot) {
        for (number, counter) in counts.byClass.enumerated() {
            metrics.add(counter, to: Self.requests, MetricLabel("class", StatusMeter.classLabel(number)))
        }
        metrics.add(counts.bytesReceived, to: Self.received)
        metrics.add(counts.bytesSent, to: Self.sent)
        for (number, route) in routes.enumerated() where counts.durations.indices.contains(number) {
            let durations = counts.durations[number]
            let labels = (MetricLabel("listener", route.listener), MetricLabel("route", route.route))
            // What was never asked for is shown all the same where it is configured: a rate needs a beginning.
            guard durations.count > 0 || number >= RouteMeters.reserved else { continue }
            metrics.add(durations, to: Self.durations, labels.0, labels.1)
            for place in 0..<StatusMeter.places {
                let counter = counts.statuses[number * StatusMeter.places + place]
                guard counter.value > 0 else { continue }
                metrics.add(
                    counter, to: Self.byRoute, labels.0, labels.1,
                    MetricLabel("status", StatusMeter.label(of: place)))
            }
        }
        for (number, structure) in structures.enumerated() {
            for statusClass in 0..<StatusMeter.classes {
                let counter = counts.structures[number * StatusMeter.classes + statusClass]
                guard counter.value > 0 else { continue }
                metrics.add(
                    counter, to: Self.byStructure, MetricLabel("structure", structure),
                    MetricLabel("class", StatusMeter.classLabel(statusClass)))
            }
        }
    }
}
