internal import CLinux
public import DER
internal import Glibc
internal import Synchronization

/// The thread that keeps revocation current: whoever starts a thread calls `run`, which returns after `stop`.
///
/// Snapshots and events are handed over on that thread: what takes them must not block.
@safe
public final class RevocationThread: Sendable {
    private struct Orders: Sendable {
        var isStopped = false
        var mustFetch = false
        var settings: RevocationSettings?
    }

    private let orders: Mutex<Orders>
    private let latest = Mutex(RevocationReport())
    private let wake: Int32
    private let publish: @Sendable (RevocationSnapshot) -> Void
    private let tell: @Sendable (RevocationEvent) -> Void

    /// Prepares to keep the CRLs that the settings name.
    ///
    /// - Parameters:
    ///   - settings: whose CRLs, and where from.
    ///   - publish: takes each new snapshot, the first as soon as what is at hand without network was read.
    ///   - tell: takes what happens.
    /// - Throws: `SystemFailure` when no descriptor is left.
    public init(
        _ settings: RevocationSettings, publish: @escaping @Sendable (RevocationSnapshot) -> Void,
        tell: @escaping @Sendable (RevocationEvent) -> Void
    ) throws(SystemFailure) {
        wake = clinux_eventfd()
        guard wake >= 0 else { throw SystemFailure("eventfd") }
        orders = Mutex(Orders(settings: settings))
        self.publish = publish
        self.tell = tell
    }

    deinit {
        close(wake)
    }

    /// Keeps revocation current until `stop`.
    public func run() {
        var work: RevocationWork?
        var published: UInt64?
        while true {
            let order = orders.withLock { orders in
                defer {
                    orders.mustFetch = false
                    orders.settings = nil
                }
                return orders
            }
            guard !order.isStopped else { return }
            if let settings = order.settings {
                work = RevocationWork(settings, inheriting: work?.keeper, tell: tell)
                work?.load(at: .now())
                // The first snapshot is awaited, be it empty.
                publish(work?.keeper.snapshot ?? .empty, &published)
            }
            guard let work else { return }
            if order.mustFetch { work.hasten() }
            let milliseconds = work.advance(clock: RevocationThread.clock(), now: .now())
            publish(work.keeper.snapshot, &published)
            let report = work.report(clock: RevocationThread.clock(), now: .now())
            latest.withLock { $0 = report }
            work.keep(clock: RevocationThread.clock(), now: .now())
            work.wait(orFor: wake, milliseconds: milliseconds)
            drain()
        }
    }

    /// Ends `run`, from any thread.
    ///
    /// A fetch that is under way is given up.
    public func stop() {
        orders.withLock { $0.isStopped = true }
        signal()
    }

    /// Asks every source now, from any thread.
    public func fetch() {
        orders.withLock { $0.mustFetch = true }
        signal()
    }

    /// Goes on with other settings, from any thread.
    ///
    /// The CRLs of CAs that stay are kept.
    public func reconfigure(_ settings: RevocationSettings) {
        orders.withLock { $0.settings = settings }
        signal()
    }

    /// The CRLs and sources as they stood when the thread last did something; from any thread.
    public var report: RevocationReport {
        latest.withLock { $0 }
    }

    /// Loads what is at hand, asks every source once, and returns what is known then: for commands that do it once.
    ///
    /// - Parameters:
    ///   - settings: whose CRLs, and where from.
    ///   - fetching: whether sources are asked.
    ///   - moment: the moment at which what is at hand must have begun to be valid.
    ///   - tell: takes what happens.
    /// - Returns: the snapshot, and the report of CRLs and sources.
    public static func once(
        _ settings: RevocationSettings, fetching: Bool, at moment: Timestamp = .now(),
        tell: @escaping (RevocationEvent) -> Void
    ) -> (snapshot: RevocationSnapshot, report: RevocationReport) {
        let work = RevocationWork(settings, goesOn: false, tell: tell)
        work.load(at: moment)
        while fetching {
            let milliseconds = work.advance(clock: clock(), now: .now())
            guard work.isFetching(clock: clock()) else { break }
            work.wait(orFor: -1, milliseconds: milliseconds)
        }
        work.keep(clock: clock(), now: .now())
        return (work.keeper.snapshot, work.report(clock: clock(), now: .now()))
    }

    private func publish(_ snapshot: RevocationSnapshot, _ published: inout UInt64?) {
        guard published != snapshot.epoch else { return }
        published = snapshot.epoch
        publish(snapshot)
        tell(.published(epoch: snapshot.epoch))
    }

    private func signal() {
        var one: UInt64 = 1
        // A full counter is a signal too.
        _ = unsafe write(wake, &one, MemoryLayout<UInt64>.size)
    }

    private func drain() {
        var count: UInt64 = 0
        _ = unsafe read(wake, &count, MemoryLayout<UInt64>.size)
    }

    /// Milliseconds of a clock that never goes back.
    private static func clock() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
