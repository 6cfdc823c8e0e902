internal import EventLoop
internal import Observability

/// The counts of the last minute, one sample a second, from which rates are made.
///
/// Sampled on the control thread from what the workers reported: they themselves do nothing for it.
struct RecentTraffic: Sendable {
    /// The counts of all workers at one moment.
    struct Sample: Sendable {
        let moment: MonotonicTime
        var requests: UInt64 = 0
        /// Those answered with 5xx.
        var errors: UInt64 = 0
        var handshakes: UInt64 = 0
        var refused: UInt64 = 0
        /// Lines of logs that were lost, and writes that failed.
        var logLosses: UInt64 = 0

        init(_ counts: StatusCounts, logs: [LogSink.Statistics], at moment: MonotonicTime) {
            self.moment = moment
            for (index, counter) in counts.requests.enumerated() {
                requests &+= counter.value
                if index == 5 { errors &+= counter.value }
            }
            handshakes = counts.full.value &+ counts.resumed.value
            refused = counts.refusals.total
            for log in logs { logLosses &+= UInt64(log.droppedLines) &+ UInt64(log.failures) }
        }
    }

    private var samples: [Sample] = []

    mutating func note(_ sample: Sample) {
        if samples.count > Limits.trafficSamples { samples.removeFirst() }
        samples.append(sample)
    }

    /// What was counted between the oldest sample and the newest.
    private func difference(_ count: KeyPath<Sample, UInt64>) -> UInt64 {
        guard let first = samples.first, let last = samples.last else { return 0 }
        return last[keyPath: count] &- first[keyPath: count]
    }

    /// Seconds between the oldest sample and the newest, a minute at the most; 0 at the start.
    var seconds: Double {
        guard let first = samples.first, let last = samples.last else { return 0 }
        return Double(last.moment.nanoseconds(since: first.moment)) / 1e9
    }

    private func rate(_ count: KeyPath<Sample, UInt64>) -> Double {
        seconds > 0 ? Double(difference(count)) / seconds : 0
    }

    var requests: UInt64 { difference(\.requests) }
    var errors: UInt64 { difference(\.errors) }
    var logLosses: UInt64 { difference(\.logLosses) }
    var requestsPerSecond: Double { rate(\.requests) }
    var handshakesPerSecond: Double { rate(\.handshakes) }
    var refusedPerSecond: Double { rate(\.refused) }

    /// Requests of each second, the newest last.
    var series: [UInt64] {
        zip(samples, samples.dropFirst()).map { $1.requests &- $0.requests }
    }
}

extension ReasonTable {
    /// All that was counted, under whatever reason.
    var total: UInt64 {
        counts.counters.values.reduce(counts.others.value) { $0 &+ $1.value }
    }

    /// Reasons and counts, the most frequent first.
    var ranked: [(reason: String, count: UInt64)] {
        var all = counts.counters.map { (reason: $0.key, count: $0.value.value) }
        if counts.others.value > 0 { all.append((reason: "other", count: counts.others.value)) }
        return all.sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
    }
}
