import EventLoop

/// What a client is told to do next.
struct Attempt {
    var role: CallerRole
    /// When it was to begin.
    var intended: MonotonicTime
    /// When it has taken too long.
    var deadline = MonotonicTime(nanoseconds: .max)
    /// Part of the preparation, which is not counted.
    var isPreparation = false
}
