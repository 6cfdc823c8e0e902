internal import Observability
internal import TLS

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
    /// Those of one kind that were completed, and how long they took from the accept on.
    struct Completed: Sendable {
        let version: TLSVersion
        let isResumed: Bool
        /// Its count is theirs.
        fileprivate(set) var durations = Histogram()
    }

    private(set) var completed = TLSVersion.allCases.flatMap { version in
        [Completed(version: version, isResumed: false), Completed(version: version, isResumed: true)]
    }
    private(set) var refusals = ReasonTable()

    mutating func succeeded(over version: TLSVersion, resumed isResumed: Bool, nanoseconds: UInt64) {
        let index = (version == .tls13 ? 2 : 0) + (isResumed ? 1 : 0)
        completed[index].durations.record(nanoseconds: nanoseconds)
    }

    mutating func refused(_ reason: String) {
        refusals.record(reason)
    }
}

/// Counts by reason; reasons are the closed sets of the code base.
struct ReasonTable: Sendable {
    private(set) var counts = CounterTable<String>()

    mutating func record(_ reason: String) {
        counts.increment(reason)
    }
}

extension ReasonTable {
    static func += (sum: inout ReasonTable, other: ReasonTable) {
        sum.counts += other.counts
    }
}
