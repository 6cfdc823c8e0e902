internal import Observability

extension LoadReport {
    /// The report as a page with charts, which needs nothing beside itself: no file, no network, no script.
    ///
    /// - Parameters:
    ///   - title: what was loaded.
    ///   - setting: how and with what, in lines of a label and a value.
    /// - Returns: HTML that is well-formed XML too; every text in it is escaped.
    public func html(title: String, setting: [(label: String, value: String)]) -> String {
        var page = Markup()
        page.appendMarkup("<!DOCTYPE html>\n")
        page.element("html", ["lang": "en"]) { page in
            page.element("head") { page in
                page.empty("meta", ["charset": "utf-8"])
                page.empty("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
                // Even if a text got through unescaped, nothing would be run or fetched.
                page.empty(
                    "meta",
                    [
                        "http-equiv": "Content-Security-Policy",
                        "content": "default-src 'none'; style-src 'unsafe-inline'",
                    ])
                page.element("title", text: title)
                page.element("style") { $0.appendMarkup(reportStyle) }
            }
            page.element("body") { page in
                page.element("main") { page in writeBody(title, setting, into: &page) }
            }
        }
        return page.text
    }

    private func writeBody(_ title: String, _ setting: [(label: String, value: String)], into page: inout Markup) {
        page.element("h1", text: title)
        for warning in warnings { page.element("p", ["class": "verdict wrong"], text: warning) }
        page.element("p", ["class": "verdict \(isAsExpected ? "right" : "wrong")"], text: verdict)
        page.element("div", ["class": "sides"]) { page in
            writeTable(setting, into: &page)
            writeTable(summary, into: &page)
            writeTable(processorTimes, into: &page)
        }
        page.element("h2", text: "Rate")
        rateChart.draw(into: &page)
        page.element("h2", text: "Times")
        percentileChart.draw(into: &page)
        writeLatencies(into: &page)
        latencyChart.draw(into: &page)
        page.element("h2", text: "What attempts came to")
        writeOutcomes(into: &page)
        page.element("details") { page in
            page.element("summary", text: "The course in numbers")
            writeTimeline(into: &page)
        }
    }

    private var verdict: String {
        if unexpected > 0 { return "\(unexpected) of \(attempts) attempts did not come to what their role should." }
        if !isAsExpected { return "\(lostConnections) connections that were to be held were lost." }
        return "Each of \(attempts) attempts came to what its role should."
    }

    // MARK: Tables

    private func writeTable(_ rows: [(label: String, value: String)], into page: inout Markup) {
        page.element("table") { page in
            for row in rows {
                page.element("tr") { page in
                    page.element("th", ["scope": "row"], text: row.label)
                    page.element("td", text: row.value)
                }
            }
        }
    }

    private func writeTable(_ header: [String], _ rows: [[String]], into page: inout Markup) {
        page.element("table", ["class": "numbers"]) { page in
            page.element("tr") { page in
                for cell in header { page.element("th", ["scope": "col"], text: cell) }
            }
            for row in rows {
                page.element("tr") { page in
                    for cell in row { page.element("td", text: cell) }
                }
            }
        }
    }

    private func writeLatencies(into page: inout Markup) {
        let rows = latencies.map { latency in
            [latency.step, "\(latency.histogram.count)"]
                + Self.quantiles.map { latency.milliseconds($0.share).text(3) }
        }
        writeTable(["ms", "count"] + Self.quantiles.map(\.name), rows, into: &page)
    }

    private func writeTimeline(into page: inout Markup) {
        let rows = timeline.rows(of: seconds).map { row in
            [
                "\(row.second)", row.attemptsPerSecond.text(1), row.unexpectedPerSecond.text(1), row.p50.text(3),
                row.p99.text(3),
            ]
        }
        writeTable(["second", "attempts/s", "not as expected/s", "p50 ms", "p99 ms"], rows, into: &page)
    }

    /// A line for each outcome, with a bar as long as its share.
    private func writeOutcomes(into page: inout Markup) {
        let greatest = counts.map(\.count).max() ?? 1
        page.element("table", ["class": "outcomes"]) { page in
            for count in counts {
                let style = count.isExpected ? "s2" : "sbad"
                page.element("tr", ["class": count.isExpected ? "right" : "wrong"]) { page in
                    page.element("th", ["scope": "row"], text: "\(count.role)")
                    page.element("td", text: "\(count.outcome)")
                    page.element("td", ["class": "end"], text: "\(count.count)")
                    page.element("td", ["class": "bar"]) { page in
                        page.element(
                            "svg", ["viewBox": "0 0 200 12", "preserveAspectRatio": "none", "aria-hidden": "true"]
                        ) { page in
                            let width = max(1, Double(count.count) / Double(greatest) * 200)
                            page.empty("rect", ["class": "fill \(style)", "width": width.text(1), "height": "12"])
                        }
                    }
                    page.element("td", text: count.isExpected ? "as expected" : "not as expected")
                }
            }
        }
    }
}
