internal import CLibevent
internal import Glibc

/// Who is told that a timer has run out.
public protocol TimerHandler: AnyObject {
    /// The timer that was made with this token has run out; it is not armed any more.
    func timerFired(_ token: Int)
}

/// A deadline on a loop, cheap to push back.
///
/// Belongs to the loop's thread. As with ``Watcher``, the handler owns its timers and may drop them, and itself, when
/// called; once a timer is gone or cancelled, no call comes.
///
/// Nearly every deadline of a server is pushed back or cancelled before it comes. So the loop's heap is touched only to
/// bring a deadline forward: to push back or to cancel is to write a field, and a wake-up that finds its deadline moved
/// goes back to sleep for the rest. A timer never fires early by ``EventLoop/now``; it may be late by a few milliseconds.
@safe
public struct Timer: ~Copyable {
    private let slot: UnsafeMutablePointer<TimerSlot>

    /// Prepares a timer, not armed; `token` tells an owner's several timers apart.
    public init(loop: EventLoop, handler: any TimerHandler, token: Int = 0) {
        let slot = UnsafeMutablePointer<TimerSlot>.allocate(capacity: 1)
        unsafe slot.initialize(to: TimerSlot(handler: handler, loop: loop, token: token))
        unsafe event_assign(&slot.pointee.event, loop.base, -1, 0, timerCallback, slot)
        unsafe self.slot = slot
    }

    deinit {
        unsafe event_del(&slot.pointee.event)
        unsafe slot.deinitialize(count: 1)
        unsafe slot.deallocate()
    }

    /// The deadline, if armed.
    public var deadline: MonotonicTime? {
        let deadline = unsafe slot.pointee.deadline
        return deadline == .never ? nil : deadline
    }

    /// Arms the timer for `deadline`, instead of whatever it was armed for.
    public mutating func schedule(at deadline: MonotonicTime) {
        unsafe slot.pointee.schedule(at: deadline)
    }

    /// Arms the timer for `duration` from the loop's present time, instead of whatever it was armed for.
    public mutating func schedule(after duration: Duration) {
        schedule(at: unsafe slot.pointee.loop.now + duration)
    }

    /// Arms the timer for `interval` from the loop's present time, instead of whatever it was armed for.
    public mutating func schedule(after interval: Interval) {
        schedule(at: unsafe slot.pointee.loop.now + interval)
    }

    /// Disarms the timer.
    public mutating func cancel() {
        unsafe slot.pointee.deadline = .never
    }
}

/// What a timer's event points to.
@unsafe
private struct TimerSlot {
    var event = unsafe CLibevent.event()
    /// When the handler wants to be called.
    var deadline: MonotonicTime
    /// When the heap will wake us: never later than `deadline`.
    var armed: MonotonicTime
    unowned(unsafe) let handler: any TimerHandler
    let loop: EventLoop
    let token: Int

    init(handler: any TimerHandler, loop: EventLoop, token: Int) {
        unsafe self.handler = handler
        unsafe self.loop = loop
        unsafe self.token = token
        unsafe deadline = .never
        unsafe armed = .never
    }

    mutating func schedule(at deadline: MonotonicTime) {
        unsafe self.deadline = deadline
        if unsafe deadline < armed { unsafe arm() }
    }

    mutating func arm() {
        let microseconds = unsafe (deadline.nanoseconds(since: loop.now) / 1000).saturatingSuccessor
        var interval = timeval(
            tv_sec: Int(clamping: microseconds / 1_000_000), tv_usec: Int(clamping: microseconds % 1_000_000))
        unsafe armed = unsafe deadline
        // The heap could not grow: wake at once and try again rather than lose a deadline.
        if unsafe event_add(&event, &interval) != 0 { unsafe event_active(&event, EV_TIMEOUT, 1) }
    }
}

extension MonotonicTime {
    /// Stands for "not armed": the end of the clock is 584 years away.
    fileprivate static var never: MonotonicTime { MonotonicTime(nanoseconds: .max) }
}

extension UInt64 {
    fileprivate var saturatingSuccessor: UInt64 { self == .max ? self : self + 1 }
}

private let timerCallback: event_callback_fn = { _, _, context in
    guard let slot = unsafe context?.assumingMemoryBound(to: TimerSlot.self) else { return }
    unsafe slot.pointee.armed = .never
    let deadline = unsafe slot.pointee.deadline
    guard deadline != .never else { return }
    // Pushed back since, or woken by libevent's coarse clock a tick too soon.
    guard unsafe deadline <= slot.pointee.loop.now else { return unsafe slot.pointee.arm() }
    unsafe slot.pointee.deadline = .never
    // From here on the slot may be freed by the handler at any time.
    let handler = unsafe slot.pointee.handler
    let token = unsafe slot.pointee.token
    withExtendedLifetime(handler) { handler.timerFired(token) }
}
