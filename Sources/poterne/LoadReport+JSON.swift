import LoadTest
import Observability

extension LoadReport {
    /// The report for programs: counts, seconds, and times in nanoseconds.
    var json: JSONText {
        .object([
            ("seconds", .decimal(seconds)),
            ("attempts", .number(attempts)),
            ("fullHandshakes", .number(fullHandshakes)),
            ("resumedHandshakes", .number(resumedHandshakes)),
            ("notResumed", .number(notResumed)),
            ("responses", .number(responses)),
            ("receivedBytes", .number(receivedBytes)),
            ("unsent", .number(unsent)),
            ("lostConnections", .number(lostConnections)),
            ("unexpected", .number(unexpected)),
            ("heldConnections", heldConnections.map(JSONText.number) ?? .null),
            ("openingSeconds", optional(openingSeconds)),
            ("goaways", .object(goaways.map { ("\($0.code)", .number($0.count)) })),
            ("outcomes", .list(counts.map(\.json))),
            ("latencies", .object(latencies.map { ($0.step, $0.json) })),
            (
                "cpu",
                .object([
                    ("serverSeconds", optional(serverProcessorSeconds)),
                    ("clientSeconds", .decimal(clientProcessorSeconds)),
                    ("handshakesPerClientSecond", optional(handshakesPerClientSecond)),
                    ("responsesPerClientSecond", optional(responsesPerClientSecond)),
                    ("handshakesPerServerSecond", optional(handshakesPerProcessorSecond)),
                    ("responsesPerServerSecond", optional(responsesPerProcessorSecond)),
                ])
            ),
            (
                "serverMemory",
                serverMemory.map {
                    .object([("before", .number(Int($0.before))), ("held", .number(Int($0.held)))])
                } ?? .null
            ),
            ("timeline", .list(timeline.rows(of: seconds).map(\.json))),
        ])
    }

    private func optional(_ number: Double?) -> JSONText {
        number.map(JSONText.decimal) ?? .null
    }
}

extension LoadReport.Count {
    fileprivate var json: JSONText {
        .object([
            ("role", .string("\(role)")), ("outcome", .string("\(outcome)")), ("count", .number(count)),
            ("expected", .boolean(isExpected)),
        ])
    }
}

extension LoadReport.Latency {
    fileprivate var json: JSONText {
        var members: [(String, JSONText)] = [("count", .number(Int(histogram.count)))]
        for quantile in LoadReport.quantiles {
            members.append((quantile.name, .number(Int(histogram.quantile(quantile.share)))))
        }
        return .object(members)
    }
}

extension LoadTimeline.Row {
    fileprivate var json: JSONText {
        .object([
            ("second", .number(second)), ("attemptsPerSecond", .decimal(attemptsPerSecond)),
            ("unexpectedPerSecond", .decimal(unexpectedPerSecond)), ("p50", .number(Int(p50 * 1e6))),
            ("p99", .number(Int(p99 * 1e6))),
        ])
    }
}
