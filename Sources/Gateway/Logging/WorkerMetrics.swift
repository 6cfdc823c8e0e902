internal import Observability

/// What one worker counts, on its own thread.
struct WorkerMetrics: Sendable {
    var accepts = Counter()
    var acceptsPutOff = Counter()
    var handshakes = HandshakeMetrics()
    var requests = RequestMetrics()
    /// Requests that the gateway answered itself because of a refusal, by reason.
    var requestsRefused = ReasonTable()
    /// Tokens that had been seen before, and those that had not.
    var tokenCacheHits = Counter()
    var tokenCacheMisses = Counter()
    /// Connections ended while open, by reason.
    var cuts = ReasonTable()
    /// What a limit turned away, by reason.
    var limited = ReasonTable()
    /// Audit events that were left out.
    var auditOmissions = Counter()
    /// Tickets that were not taken, by reason.
    var ticketsDeclined = ReasonTable()
}

/// Handshakes by what they came to.
struct HandshakeMetrics: Sendable {
    private(set) var full = Counter()
    private(set) var resumed = Counter()
    private(set) var refusals = ReasonTable()

    mutating func succeeded(resumed isResumed: Bool) {
        if isResumed { resumed.increment() } else { full.increment() }
    }

    mutating func refused(_ reason: String) {
        refusals.record(reason)
    }
}

/// Requests by the class of their status, and how long they took.
struct RequestMetrics: Sendable {
    private(set) var byClass: [Counter] = Array(repeating: Counter(), count: 6)
    private(set) var durations = Histogram()

    mutating func record(status: UInt16, nanoseconds: UInt64) {
        let index = Int(status / 100)
        byClass[byClass.indices.contains(index) ? index : 0].increment()
        durations.record(nanoseconds: nanoseconds)
    }
}

/// Counts by reason; reasons are the closed sets of the code base.
struct ReasonTable: Sendable {
    private(set) var counts = CounterTable<String>()

    mutating func record(_ reason: String) {
        counts.increment(reason)
    }
}
