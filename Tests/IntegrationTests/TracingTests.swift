import Foundation
import Testing

extension Integration {
    @Suite("Spans", .enabled(if: Python.openTelemetry != nil, "opentelemetry-proto cannot be had from PyPI"))
    struct TracingTests {
        private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        private static let parent = "00f067aa0ba902b7"

        private func setup(
            _ endpoint: String, upstream port: UInt16, sample: String = "1", _ more: String = ""
        ) -> Setup {
            var setup = Setup(upstream: port)
            setup.workers = 1
            setup.top = ["admin: {address: \"127.0.0.1:0\"}", Self.tracing(endpoint, sample: sample, more)]
            return setup
        }

        private static func tracing(_ endpoint: String, sample: String, _ more: String = "") -> String {
            "tracing: {endpoint: \"\(endpoint)\", sample: \(sample)\(more)}"
        }

        @Test("a request has a span, and its try another below it, which is the one that the upstream is told of")
        func request() throws {
            let (collector, upstream) = (try Collector(), try Upstream())
            let gateway = try Gateway(
                setup(
                    collector.endpoint, upstream: upstream.port,
                    ", service_name: essai, headers: {Authorization: \"Bearer abc\"}"))
            let caller = try gateway.caller()
            #expect(try caller.exchange("GET", "/fhir/Patient?name=DUPONT").status == 200)
            let spans = try collector.spans(2)
            #expect(collector.faults == [])
            let server = try #require(spans.first { $0.isServer })
            let client = try #require(spans.first { !$0.isServer })
            #expect(server.parent == "")
            #expect(client.parent == server.span)
            #expect(client.trace == server.trace)
            let told = try #require(upstream.requests.first?.fields["traceparent"])
            #expect(told == "00-\(server.trace)-\(client.span)-03")
            #expect(server.start <= client.start && client.start <= client.end && client.end <= server.end)
            let now = UInt64(Date.now.timeIntervalSince1970) * 1_000_000_000
            #expect(server.start > now - 60_000_000_000 && server.start < now + 60_000_000_000)

            #expect(server.name == "GET /")
            #expect(server["http.request.method"] == "GET")
            #expect(server["http.route"] == "/")
            #expect(server["url.scheme"] == "https")
            #expect(server["url.path"] == "/fhir/Patient")
            #expect(server["http.response.status_code"] == "200")
            #expect(server["network.protocol.version"] == "1.1")
            #expect(server["tls.protocol.version"] == "1.3")
            #expect(server["client.address"] == "127.0.0.1")
            #expect(server["server.address"] == "localhost")
            #expect(server["poterne.structure"] != nil)
            let line = try gateway.accessLine { $0["path"] == "/fhir/Patient" }
            #expect(server["poterne.structure"] == line["structure"])
            #expect(server["poterne.request_id"] == line["request_id"])
            #expect(line["trace_id"] == server.trace)
            #expect(!server.isError)
            #expect(server.authorization == "Bearer abc")
            #expect(server.resource("service.name") == "essai")

            #expect(client.name == "GET")
            #expect(client["url.full"] == "http://127.0.0.1:\(upstream.port)/fhir/Patient")
            #expect(client["server.address"] == "127.0.0.1")
            #expect(client["server.port"] == "\(upstream.port)")
            #expect(client["http.response.status_code"] == "200")
            #expect(client["http.request.resend_count"] == nil)
            #expect(client["poterne.upstream"] == "app")
            #expect(!client.isError)
            // Nothing of the query, anywhere.
            #expect(!spans.contains { "\($0)".contains("DUPONT") })
            try eventually("they are counted") {
                try gateway.metrics().contains("poterne_spans_exported_total 2")
            }
        }

        @Test("each try has a span of its own, and the upstream is told of that one")
        func retries() throws {
            let collector = try Collector()
            let upstream = try Upstream { visit in
                _ = try MessageReader(visit).readRequest()
                visit.wire.reset()
            }
            let gateway = try Gateway(setup(collector.endpoint, upstream: upstream.port))
            #expect(try gateway.caller().exchange("GET", "/").status == 502)
            let spans = try collector.spans(3)
            let server = try #require(spans.first { $0.isServer })
            let tries = spans.filter { !$0.isServer }
            #expect(tries.count == 2)
            for (number, one) in tries.enumerated() {
                #expect(one.parent == server.span)
                #expect(one["error.type"] == "upstream_reset")
                #expect(one.isError)
                #expect(one["http.response.status_code"] == nil)
                #expect(one["http.request.resend_count"] == (number == 0 ? nil : "\(number)"))
            }
            let told = upstream.requests.compactMap { $0.fields["traceparent"]?.split(separator: "-")[2] }
            #expect(told.map(String.init) == tries.map(\.span))
            #expect(server["http.response.status_code"] == "502")
            #expect(server["error.type"] == "upstream_reset")
            #expect(server["poterne.refusal"] == "upstream_reset")
            #expect(server.isError)
        }

        @Test("a refused request has a span with its reason, and no try")
        func refused() throws {
            let (collector, upstream) = (try Collector(), try Upstream())
            var setup = setup(collector.endpoint, upstream: upstream.port)
            setup.routes = ["{path: /, upstream: app, structures: [\"9*\"]}"]
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            #expect(try caller.exchange("GET", "/").status == 403)
            #expect(try caller.exchange("BREW", "/%2e%2e/x").status != 200)
            let spans = try collector.spans(2)
            #expect(collector.faults == [])
            #expect(!spans.contains { !$0.isServer })
            let refused = try #require(spans.first { $0["http.request.method"] == "GET" })
            #expect(refused["poterne.refusal"] == "structure_not_allowed")
            #expect(refused["http.response.status_code"] == "403")
            // A caller's error is none of the server's.
            #expect(!refused.isError)
            let other = try #require(spans.first { $0["http.request.method"] == "_OTHER" })
            #expect(other["http.request.method_original"] == "BREW")
            #expect(upstream.requests.isEmpty)
        }

        /// What a caller's own context counts for, and what comes of it.
        struct Adoption: CustomTestStringConvertible, Sendable {
            let testDescription: String
            let callers: String
            let sample: String
            let sent: String
            let goesOn: Bool
            let isRecorded: Bool
            let version: String
        }

        private static let adoptions: [Adoption] = [
            Adoption(
                testDescription: "its trace goes on, and is recorded by our share", callers: "continue", sample: "1",
                sent: "00", goesOn: true, isRecorded: true, version: "http/1.1"),
            Adoption(
                testDescription: "its trace goes on, and is not recorded for being sampled", callers: "continue",
                sample: "0", sent: "01", goesOn: true, isRecorded: false, version: "h2"),
            Adoption(
                testDescription: "it is followed into being recorded", callers: "follow", sample: "0", sent: "01",
                goesOn: true, isRecorded: true, version: "h2"),
            Adoption(
                testDescription: "it is followed into not being recorded", callers: "follow", sample: "1", sent: "00",
                goesOn: true, isRecorded: false, version: "http/1.1"),
            Adoption(
                testDescription: "its trace is replaced", callers: "replace", sample: "1", sent: "01", goesOn: false,
                isRecorded: true, version: "h2"),
        ]

        @Test("of a caller's context", arguments: adoptions)
        func adoption(_ adoption: Adoption) throws {
            let (collector, upstream) = (try Collector(), try Upstream())
            var setup = setup(
                collector.endpoint, upstream: upstream.port, sample: adoption.sample,
                ", callers: \(adoption.callers)")
            setup.http = ["protocols: [h2, http/1.1]"]
            let gateway = try Gateway(setup)
            let certificates = TestCertificates.folder
            let own = "\(certificates)/callers/org-auth-cli"
            let answer = try run(
                "curl",
                [
                    "--silent", "--noproxy", "*", adoption.version == "h2" ? "--http2" : "--http1.1", "--cacert",
                    "\(certificates)/trust/root.pem", "--cert", "\(own).pem", "--key", "\(own).key", "--header",
                    "traceparent: 00-\(Self.trace)-\(Self.parent)-\(adoption.sent)", "--header", "tracestate: a=1",
                    "--header", "tracestate: b=2", "--resolve", "localhost:\(gateway.port):127.0.0.1",
                    "https://localhost:\(gateway.port)/",
                ])
            #expect(answer.exitCode == 0)
            let request = try #require(upstream.requests.first)
            let told = try #require(request.fields["traceparent"]).split(separator: "-").map(String.init)
            #expect((told[1] == Self.trace) == adoption.goesOn)
            #expect(request.fields[all: "tracestate"] == (adoption.goesOn ? ["a=1,b=2"] : []))
            #expect((UInt8(told[3], radix: 16).map { $0 & 1 } == 1) == adoption.isRecorded)
            // Who records nothing leaves the caller's span as the parent.
            #expect((told[2] == Self.parent) == (adoption.goesOn && !adoption.isRecorded))
            #expect(try gateway.stop() == .exited(0))
            let spans = collector.spans
            #expect(spans.count == (adoption.isRecorded ? 2 : 0))
            guard adoption.isRecorded else { return }
            let server = try #require(spans.first { $0.isServer })
            #expect(server.parent == (adoption.goesOn ? Self.parent : ""))
            #expect(server.state == (adoption.goesOn ? "a=1,b=2" : ""))
            #expect(server.flags & 0x200 == (adoption.goesOn ? 0x200 : 0))
            #expect(server["network.protocol.version"] == (adoption.version == "h2" ? "2" : "1.1"))
        }

        @Test(
            "an upstream of HTTP/2 is told of them too",
            .enabled(if: Python.h2 != nil, "h2 cannot be had from PyPI"))
        func overHTTP2() throws {
            let (collector, server) = (try Collector(), try H2Server())
            var setup = setup(collector.endpoint, upstream: server.port)
            setup.upstreams = ["app: {servers: [{address: \"127.0.0.1:\(server.port)\"}], protocol: h2}"]
            let gateway = try Gateway(setup)
            _ = try gateway.caller().exchange("GET", "/")
            let client = try #require(try collector.spans(2).first { !$0.isServer })
            let told = server.requests.first?.fields.first { $0.name == "traceparent" }?.value
            #expect(told?.split(separator: "-")[2] == Substring(client.span))
            #expect(client["network.protocol.version"] == "2")
        }

        @Test("what was gathered is sent before the process ends, a stop after the request")
        func flush() throws {
            let (collector, upstream) = (try Collector(), try Upstream())
            let gateway = try Gateway(setup(collector.endpoint, upstream: upstream.port))
            let caller = try gateway.caller()
            for number in 0..<20 { #expect(try caller.exchange("GET", "/\(number)").status == 200) }
            #expect(try gateway.stop() == .exited(0))
            #expect(collector.spans.count == 40)
            #expect(Set(collector.spans.map(\.span)).count == 40)
        }

        @Test("a share of a half is about a half, and a reload changes it")
        func share() throws {
            let (collector, upstream) = (try Collector(), try Upstream())
            var setup = setup(collector.endpoint, upstream: upstream.port, sample: "0.5")
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            for _ in 0..<200 { #expect(try caller.exchange("GET", "/half").status == 200) }
            setup.top[1] = Self.tracing(collector.endpoint, sample: "0")
            try gateway.rewrite(setup.yaml)
            try gateway.reload()
            for _ in 0..<20 { #expect(try caller.exchange("GET", "/none").status == 200) }
            setup.top[1] = Self.tracing(collector.endpoint, sample: "1")
            try gateway.rewrite(setup.yaml)
            try gateway.reload()
            for _ in 0..<10 { #expect(try caller.exchange("GET", "/all").status == 200) }
            #expect(try gateway.stop() == .exited(0))
            let paths = collector.spans.compactMap { $0["url.path"] }
            // Eight standard deviations.
            #expect((44...156).contains(paths.count { $0 == "/half" }))
            #expect(!paths.contains("/none"))
            #expect(paths.count { $0 == "/all" } == 10)
        }

        @Test("a collector that has no time is asked again, after as long as it says")
        func refusedOnce() throws {
            let (collector, upstream) = (try Collector("refuse-once"), try Upstream())
            let gateway = try Gateway(setup(collector.endpoint, upstream: upstream.port))
            #expect(try gateway.caller().exchange("GET", "/").status == 200)
            _ = try collector.spans(2)
            #expect(collector.refusals == 1)
            try eventually("it works again") { gateway.operatorLog.contains("spans are sent again") }
            #expect(gateway.operatorLog.contains("spans cannot be sent: the server answered with status 503"))
        }

        /// A collector that does not do what it is for, and what is counted of two spans.
        private static let brokenCollectors: [(manner: String, counted: String)] = [
            ("reject", "poterne_spans_dropped_total{reason=\"refused\"} 2"),
            ("garbage", "poterne_spans_exported_total 2"),
            ("partial", "poterne_spans_dropped_total{reason=\"refused\"} 1"),
            ("silent", "poterne_span_exports_failed_total 1"),
            ("down", "poterne_span_exports_failed_total 1"),
        ]

        @Test(
            "a collector that refuses, answers rubbish, is silent or is not there costs no request",
            arguments: brokenCollectors)
        func broken(_ manner: String, _ counted: String) throws {
            let upstream = try Upstream()
            let collector = manner == "down" ? nil : try Collector(manner)
            let endpoint = try collector?.endpoint ?? "http://127.0.0.1:\(Wire.closedPort())/v1/traces"
            var setup = setup(endpoint, upstream: upstream.port, ", timeout: 1s")
            setup.top.append("drain_timeout: 0s")
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            #expect(try caller.exchange("GET", "/").status == 200)
            try eventually("it is counted: \(counted)") { try gateway.metrics().contains(counted) }
            #expect(try caller.exchange("GET", "/").status == 200)
            #expect(try gateway.stop() == .exited(0))
        }

        @Test("without a collector a caller's context is passed on as it is")
        func passedOn() throws {
            let upstream = try Upstream()
            let gateway = try Gateway(Setup(upstream: upstream.port))
            let sent = "00-\(Self.trace)-\(Self.parent)-01"
            _ = try gateway.caller().exchange("GET", "/", fields: [Field(name: "traceparent", value: sent)])
            #expect(upstream.requests.first?.fields["traceparent"] == sent)
        }
    }
}
