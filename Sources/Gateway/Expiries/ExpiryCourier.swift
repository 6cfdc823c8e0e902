internal import CLinux
internal import Configuration
internal import EventLoop
internal import Fetching
internal import Glibc
internal import Logging
internal import Synchronization

/// The thread that brings notices of what ends to who wants to be told, and blocks nobody else by it.
///
/// A batch is tried a few times; then it is given up, which the log says: what it said is in the log anyway.
final class ExpiryCourier: Sendable {
    private struct Orders: Sendable {
        var receiver: ExpiryWebhookConfiguration?
        var batches: [[UInt8]] = []
        var isStopped = false

        mutating func takeFirst() -> [UInt8]? { batches.isEmpty ? nil : batches.removeFirst() }
    }

    private let orders = Mutex(Orders())
    private let wake: Int32
    private let log: Logger

    /// Nil when no descriptor is left.
    init?(log: Logger) {
        wake = clinux_eventfd()
        guard wake >= 0 else { return nil }
        self.log = log
    }

    deinit {
        close(wake)
    }

    /// Sends what comes from now on to this receiver; what waits goes there too, or nowhere.
    func adopt(_ receiver: ExpiryWebhookConfiguration?) {
        orders.withLock { orders in
            orders.receiver = receiver
            if receiver == nil { orders.batches = [] }
        }
    }

    /// Has a batch sent, from any thread.
    func send(_ batch: [UInt8]) {
        let isFull = orders.withLock { orders in
            guard orders.receiver != nil else { return false }
            orders.batches.append(batch)
            guard orders.batches.count > Limits.expiryBatches else { return false }
            orders.batches.removeFirst()
            return true
        }
        if isFull { log.warning("expiry_webhook: its receiver does not keep up, the oldest notices are dropped") }
        ring()
    }

    /// Ends `run`, from any thread; what waits is not sent.
    func stop() {
        orders.withLock { $0.isStopped = true }
        ring()
    }

    /// Sends until `stop`.
    func run() {
        guard let fetcher = try? Fetcher() else {
            return log.error("expiry_webhook: libcurl cannot be had, nobody is told")
        }
        var errand: Errand?
        while true {
            let (isStopped, receiver) = orders.withLock { ($0.isStopped, $0.receiver) }
            if isStopped { return }
            if receiver == nil { errand = nil }
            if errand == nil { errand = orders.withLock { $0.takeFirst() }.map { Errand(batch: $0) } }
            if let receiver, errand?.isDue == true {
                errand?.attempts += 1
                errand?.next = nil
                do {
                    try fetcher.start(request(to: receiver, errand?.batch ?? []), tag: 0)
                } catch {
                    errand = after(.failed(error), errand)
                }
            }
            for (_, outcome) in fetcher.advance() { errand = after(outcome, errand) }
            // With nothing to do it sleeps until the bell.
            fetcher.wait(orFor: wake, milliseconds: errand == nil ? 60_000 : 100)
            var count: UInt64 = 0
            _ = unsafe read(wake, &count, MemoryLayout<UInt64>.size)
        }
    }

    /// A batch on its way.
    private struct Errand {
        let batch: [UInt8]
        var attempts = 0
        /// When it is tried; nil while it is.
        var next: MonotonicTime? = .now()

        var isDue: Bool { next.map { $0 <= .now() } ?? false }
    }

    private func request(to receiver: ExpiryWebhookConfiguration, _ batch: [UInt8]) -> FetchRequest {
        FetchRequest(
            post: batch, mediaType: ExpiryNotice.mediaType, to: receiver.url, authorities: receiver.authorities?.path,
            timeoutSeconds: Limits.expirySeconds, limit: Limits.expiryAnswer)
    }

    /// What is left to do after an attempt.
    private func after(_ outcome: FetchOutcome, _ errand: Errand?) -> Errand? {
        guard var errand, case .failed(let error) = outcome else { return nil }
        guard errand.attempts < Limits.expiryAttempts else {
            log.warning("expiry_webhook: \(error), \(errand.attempts) times: these notices are given up")
            return nil
        }
        let seconds = 1 << (errand.attempts - 1)
        log.notice("expiry_webhook: \(error); again in \(seconds) s")
        errand.next = .now() + .seconds(seconds)
        return errand
    }

    private func ring() {
        var one: UInt64 = 1
        _ = unsafe write(wake, &one, MemoryLayout<UInt64>.size)
    }
}
