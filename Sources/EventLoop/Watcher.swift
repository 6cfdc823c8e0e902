internal import CLibevent

/// What a descriptor is ready for, or is to be watched for.
public struct Readiness: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: UInt8

    /// The set with these bits.
    @inlinable
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// A read would not block: there are bytes, an end of stream, an error, or a connection to accept.
    @inlinable public static var read: Readiness { Readiness(rawValue: 1) }
    /// A write would not block: there is room, an error, or a connection attempt has ended.
    @inlinable public static var write: Readiness { Readiness(rawValue: 2) }
    /// Told only, never asked for: the kernel refused to watch (no memory, too many watches).
    ///
    /// No other readiness will come; close the descriptor.
    @inlinable public static var failed: Readiness { Readiness(rawValue: 4) }
}

/// Who is told that a descriptor is ready.
public protocol ReadinessHandler: AnyObject {
    /// The descriptor is ready for what `readiness` says.
    ///
    /// Reading and writing are told in two calls, even when both come from one wake-up.
    func ready(_ readiness: Readiness)
}

/// The watch a loop keeps on one descriptor.
///
/// Belongs to the loop's thread. The handler is not retained, or it could never go away: **the handler owns its watcher**,
/// and drops it before closing the descriptor. It is retained while being called, so inside `ready(_:)` it may drop its
/// watcher, and the last reference to itself. Once the watcher is gone, no call comes, not even for an event that the
/// present iteration has already gathered.
@safe
public struct Watcher: ~Copyable {
    private let slot: UnsafeMutablePointer<WatcherSlot>

    /// What is being watched for.
    public private(set) var interest: Readiness = []

    /// Prepares to watch `descriptor`, for nothing yet.
    public init(loop: EventLoop, descriptor: borrowing Descriptor, handler: any ReadinessHandler) {
        let slot = UnsafeMutablePointer<WatcherSlot>.allocate(capacity: 1)
        unsafe slot.initialize(to: WatcherSlot(handler: handler, loop: loop))
        // Fails for a bad flag or a base already running with other rules only: neither is possible here.
        unsafe event_assign(
            &slot.pointee.readEvent, loop.base, descriptor.rawValue, Int16(EV_READ | EV_PERSIST), watcherCallback, slot)
        unsafe event_assign(
            &slot.pointee.writeEvent, loop.base, descriptor.rawValue, Int16(EV_WRITE | EV_PERSIST), watcherCallback,
            slot)
        unsafe self.slot = slot
    }

    deinit {
        unsafe event_del(&slot.pointee.readEvent)
        unsafe event_del(&slot.pointee.writeEvent)
        unsafe slot.deinitialize(count: 1)
        unsafe slot.deallocate()
    }

    /// Watches for exactly `wanted` from now on; costs no system call when nothing changes.
    ///
    /// If the kernel refuses, the handler is told `.failed` in the next iteration.
    public mutating func setInterest(_ wanted: Readiness) {
        let changed = interest.symmetricDifference(wanted)
        guard !changed.isEmpty else { return }
        interest = wanted.intersection([.read, .write])
        if changed.contains(.read) {
            unsafe Watcher.switchEvent(&slot.pointee.readEvent, on: wanted.contains(.read))
        }
        if changed.contains(.write) {
            unsafe Watcher.switchEvent(&slot.pointee.writeEvent, on: wanted.contains(.write))
        }
    }

    /// Watches for `readiness` too.
    @inlinable
    public mutating func addInterest(_ readiness: Readiness) {
        setInterest(interest.union(readiness))
    }

    /// Watches for `readiness` no more.
    @inlinable
    public mutating func removeInterest(_ readiness: Readiness) {
        setInterest(interest.subtracting(readiness))
    }

    @unsafe
    private static func switchEvent(_ event: UnsafeMutablePointer<event>, on: Bool) {
        guard on else {
            // Fails only for an event that was never assigned.
            unsafe event_del(event)
            return
        }
        if unsafe event_add(event, nil) != 0 {
            unsafe event_active(event, EV_CLOSED, 1)
        }
    }
}

/// What the two events of a watcher point to: one allocation, at one address for its whole life.
///
/// Two events rather than one, because to change what one event waits for is to take it out and put it in again: two
/// calls of `epoll_ctl` where one does.
@unsafe
private struct WatcherSlot {
    var readEvent = unsafe event()
    var writeEvent = unsafe event()
    unowned(unsafe) let handler: any ReadinessHandler
    /// The base must outlive its events.
    let loop: EventLoop

    init(handler: any ReadinessHandler, loop: EventLoop) {
        unsafe self.handler = handler
        unsafe self.loop = loop
    }
}

private let watcherCallback: event_callback_fn = { _, what, context in
    guard let slot = unsafe context?.assumingMemoryBound(to: WatcherSlot.self) else { return }
    var readiness: Readiness = []
    if Int32(what) & EV_READ != 0 { readiness.insert(.read) }
    if Int32(what) & EV_WRITE != 0 { readiness.insert(.write) }
    if Int32(what) & EV_CLOSED != 0 { readiness.insert(.failed) }
    // From here on the slot may be freed by the handler at any time.
    let handler = unsafe slot.pointee.handler
    withExtendedLifetime(handler) { handler.ready(readiness) }
}
