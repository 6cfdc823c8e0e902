internal import Observability

extension LoadReport {
    /// The quantiles that reports give, with their names.
    public static var quantiles: [(name: String, share: Double)] {
        [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("max", 1)]
    }

    private static var labelWidth: Int { 22 }

    /// The most lines that the course of a test takes in a table for people.
    private static var mostTimelineRows: Int { 20 }

    /// The report as a table for people.
    public var text: String {
        var lines = warnings.map { "  " + $0 }
        if !lines.isEmpty { lines.append("") }
        lines += summary.map { Self.row($0.label, $0.value) } + [""]
        lines += counts.map { count in
            let mark = count.isExpected ? " " : "!"
            return Self.row("\(count.role)", "\(String(count.count).padded(to: 10))\(mark) \(count.outcome)")
        }
        lines.append(Self.row("not as expected", "\(unexpected)"))
        lines += latencyLines + timelineLines + [""]
        lines += processorTimes.map { Self.row($0.label, $0.value) }
        return lines.joined(separator: "\n")
    }

    private static func row(_ label: String, _ value: String) -> String {
        "  " + label.padded(to: labelWidth) + value
    }

    /// What must not be overlooked.
    var warnings: [String] {
        wronglyAdmitted.map {
            "ADMITTED THOUGH TO BE REFUSED: \($0.count) callers in the role \($0.role) came to: \($0.outcome)"
        }
    }

    /// What was done, in lines of a label and a value.
    var summary: [(label: String, value: String)] {
        var rows = [("time", "\(seconds.text(2)) s"), ("attempts", "\(attempts)  (\(rate(attempts))/s)")]
        if let openingSeconds { rows.append(("opened within", "\(openingSeconds.text(2)) s")) }
        if fullHandshakes > 0 { rows.append(("full handshakes", "\(fullHandshakes)  (\(rate(fullHandshakes))/s)")) }
        if resumedHandshakes > 0 {
            rows.append(("resumed handshakes", "\(resumedHandshakes)  (\(rate(resumedHandshakes))/s)"))
        }
        if responses > 0 {
            let bytes = "\((Double(receivedBytes) / 1e6).text(1)) MB"
            rows.append(("responses", "\(responses)  (\(rate(responses))/s, \(bytes))"))
        }
        if notResumed > 0 { rows.append(("not resumed", "\(notResumed)")) }
        if unsent > 0 { rows.append(("due but never begun", "\(unsent)")) }
        if let heldConnections { rows.append(("held at the end", "\(heldConnections)")) }
        if lostConnections > 0 { rows.append(("lost connections", "\(lostConnections)")) }
        for goaway in goaways { rows.append(("GOAWAY", "\(goaway.count)  \(goaway.code)")) }
        return rows
    }

    private var latencyLines: [String] {
        guard !latencies.isEmpty else { return [] }
        var header = "  " + "ms".padded(to: 14)
        for quantile in Self.quantiles { header += quantile.name.padded(to: 11, atStart: true) }
        var lines = ["", header]
        for latency in latencies {
            var line = "  " + latency.step.padded(to: 14)
            for quantile in Self.quantiles {
                line += latency.milliseconds(quantile.share).text(3).padded(to: 11, atStart: true)
            }
            lines.append(line)
        }
        return lines
    }

    /// How it went on, where that is the question.
    private var timelineLines: [String] {
        guard isRamped else { return [] }
        let timeline = self.timeline.inAtMost(Self.mostTimelineRows)
        let header = ["s", "attempts/s", "not expected/s", "p50 ms", "p99 ms"]
        let rows = timeline.rows(of: seconds).map { row in
            [
                "\(row.second)", row.attemptsPerSecond.text(0), row.unexpectedPerSecond.text(0), row.p50.text(3),
                row.p99.text(3),
            ]
        }
        return [""]
            + ([header] + rows).map { cells in
                "  " + cells[0].padded(to: 6) + cells[1...].map { $0.padded(to: 15, atStart: true) }.joined()
            }
    }

    /// The processors' part, in lines of a label and a value.
    var processorTimes: [(label: String, value: String)] {
        var rows: [(label: String, value: String)] = []
        func tell(_ label: String, _ processor: Double) {
            rows.append((label, "\(processor.text(2)) s of \(seconds.text(2)) s"))
            for (name, count) in [("handshakes", fullHandshakes + resumedHandshakes), ("responses", responses)]
            where count > 0 && processor > 0 {
                let each = processor * 1e6 / Double(count)
                let rate = (Double(count) / processor).text(0)
                rows.append(("", "\(rate) \(name) per CPU-second, \(each.text(0)) µs each"))
            }
        }
        if let serverProcessorSeconds { tell("server's CPU time", serverProcessorSeconds) }
        tell("client's CPU time", clientProcessorSeconds)
        if let serverMemory, let heldConnections, heldConnections > 0, serverMemory.held > serverMemory.before {
            let each = Double(serverMemory.held - serverMemory.before) / Double(heldConnections) / 1024
            let before = "\(serverMemory.before >> 20) MiB before"
            rows.append(
                (
                    "server's memory",
                    "\(before), \(serverMemory.held >> 20) MiB with connections, \(each.text(1)) KiB each"
                ))
        }
        return rows
    }

    /// Per second of the time in which attempts were begun.
    func rate(_ count: Int) -> String {
        let seconds = openingSeconds ?? seconds
        return seconds > 0 ? (Double(count) / seconds).text(0) : "-"
    }
}

extension LoadReport.Latency {
    /// The time that so great a share of the attempts did not exceed.
    public func milliseconds(_ share: Double) -> Double {
        Double(histogram.quantile(share)) / 1e6
    }
}
