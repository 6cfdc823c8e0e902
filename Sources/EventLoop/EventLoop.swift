internal import CLibevent

/// Something to be called once at the end of an iteration, after all its events and before the loop sleeps.
public protocol AfterEventsHandler: AnyObject {
    /// Every event of this iteration has been handled: the time to flush what they gathered.
    func eventsHandled()
}

/// One thread's loop over readiness events and timers: libevent's `event_base` on epoll.
///
/// A loop and everything that hangs on it belong to one thread: the base is made without locks. Another thread speaks
/// to it through ``Wakeup`` only. Readiness is level-triggered: what is not read now is announced again.
@safe
public final class EventLoop {
    let base: OpaquePointer

    private var cachedTime: MonotonicTime?
    private var isTurning = false
    private var isStopping = false
    /// Those to call at the end of this iteration; the two arrays swap so that neither gives its memory back.
    private var dirty: [any AfterEventsHandler] = []
    private var flushing: [any AfterEventsHandler] = []

    /// Makes a loop for the calling thread.
    public init() throws(EventLoopError) {
        guard let configuration = unsafe event_config_new() else { throw .cannotMakeLoop }
        defer { unsafe event_config_free(configuration) }
        // No lock: one thread only. No environment: EVENT_NOEPOLL in it must not turn the server into poll(2).
        unsafe event_config_set_flag(configuration, Int32(EVENT_BASE_FLAG_NOLOCK.rawValue))
        unsafe event_config_set_flag(configuration, Int32(EVENT_BASE_FLAG_IGNORE_ENV.rawValue))
        unsafe event_config_require_features(configuration, Int32(EV_FEATURE_O1.rawValue))
        guard let base = unsafe event_base_new_with_config(configuration) else { throw .cannotMakeLoop }
        unsafe self.base = base
    }

    deinit {
        unsafe event_base_free(base)
    }

    /// The monotonic time, read at most once per iteration of the loop.
    public var now: MonotonicTime {
        if let cachedTime { return cachedTime }
        let time = MonotonicTime.now()
        if isTurning { cachedTime = time }
        return time
    }

    /// Handles events until ``stop()``.
    ///
    /// - Throws: `EventLoopError.waitFailed` if the kernel will not wait any more.
    public func run() throws(EventLoopError) {
        defer { isStopping = false }
        while !isStopping {
            try turn()
        }
    }

    /// Makes ``run()`` return once the present iteration has been handled whole; before `run()`, makes it return at once.
    public func stop() {
        isStopping = true
    }

    /// Handles one batch of events and what they left for the end of the iteration.
    ///
    /// - Parameter waiting: whether to sleep until there is an event.
    /// - Throws: `EventLoopError.waitFailed` if the kernel will not wait any more.
    public func turn(waiting: Bool = true) throws(EventLoopError) {
        cachedTime = nil
        isTurning = true
        defer {
            isTurning = false
            cachedTime = nil
        }
        var flags = EVLOOP_ONCE | EVLOOP_NO_EXIT_ON_EMPTY
        if !waiting || !dirty.isEmpty { flags |= EVLOOP_NONBLOCK }
        guard unsafe event_base_loop(base, flags) >= 0 else { throw .waitFailed }
        flush()
    }

    /// Has `handler` called once when the events of this iteration have been handled, before the loop sleeps.
    ///
    /// The loop keeps the handler alive until then. Asked for during such a call, it comes at the end of the next
    /// iteration, which does not sleep: a handler that always asks again cannot starve the events. The loop does not look
    /// for duplicates.
    public func afterEvents(_ handler: any AfterEventsHandler) {
        dirty.append(handler)
    }

    private func flush() {
        guard !dirty.isEmpty else { return }
        swap(&dirty, &flushing)
        // By index: an iterator would hold the array, and emptying it would then allocate another.
        for index in flushing.indices {
            flushing[index].eventsHandled()
        }
        flushing.removeAll(keepingCapacity: true)
    }
}
