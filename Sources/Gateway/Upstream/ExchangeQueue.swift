internal import EventLoop

/// Exchanges that wait for an upstream connection, first come first served, each until its own deadline.
struct ExchangeQueue {
    private struct Waiting {
        let exchange: Exchange
        let until: MonotonicTime
    }

    private var waiting: [Waiting] = []
    private var start = 0
    /// How many may wait.
    let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    var count: Int { waiting.count - start }
    var isEmpty: Bool { count == 0 }

    /// The first deadline.
    var deadline: MonotonicTime? { isEmpty ? nil : waiting[start].until }

    /// Puts an exchange at the end; false when the queue is full.
    mutating func append(_ exchange: Exchange, until deadline: MonotonicTime) -> Bool {
        guard count < limit else { return false }
        waiting.append(Waiting(exchange: exchange, until: deadline))
        return true
    }

    /// Takes the one that waits longest.
    mutating func popFirst() -> Exchange? {
        guard start < waiting.count else { return nil }
        let exchange = waiting[start].exchange
        start += 1
        if start == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            start = 0
        } else if start >= limit {
            // A queue that is never empty would keep everyone who ever waited in it.
            waiting.removeFirst(start)
            start = 0
        }
        return exchange
    }

    /// Takes out one whose caller is gone.
    mutating func remove(_ exchange: Exchange) {
        waiting.removeFirst(start)
        start = 0
        waiting.removeAll { $0.exchange === exchange }
    }
}
