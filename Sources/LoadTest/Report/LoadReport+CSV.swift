internal import Observability

extension LoadReport {
    /// The report as CSV, three tables with an empty line between: times in milliseconds, outcomes, and the course.
    public var csv: String {
        var lines = ["step,count," + Self.quantiles.map { "\($0.name)_ms" }.joined(separator: ",")]
        for latency in latencies {
            let times = Self.quantiles.map { latency.milliseconds($0.share).text(3) }
            lines.append(([latency.step, "\(latency.histogram.count)"] + times).joined(separator: ","))
        }
        lines += ["", "role,outcome,count,expected"]
        lines += counts.map { "\($0.role),\($0.outcome),\($0.count),\($0.isExpected)" }
        lines += ["", "second,attempts_per_second,unexpected_per_second,p50_ms,p99_ms"]
        lines += timeline.rows(of: seconds).map { row in
            [
                "\(row.second)", row.attemptsPerSecond.text(2), row.unexpectedPerSecond.text(2), row.p50.text(3),
                row.p99.text(3),
            ].joined(separator: ",")
        }
        return lines.joined(separator: "\n")
    }
}
