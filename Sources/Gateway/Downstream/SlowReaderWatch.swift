internal import EventLoop

/// Whether a caller takes what waits for it: one that does not must not hold an upstream's connection, or its own, for
/// ever.
struct SlowReaderWatch: ~Copyable {
    /// Fires when nothing was taken for as long as a body may be silent.
    private var timer: Timer
    private var pace = PaceWatch()

    init(timer: consuming Timer) {
        self.timer = timer
    }

    /// What waited was offered, and the caller took so many bytes of it; says whether it is too slow.
    mutating func flushed(_ moved: Int, isAllGone: Bool, at now: MonotonicTime, of plan: ListenerPlan) -> Bool {
        if isAllGone {
            timer.cancel()
            pace.pause(at: now, having: moved)
            return false
        }
        if moved > 0 || timer.deadline == nil { timer.schedule(after: plan.bodyTimeout) }
        return !pace.take(moved, at: now, of: plan.pace)
    }

    /// Something else begins: what was is not held against the caller.
    mutating func forget() {
        pace.reset()
    }
}
