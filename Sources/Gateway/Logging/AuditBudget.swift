internal import EventLoop
internal import Observability

/// How many events of one kind and reason a worker writes in a second, so that a flood fills neither the disk nor the log's
/// lane: what is one too many is counted, and the count is written.
///
/// Each reason has its own: a flood of strangers hides no revoked caller. Reasons are the closed sets of the code base, so
/// the table is bounded.
struct AuditBudget {
    private struct Key: Hashable {
        let decision: AuditEvent.Decision
        let reason: String?
    }

    private struct Window {
        var second: UInt64
        var written = 0
        /// Left out in that second.
        var left: UInt64 = 0
        /// Left out in seconds before it, and not told yet.
        var over: UInt64 = 0
    }

    /// Events that were left out.
    struct Omission {
        let decision: AuditEvent.Decision
        let reason: String?
        let count: UInt64
    }

    private let rate: Int?
    private var windows: [Key: Window] = [:]
    /// Events left out since the start.
    private(set) var omitted = Counter()

    /// Writes at most so many; nil for all.
    init(rate: Int?) {
        self.rate = rate
    }

    /// Whether an event may be written now.
    mutating func admits(_ event: AuditEvent, at now: MonotonicTime) -> Bool {
        guard let rate else { return true }
        let second = now.nanoseconds / 1_000_000_000
        let key = Key(decision: event.decision, reason: event.reason)
        var window = windows[key] ?? Window(second: second)
        defer { windows[key] = window }
        if window.second != second {
            window.second = second
            window.written = 0
            // A flood that goes on must not keep back what it has cost already.
            window.over += window.left
            window.left = 0
        }
        guard window.written < rate else {
            window.left += 1
            omitted.increment()
            return false
        }
        window.written += 1
        return true
    }

    /// What was left out since it was last asked, of seconds that are over.
    mutating func takeOmissions(at now: MonotonicTime?) -> [Omission] {
        guard rate != nil else { return [] }
        let second = now.map { $0.nanoseconds / 1_000_000_000 }
        var omissions: [Omission] = []
        for (key, window) in windows {
            let isOver = window.second != second
            let count = isOver ? window.over + window.left : window.over
            guard count > 0 else { continue }
            omissions.append(Omission(decision: key.decision, reason: key.reason, count: count))
            windows[key]?.over = 0
            if isOver { windows[key]?.left = 0 }
        }
        return omissions
    }
}
