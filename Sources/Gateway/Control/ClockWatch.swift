internal import DER
internal import EventLoop

/// Notices that the wall clock was set: by it certificates expire, while timers run by another clock that nobody sets.
struct ClockWatch {
    private var difference: Int64?

    /// Compares the two clocks.
    ///
    /// - Returns: by how many seconds the wall clock was set since the last look; nil when it was not.
    mutating func look(wall: Timestamp, monotonic: MonotonicTime) -> Int64? {
        let now = wall.secondsSinceEpoch - Int64(clamping: monotonic.nanoseconds / 1_000_000_000)
        defer { difference = now }
        guard let difference else { return nil }
        let jump = now - difference
        // Each is cut to whole seconds: a second of difference means nothing.
        return abs(jump) > Limits.clockJitter ? jump : nil
    }
}
