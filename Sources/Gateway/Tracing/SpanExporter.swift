internal import EventLoop
internal import Observability
internal import Synchronization

/// The thread that sends spans: whoever starts a thread calls `run`, which returns after `stop`.
final class SpanExporter: Sendable {
    private struct Orders: Sendable {
        var plan: SpanExportPlan?
        /// When it has to have ended.
        var deadline: MonotonicTime?
    }

    private let queue: SpanQueue
    private let orders: Mutex<Orders>
    private let latest = Mutex(SpanCounts())
    private let tell: @Sendable (SpanExportEvent) -> Void

    init(_ queue: SpanQueue, to plan: SpanExportPlan, tell: @escaping @Sendable (SpanExportEvent) -> Void) {
        self.queue = queue
        self.tell = tell
        orders = Mutex(Orders(plan: plan))
    }

    /// What came of the spans so far; from any thread.
    var counts: SpanCounts { latest.withLock { $0 } }

    /// Sends spans until `stop`.
    func run() {
        guard let plan = orders.withLock({ $0.plan }) else { return }
        var export = SpanExport(queue, to: plan, tell: tell)
        while true {
            let order = orders.withLock { orders in
                defer { orders.plan = nil }
                return orders
            }
            if let plan = order.plan { export.adopt(plan) }
            let hasSentAll = export.advance(isClosing: order.deadline != nil)
            latest.withLock { $0 = export.counts }
            if let deadline = order.deadline, hasSentAll || MonotonicTime.now() >= deadline { break }
            export.wait(until: order.deadline)
        }
        export.abandon()
        latest.withLock { $0 = export.counts }
    }

    /// Sends by another plan from now on, from any thread.
    func adopt(_ plan: SpanExportPlan) {
        orders.withLock { $0.plan = plan }
        queue.wake()
    }

    /// Ends `run` once everything has been sent, or at the deadline; from any thread.
    func stop(by deadline: MonotonicTime) {
        orders.withLock { $0.deadline = deadline }
        queue.wake()
    }
}
