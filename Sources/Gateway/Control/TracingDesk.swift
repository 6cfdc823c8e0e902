internal import EventLoop
internal import Logging
internal import Observability
internal import Synchronization

/// The control thread's hold on the thread that sends spans; there is no such thread until spans are to be sent.
final class TracingDesk: Sendable {
    private struct Exporting: Sendable {
        let exporter: SpanExporter
        let thread: ThreadHandle
    }

    /// Where workers leave spans.
    let queue: SpanQueue
    private let log: Logger
    private let exporting = Mutex<Exporting?>(nil)

    init(log: Logger) throws(StartupProblem) {
        do {
            queue = try SpanQueue()
        } catch {
            throw StartupProblem(location: nil, message: "\(error)", remedy: nil)
        }
        self.log = log
    }

    /// Sends spans by this plan from now on; without one, what is left is sent by the last.
    func adopt(_ plan: SpanExportPlan?) throws(StartupProblem) {
        guard let plan else { return }
        if let exporter = exporting.withLock({ $0?.exporter }) { return exporter.adopt(plan) }
        let log = self.log
        let exporter = SpanExporter(queue, to: plan) { event in
            switch event {
            case .failing(let reason): log.warning("spans cannot be sent: \(reason)")
            case .working: log.notice("spans are sent again")
            }
        }
        do {
            let thread = try spawnThread(name: "spans") { exporter.run() }
            exporting.withLock { $0 = Exporting(exporter: exporter, thread: thread) }
        } catch {
            throw StartupProblem(location: nil, message: "\(error)", remedy: nil)
        }
    }

    /// Sends what is left, until `deadline` at the latest.
    func stop(by deadline: MonotonicTime) {
        guard let exporting = exporting.withLock({ $0.take() }) else { return }
        exporting.exporter.stop(by: deadline)
        exporting.thread.join()
        let counts = exporting.exporter.counts
        if counts.unreachable > 0 { log.notice("\(counts.unreachable) spans were not sent") }
    }

    /// For the operator's endpoint; from any thread.
    func add(to metrics: inout MetricsSnapshot) {
        guard let exporter = exporting.withLock({ $0?.exporter }) else { return }
        TracingMetrics.add(exporter.counts, dropped: queue.droppedSpans, to: &metrics)
    }
}
