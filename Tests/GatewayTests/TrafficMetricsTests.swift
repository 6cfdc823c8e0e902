import Observability
import Testing

@testable import Gateway

@Suite("Requests that are counted")
struct TrafficMetricsTests {
    private static func lines(_ counts: RequestMetrics, routes: RouteMeters, structures: [String]) -> [String] {
        var metrics = MetricsSnapshot()
        TrafficMetrics(routes: routes.names, structures: structures).add(counts, to: &metrics)
        var bytes: [UInt8] = []
        metrics.appendPrometheusText(to: &bytes)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test("have a place for each status, of its own or of its class")
    func statuses() {
        for status in UInt16(0)...UInt16.max {
            let place = StatusMeter.place(of: status)
            let label = StatusMeter.label(of: place)
            let number = (100..<600).contains(status) ? Int(status) / 100 : 0
            #expect(StatusMeter.statusClass(at: place) == number)
            #expect(label == "\(status)" || label == StatusMeter.classLabel(number))
            if ![200, 404, 499, 503].contains(status) { continue }
            #expect(label == "\(status)")
        }
    }

    @Test("have a number for each route and listener, the same after a reload, and one for all beyond the bound")
    func routes() {
        var meters = RouteMeters()
        let first = meters.number(of: "*/a", on: "api")
        #expect(first == RouteMeters.reserved)
        #expect(meters.number(of: "*/a", on: "other") == first + 1)
        var next = meters
        #expect(next.number(of: "*/a", on: "api") == first)
        for number in 0..<2 * Limits.measuredRoutes { _ = next.number(of: "/\(number)", on: "api") }
        #expect(next.names.count == Limits.measuredRoutes + RouteMeters.reserved)
        #expect(next.number(of: "/new", on: "api") == RouteMeters.other)
    }

    @Test("have a number for each of the first structures, and one for all others")
    func structures() {
        let meters = StructureMeters()
        #expect(meters.number(of: nil) == StructureMeters.none)
        let numbers = (0..<2 * Limits.measuredStructures).map { meters.number(of: "1\($0)") }
        #expect(Set(numbers).count == Limits.measuredStructures + 1)
        #expect(numbers.last == StructureMeters.other)
        #expect(meters.number(of: "10") == numbers[0])
        #expect(meters.names.count == StructureMeters.places)
    }

    @Test("are shown by route, status, class and structure")
    func shown() {
        var routes = RouteMeters()
        let route = routes.number(of: "*/", on: "api")
        var counts = RequestMetrics()
        counts.makeRoom(forRoutes: routes.names.count)
        counts.record(status: 200, nanoseconds: 1_000_000, route: route, structure: 2, received: 5, sent: 7)
        counts.record(status: 418, nanoseconds: 1_000_000, route: route, structure: 1)
        counts.record(status: 0, nanoseconds: 1_000_000)
        // Of a configuration that this worker has not heard of.
        counts.record(status: 200, nanoseconds: 1_000_000, route: route + 1)
        let lines = Self.lines(counts, routes: routes, structures: ["none", "other", "1FINESS"])
        for line in [
            #"poterne_requests_total{class="2xx"} 2"#, #"poterne_requests_total{class="4xx"} 1"#,
            #"poterne_requests_total{class="none"} 1"#, "poterne_request_body_bytes_total 5",
            "poterne_response_body_bytes_total 7",
            #"poterne_route_requests_total{listener="api",route="*/",status="200"} 1"#,
            #"poterne_route_requests_total{listener="api",route="*/",status="4xx"} 1"#,
            #"poterne_route_requests_total{listener="",route="none",status="none"} 1"#,
            #"poterne_route_requests_total{listener="",route="other",status="200"} 1"#,
            #"poterne_structure_requests_total{structure="1FINESS",class="2xx"} 1"#,
            #"poterne_structure_requests_total{structure="other",class="4xx"} 1"#,
            #"poterne_request_duration_seconds_count{listener="api",route="*/"} 2"#,
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }
}
