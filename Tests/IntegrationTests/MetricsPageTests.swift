import Foundation
import Glibc
import MetricsText
import TLS
import Testing

extension Integration {
    @Suite("/metrics")
    struct MetricsPageTests {
        /// A gateway with a server that does well, one that is not there, and a caller that is refused.
        private func gateway(_ upstream: Echo) throws -> Gateway {
            var setup = Setup(upstream: upstream.port)
            setup.top = ["admin: {address: \"127.0.0.1:0\"}"]
            setup.routes = [
                "{path: /app, upstream: app}", "{path: /gone, upstream: gone}",
                "{path: /fixed, respond: {status: 418, body: tea}}",
            ]
            setup.upstreams.append(
                "gone: {servers: [{address: \"127.0.0.1:1\"}], health_check: {path: /, interval: 1s, unhealthy: 1}}")
            return try Gateway(setup)
        }

        private func read(_ gateway: Gateway) throws -> MetricsText { MetricsText(try gateway.metrics()) }

        @Test("counts what happened, in a text that a strict reader takes")
        func counts() throws {
            let echo = try Echo()
            let gateway = try gateway(echo)
            for version in TLSVersion.allCases {
                let caller = try gateway.caller(over: version)
                for (path, status) in [
                    ("/app", 200), ("/app", 200), ("/fixed", 418), ("/nowhere", 404), ("/gone", 503),
                ] {
                    let answer = try caller.exchange("GET", path)
                    #expect(answer.status == status || (path == "/gone" && answer.status == 502), "\(path)")
                }
                let session = try #require(caller.session)
                let resumed = try gateway.caller(over: version, resuming: session)
                #expect(resumed.facts?.isResumed == true)
                #expect(try resumed.exchange("GET", "/fixed").status == 418)
            }
            _ = gateway.refusal(of: "wrong/revoked", over: .tls13)

            let text = try eventually("everything is counted") { () -> MetricsText? in
                let text = try read(gateway)
                let isRefused = text.sum("poterne_handshakes_refused_total") == 1
                let isOut =
                    text.value(
                        "poterne_upstream_server_up", ["upstream": "gone", "server": "127.0.0.1:1"]) == 0
                return isRefused && isOut && text.sum("poterne_requests_total") == 12 ? text : nil
            }
            #expect(text.failures == [])
            for version in TLSVersion.allCases {
                for resumed in ["true", "false"] {
                    let labels = ["version": "\(version)", "resumed": resumed]
                    #expect(text.value("poterne_handshakes_total", labels) == 1, "\(labels)")
                }
            }
            #expect(text.value("poterne_handshakes_refused_total", ["reason": "certificate_revoked"]) == 1)
            #expect(text.sum("poterne_handshake_duration_seconds_count") == 4)
            let app = ["listener": "api", "route": "*/app"]
            #expect(text.value("poterne_route_requests_total", app.merging(["status": "200"]) { $1 }) == 4)
            #expect(text.value("poterne_request_duration_seconds_count", app) == 4)
            #expect(text.sum("poterne_route_requests_total", ["route": "*/fixed", "status": "4xx"]) == 4)
            #expect(text.sum("poterne_route_requests_total", ["route": "none", "status": "404"]) == 2)
            #expect(text.sum("poterne_structure_requests_total") == 12)
            #expect(text.names.contains("poterne_structure_requests_total"))
            let structures = text.values.keys.filter { $0.name == "poterne_structure_requests_total" }
            #expect(Set(structures.compactMap { $0.labels["structure"] }).count == 1)
            #expect(text.value("poterne_response_body_bytes_total") ?? 0 > 0)
            #expect(text.sum("poterne_upstream_exchanges_total", ["upstream": "app", "outcome": "good"]) == 4)
            #expect(text.sum("poterne_upstream_server_workers", ["upstream": "app", "state": "serving"]) == 2)
            #expect(text.value("poterne_upstream_response_duration_seconds_count", ["upstream": "app"]) == 4)
            #expect(text.value("poterne_caller_connections", ["listener": "api"]) != nil)
            #expect(text.sum("poterne_crl_number") ?? 0 > 0)
        }

        private static let hasPromtool = (try? run("sh", ["-c", "command -v promtool"]).exitCode) == 0

        @Test("is what promtool takes", .enabled(if: hasPromtool, "promtool, of Prometheus, is not installed"))
        func promtool() throws {
            let echo = try Echo()
            let gateway = try gateway(echo)
            #expect(try gateway.caller().exchange("GET", "/app").status == 200)
            let metrics = try eventually("the request is counted") { () -> String? in
                let text = try gateway.metrics()
                return MetricsText(text).sum("poterne_requests_total") == 1 ? text : nil
            }
            let judged = try run("promtool", ["check", "metrics"], input: Array(metrics.utf8))
            #expect(judged.exitCode == 0 && judged.text.isEmpty, "\(judged.text)\(judged.errors)")
        }

        @Test("goes on counting over a reload, by the same names")
        func reload() throws {
            let echo = try Echo()
            let gateway = try gateway(echo)
            func exchange(_ path: String) throws {
                #expect(try gateway.caller().exchange("GET", path).status == 200)
            }
            func isCounted(_ count: Double) throws -> Bool {
                let text = try read(gateway)
                let labels = ["listener": "api", "route": "*/app", "status": "200"]
                return text.value("poterne_route_requests_total", labels) == count
                    && text.sum("poterne_upstream_exchanges_total", ["upstream": "app", "outcome": "good"]) == count
                    && text.value("poterne_upstream_response_duration_seconds_count", ["upstream": "app"]) == count
                    && text.sum("poterne_structure_requests_total", ["class": "2xx"]) == count
                    && text.failures.isEmpty
            }
            try exchange("/app")
            try eventually("the first is counted") { try isCounted(1) }
            var setup = gateway.setup
            setup.routes.insert("{path: /new, respond: {status: 200, body: new}}", at: 0)
            try gateway.rewrite(setup.yaml)
            try gateway.reload()
            try exchange("/app")
            try eventually("the second is counted behind the first") { try isCounted(2) }
        }

        @Test("says of the process what the kernel says")
        func process() throws {
            let echo = try Echo()
            let gateway = try gateway(echo)
            let text = try read(gateway)
            let resident = try String(contentsOfFile: "/proc/\(gateway.process.pid)/statm", encoding: .utf8)
                .split(separator: " ").dropFirst().first.flatMap { Double($0) }.map { $0 * Double(getpagesize()) }
            let told = try #require(text.value("process_resident_memory_bytes"))
            // It goes on working meanwhile.
            #expect(abs(told - (try #require(resident))) < 16 * 1_048_576)
            #expect(abs((text.value("process_open_fds") ?? 0) - Double(gateway.descriptors)) <= 3)
            #expect(text.value("process_max_fds") ?? 0 > 0)
            #expect(text.value("process_cpu_seconds_total") ?? 0 > 0)
            #expect(text.value("process_start_time_seconds") ?? 0 > 1_700_000_000)
            #expect(text.sum("poterne_build_info") == 1)
        }

        @Test("has each metric that the alert rules and the dashboard name, or one that begins with its first event")
        func named() throws {
            let echo = try Echo()
            let gateway = try gateway(echo)
            #expect(try gateway.caller().exchange("GET", "/app").status == 200)
            let text = try eventually("the request is counted") { () -> MetricsText? in
                let text = try read(gateway)
                return text.sum("poterne_requests_total") == 1 ? text : nil
            }
            let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..")
            // These have a series for each reason, source or list, from the first one on.
            let later: Set<String> = [
                "poterne_handshakes_refused_total", "poterne_connections_cut_total", "poterne_limited_total",
                "poterne_tickets_declined_total", "poterne_enrolled_callers", "poterne_enrolment_stale",
                "poterne_requests_refused_total", "poterne_crl_fetches_total",
            ]
            for file in ["poterne.rules.yaml", "poterne-dashboard.json"] {
                let named = try String(contentsOf: root.appending(path: "conf/monitoring/\(file)"), encoding: .utf8)
                    .matches(of: /\b(?:poterne|process)_[a-z0-9_]+/).map { String($0.output) }
                #expect(!named.isEmpty)
                #expect(Set(named).subtracting(text.names).subtracting(later).sorted() == [], "\(file)")
            }
        }
    }
}
