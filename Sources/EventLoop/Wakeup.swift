internal import CLinux
internal import Glibc
internal import Synchronization

/// The bell by which any thread wakes one loop: an eventfd.
///
/// Made by whoever spawns the thread, rung by anybody, answered by the ``WakeupWatcher`` of that thread's loop. It carries
/// no message: the message lies in a queue that the ringer filled before.
public final class Wakeup: Sendable {
    let descriptor: Descriptor
    /// Rung and not answered yet: further ringers need not write.
    private let isRung = Atomic<Bool>(false)

    /// Makes a bell.
    public init() throws(EventLoopError) {
        let number = clinux_eventfd()
        guard number >= 0 else { throw .system(call: "eventfd", errno: errno) }
        descriptor = Descriptor(owning: number)
    }

    /// Wakes the loop, from any thread; calls that come before the loop answers are one.
    ///
    /// What was written before this call is seen by the handler.
    public func signal() {
        guard !isRung.exchange(true, ordering: .acquiringAndReleasing) else { return }
        var one: UInt64 = 1
        // Fails only when the counter is full, which one unanswered ring never makes it.
        while unsafe write(descriptor.rawValue, &one, 8) < 0 && errno == EINTR {}
    }

    /// Takes the ring, so that the next one wakes again.
    fileprivate func answer() {
        var count: UInt64 = 0
        while unsafe read(descriptor.rawValue, &count, 8) < 0 && errno == EINTR {}
        // After the read, not before: a ring between the two would leave the mark set and the counter empty, for ever.
        // The exchange is also what makes a skipped ringer's writes visible here.
        _ = isRung.exchange(false, ordering: .acquiringAndReleasing)
    }
}

/// Who is told that the bell was rung.
public protocol WakeupHandler: AnyObject {
    /// The bell was rung, once or several times, since the last call.
    func wokenUp()
}

/// Listens to a ``Wakeup`` on a loop.
///
/// As with ``Watcher``, its handler owns it.
public struct WakeupWatcher: ~Copyable {
    private let relay: Relay
    private var watcher: Watcher

    /// Listens from now on; a ring that came earlier is told too.
    public init(loop: EventLoop, wakeup: Wakeup, handler: any WakeupHandler) {
        relay = Relay(wakeup: wakeup, handler: handler)
        watcher = Watcher(loop: loop, descriptor: wakeup.descriptor, handler: relay)
        watcher.setInterest(.read)
    }

    private final class Relay: ReadinessHandler {
        private let wakeup: Wakeup
        unowned(unsafe) private let handler: any WakeupHandler

        init(wakeup: Wakeup, handler: any WakeupHandler) {
            self.wakeup = wakeup
            unsafe self.handler = handler
        }

        func ready(_ readiness: Readiness) {
            wakeup.answer()
            let handler = unsafe self.handler
            withExtendedLifetime(handler) { handler.wokenUp() }
        }
    }
}
