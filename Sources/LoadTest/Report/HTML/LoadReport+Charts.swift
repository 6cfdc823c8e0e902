internal import Glibc
internal import Observability

extension LoadReport {
    /// The rate over the time, and what of it was not as expected.
    var rateChart: LineChart {
        let rows = timeline.rows(of: seconds)
        let greatest = rows.map(\.attemptsPerSecond).max() ?? 0
        var lines = [
            LineChart.Line(
                name: "attempts", style: "1",
                points: rows.map { (middle(of: $0), $0.attemptsPerSecond) }, isFilled: true)
        ]
        if unexpected > 0 {
            lines.append(
                LineChart.Line(
                    name: "not as expected", style: "bad",
                    points: rows.map { (middle(of: $0), $0.unexpectedPerSecond) }))
        }
        return LineChart(
            title: "Attempts that ended each second", x: .seconds(upTo: span), y: .linear(upTo: greatest), unit: "1/s",
            lines: lines)
    }

    /// What attempts took, over the time.
    var latencyChart: LineChart {
        let rows = timeline.rows(of: seconds).filter { $0.p99 > 0 }
        return LineChart(
            title: "Milliseconds from when an attempt was due to its end", x: .seconds(upTo: span),
            y: .linear(upTo: rows.map(\.p99).max() ?? 0), unit: "ms",
            lines: [
                LineChart.Line(name: "p50", style: "1", points: rows.map { (middle(of: $0), $0.p50) }),
                LineChart.Line(name: "p99", style: "3", points: rows.map { (middle(of: $0), $0.p99) }),
            ])
    }

    /// What share of the attempts took how long at the most, each further nine as wide as the one before.
    var percentileChart: LineChart {
        let greatestCount = latencies.map(\.histogram.count).max() ?? 1
        // More nines than a tenth of the values can tell would be the maximum drawn out.
        let nines = max(2, Int(log10(Double(max(greatestCount, 1))).rounded(.up)))
        let lines = latencies.enumerated().map { index, latency in
            let most = log10(Double(latency.histogram.count) * 2)
            let places = stride(from: 0, through: min(Double(nines), most), by: 0.04)
            return LineChart.Line(
                name: latency.step, style: "\(index % 5 + 1)",
                points: places.map { ($0, latency.milliseconds(1 - pow(10, -$0))) })
        }
        let values = lines.flatMap { $0.points.map(\.y) }
        return LineChart(
            title: "Milliseconds that the quickest share of the attempts did not exceed", x: .nines(nines),
            y: .logarithmic(from: values.min() ?? 1, upTo: values.max() ?? 1), unit: "ms", lines: lines)
    }

    private var span: Double { max(seconds, Double(timeline.width)) }

    private func middle(of row: LoadTimeline.Row) -> Double {
        min(Double(row.second) + Double(timeline.width) / 2, span)
    }
}
