import MetricsText
import Observability
import Testing

@Suite("Metrics")
struct MetricsTests {
    let handshakes = MetricFamily("poterne_handshakes_total", .counter, help: "Handshakes.\nBy \\ result.")
    let connections = MetricFamily("poterne_connections", .gauge, help: "Open connections.")
    let age = MetricFamily("poterne_crl_age_seconds", .maximum, help: "Age of the CRL.")
    let duration = MetricFamily("poterne_handshake_seconds", .histogram, help: "How long a handshake takes.")

    @Test("of several workers add up, each as its kind says")
    func merges() {
        var sum = MetricsSnapshot()
        for worker in 1...3 {
            var snapshot = MetricsSnapshot()
            snapshot.add(Counter(UInt64(worker)), to: handshakes, MetricLabel("result", "ok"))
            snapshot.add(Counter(1), to: handshakes, MetricLabel("result", "worker \(worker)"))
            snapshot.add(Gauge(10), to: connections)
            snapshot.add(Double(worker) / 2, to: age)
            var histogram = Histogram()
            histogram.record(nanoseconds: UInt64(worker) * 1_000_000)
            snapshot.add(histogram, to: duration)
            sum.merge(snapshot)
        }
        let text = MetricsText(render(sum))
        #expect(text.failures == [])
        #expect(text.values[.init(name: "poterne_handshakes_total", labels: ["result": "ok"])] == 6)
        #expect(text.values[.init(name: "poterne_handshakes_total", labels: ["result": "worker 2"])] == 1)
        #expect(text.values[.init(name: "poterne_connections", labels: [:])] == 30)
        #expect(text.values[.init(name: "poterne_crl_age_seconds", labels: [:])] == 1.5)
        #expect(text.values[.init(name: "poterne_handshake_seconds_count", labels: [:])] == 3)
        #expect(text.values[.init(name: "poterne_handshake_seconds_sum", labels: [:])] == 0.006)
        #expect(text.types.values.sorted() == ["counter", "gauge", "gauge", "histogram"])
        #expect(text.helps["poterne_handshakes_total"] == "Handshakes.\\nBy \\\\ result.")
    }

    @Test(
        "keep families together and labels as they are, whatever is in them",
        arguments: [
            "", "a\"b", "\\", "\n", "\\n", "é", "{}=,\"", "a,b=\"c\"",
        ])
    func labels(value: String) {
        var snapshot = MetricsSnapshot()
        snapshot.add(Counter(1), to: handshakes, MetricLabel("name", value))
        snapshot.add(Gauge(1), to: connections)
        snapshot.add(Counter(2), to: handshakes, MetricLabel("name", value + "x"))
        let text = MetricsText(render(snapshot))
        #expect(text.failures == [])
        #expect(text.values[.init(name: "poterne_handshakes_total", labels: ["name": value])] == 1)
        #expect(text.values[.init(name: "poterne_handshakes_total", labels: ["name": value + "x"])] == 2)
    }

    @Test(
        "write numbers that the format knows",
        arguments: [
            (0, "0"), (-1, "-1"), (0.5, "0.5"), (1e300, "1e+300"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
            (.nan, "NaN"),
            (1_795_511_107, "1795511107"), (1_795_511_107.25, "1795511107.25"),
        ] as [(Double, String)])
    func numbers(number: Double, text: String) {
        var snapshot = MetricsSnapshot()
        snapshot.add(number, to: connections)
        #expect(render(snapshot).hasSuffix("\npoterne_connections \(text)\n"))
        #expect(MetricsText(render(snapshot)).failures == [])
    }

    @Test("mend names that the format does not know")
    func names() {
        var snapshot = MetricsSnapshot()
        snapshot.add(1, to: MetricFamily("9 bad-é", .gauge, help: "Something."), MetricLabel("a:b c", "x"))
        snapshot.add(1, to: MetricFamily("", .gauge, help: "Something."))
        let text = MetricsText(render(snapshot))
        #expect(text.failures == [])
        #expect(text.values.keys.contains(.init(name: "__bad___", labels: ["a_b_c": "x"])))
    }

    @Test("count a histogram's values by bounds that they do not exceed")
    func histogramBounds() {
        var histogram = Histogram()
        for value: UInt64 in [1 << 20, 1 << 20 + 1, 1 << 36, 1 << 40] { histogram.record(nanoseconds: value) }
        var snapshot = MetricsSnapshot()
        snapshot.add(histogram, to: duration, MetricLabel("resumed", "no"))
        let text = MetricsText(render(snapshot))
        #expect(text.failures == [])
        let buckets = Dictionary(
            uniqueKeysWithValues: text.values.compactMap { sample, value in sample.labels["le"].map { ($0, value) } })
        #expect(buckets["0.000524288"] == 0)
        #expect(buckets["0.001048576"] == 1)
        #expect(buckets["0.002097152"] == 2)
        #expect(buckets["68.719476736"] == 3)
        #expect(buckets["+Inf"] == 4)
    }

    @Test("show a bounded table with its rest")
    func tables() {
        var table = CounterTable<String>(limit: 1)
        table.increment("1FINESS")
        table.increment("2SIREN", by: 5)
        var snapshot = MetricsSnapshot()
        snapshot.add(table, to: handshakes, label: "structure") { $0 }
        let text = MetricsText(render(snapshot))
        #expect(text.values[.init(name: "poterne_handshakes_total", labels: ["structure": "1FINESS"])] == 1)
        #expect(text.values[.init(name: "poterne_handshakes_total", labels: ["structure": "other"])] == 5)
    }

    private func render(_ snapshot: MetricsSnapshot) -> String {
        var text: [UInt8] = []
        snapshot.appendPrometheusText(to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
