internal import Observability

extension LoadReport {
    /// The quantiles that reports give, with their names.
    public static var quantiles: [(name: String, share: Double)] {
        [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("max", 1)]
    }

    /// The report as a table for people.
    public var text: String {
        var lines: [String] = []
        func row(_ label: String, _ value: String) {
            lines.append("  " + label.padded(to: 22) + value)
        }
        row("time", "\(seconds.text(2)) s")
        row("attempts", "\(attempts)  (\(rate(attempts))/s)")
        if fullHandshakes > 0 { row("full handshakes", "\(fullHandshakes)  (\(rate(fullHandshakes))/s)") }
        if resumedHandshakes > 0 { row("resumed handshakes", "\(resumedHandshakes)  (\(rate(resumedHandshakes))/s)") }
        if responses > 0 {
            row("responses", "\(responses)  (\(rate(responses))/s, \((Double(receivedBytes) / 1e6).text(1)) MB)")
        }
        if notResumed > 0 { row("not resumed", "\(notResumed)") }
        if unsent > 0 { row("due but never begun", "\(unsent)") }
        if let heldConnections { row("held at the end", "\(heldConnections)") }
        if lostConnections > 0 { row("lost connections", "\(lostConnections)") }
        lines.append("")
        for count in counts { row("\(count.role)", "\(String(count.count).padded(to: 10))\(count.outcome)") }
        row("not as expected", "\(unexpected)")
        lines += latencyLines + processorLines
        return lines.joined(separator: "\n")
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

    private var processorLines: [String] {
        var lines = [""]
        func perSecond(_ name: String, _ count: Int, _ seconds: Double) -> String {
            count > 0 && seconds > 0 ? ", \((Double(count) / seconds).text(0)) \(name)/s" : ""
        }
        func line(_ label: String, _ processor: Double) {
            let handshakes = perSecond("handshakes", fullHandshakes + resumedHandshakes, processor)
            let responses = perSecond("responses", responses, processor)
            lines.append(
                "  " + label.padded(to: 22) + "\(processor.text(2)) s of \(seconds.text(2))\(handshakes)\(responses)")
        }
        if let serverProcessorSeconds { line("server's CPU time", serverProcessorSeconds) }
        line("client's CPU time", clientProcessorSeconds)
        if let serverMemory, let heldConnections, heldConnections > 0, serverMemory.held > serverMemory.before {
            let each = Double(serverMemory.held - serverMemory.before) / Double(heldConnections) / 1024
            lines.append(
                "  " + "server's memory".padded(to: 22)
                    + "\(serverMemory.before >> 20) MiB before, \(serverMemory.held >> 20) MiB with connections, "
                    + "\(each.text(1)) KiB each")
        }
        return lines
    }

    private func rate(_ count: Int) -> String {
        seconds > 0 ? (Double(count) / seconds).text(0) : "-"
    }

    /// The latencies as CSV: a line for each step, times in milliseconds.
    public var csv: String {
        var lines = ["step,count," + Self.quantiles.map { "\($0.name)_ms" }.joined(separator: ",")]
        for latency in latencies {
            let times = Self.quantiles.map { latency.milliseconds($0.share).text(3) }
            lines.append(([latency.step, "\(latency.histogram.count)"] + times).joined(separator: ","))
        }
        lines += ["", "role,outcome,count"]
        lines += counts.map { "\($0.role),\($0.outcome),\($0.count)" }
        return lines.joined(separator: "\n")
    }
}

extension LoadReport.Latency {
    /// The time that so great a share of the attempts did not exceed.
    public func milliseconds(_ share: Double) -> Double {
        Double(histogram.quantile(share)) / 1e6
    }
}

extension Double {
    /// The number with so many decimals.
    public func text(_ decimals: Int) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (magnitude * scale).rounded()
        guard scaled < 1e15 else { return "\(self)" }
        let whole = Int(scaled)
        let sign = self < 0 && whole > 0 ? "-" : ""
        guard decimals > 0 else { return "\(sign)\(whole)" }
        let digits = String(whole).padded(to: decimals + 1, atStart: true, with: "0")
        return "\(sign)\(digits.dropLast(decimals)).\(digits.suffix(decimals))"
    }
}

extension String {
    fileprivate func padded(to width: Int, atStart: Bool = false, with filler: String = " ") -> String {
        let filling = String(repeating: filler, count: max(0, width - count))
        return atStart ? filling + self : self + filling
    }
}
