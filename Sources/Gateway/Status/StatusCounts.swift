internal import Observability

/// What all workers have counted since the start, as far as the status says it.
struct StatusCounts: Sendable {
    var accepts = Counter()
    var acceptsPutOff = Counter()
    /// Handshakes completed in full, and by resuming a session.
    var full = Counter()
    var resumed = Counter()
    var refusals = ReasonTable()
    var ticketsDeclined = ReasonTable()
    /// Requests by the class of their status; first those without one.
    var requests = [Counter](repeating: Counter(), count: StatusMeter.classes)
    /// Bytes of bodies.
    var bytesReceived = Counter()
    var bytesSent = Counter()
    var requestsRefused = ReasonTable()
    var cuts = ReasonTable()
    var limited = ReasonTable()
    var auditOmissions = Counter()

    init(_ all: [WorkerMetrics]) {
        for counts in all {
            accepts += counts.accepts
            acceptsPutOff += counts.acceptsPutOff
            for kind in counts.handshakes.completed {
                if kind.isResumed {
                    resumed.increment(by: kind.durations.count)
                } else {
                    full.increment(by: kind.durations.count)
                }
            }
            refusals += counts.handshakes.refusals
            ticketsDeclined += counts.ticketsDeclined
            for (index, counter) in counts.requests.byClass.enumerated() { requests[index] += counter }
            bytesReceived += counts.requests.bytesReceived
            bytesSent += counts.requests.bytesSent
            requestsRefused += counts.requestsRefused
            cuts += counts.cuts
            limited += counts.limited
            auditOmissions += counts.auditOmissions
        }
    }
}

extension CacheTotals {
    static func += (sum: inout CacheTotals, other: CacheTotals) {
        sum.hits &+= other.hits
        sum.misses &+= other.misses
        sum.evictions &+= other.evictions
        sum.entries += other.entries
        sum.bytes += other.bytes
    }
}
