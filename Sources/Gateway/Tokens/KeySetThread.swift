internal import CLinux
internal import Glibc
internal import Synchronization
internal import Token

/// The thread that keeps issuers' keys current: files are looked at again and again, URLs are fetched.
///
/// What it finds is handed over on that thread; what takes it must not block.
final class KeySetThread: Sendable {
    private struct Orders: Sendable {
        var isStopped = false
        var sources: [KeySetOrder]?
        var wanted: Set<KeySetSource> = []
    }

    private let orders: Mutex<Orders>
    private let wake: Int32
    private let publish: @Sendable (KeySetSource, KeySet) -> Void
    private let tell: @Sendable (KeySetSource, KeySetEvent) -> Void

    /// Prepares to keep the keys of what ``adopt(_:)`` names; nil when no descriptor is left.
    init?(
        publish: @escaping @Sendable (KeySetSource, KeySet) -> Void,
        tell: @escaping @Sendable (KeySetSource, KeySetEvent) -> Void
    ) {
        wake = clinux_eventfd()
        guard wake >= 0 else { return nil }
        orders = Mutex(Orders())
        self.publish = publish
        self.tell = tell
    }

    deinit {
        close(wake)
    }

    /// Keeps the keys until `stop`.
    func run() {
        let work = KeySetWork(publish: publish, tell: tell)
        while true {
            let order = orders.withLock { orders in
                defer {
                    orders.sources = nil
                    orders.wanted = []
                }
                return orders
            }
            guard !order.isStopped else { return }
            if let sources = order.sources { work.adopt(sources) }
            for source in order.wanted { work.hasten(source) }
            work.wait(orFor: wake, milliseconds: work.advance())
            var count: UInt64 = 0
            _ = unsafe read(wake, &count, MemoryLayout<UInt64>.size)
        }
    }

    /// Ends `run`, from any thread.
    func stop() {
        orders.withLock { $0.isStopped = true }
        signal()
    }

    /// Goes on with other sources, from any thread; what is known of those that stay is kept.
    func adopt(_ sources: [KeySetOrder]) {
        orders.withLock { $0.sources = sources }
        signal()
    }

    /// A token names a key that is not known: the source is asked soon, not more often than it has to bear.
    func want(_ source: KeySetSource) {
        orders.withLock { _ = $0.wanted.insert(source) }
        signal()
    }

    private func signal() {
        var one: UInt64 = 1
        _ = unsafe write(wake, &one, MemoryLayout<UInt64>.size)
    }
}
