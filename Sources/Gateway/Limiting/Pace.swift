internal import EventLoop

/// How slowly a peer may move bytes: so many of them in each window, or it holds memory and descriptors for nothing.
///
/// Silence has its own deadlines; this is for the peer that moves one byte before each of them.
struct Pace: Sendable {
    /// Bytes that have to be moved in a window.
    let bytes: UInt64
    /// Nanoseconds.
    let window: UInt64

    init(bytesPerSecond: Int, window: Duration) {
        self.window = max(window.wholeNanoseconds, 1)
        // A window has an hour at the most, and a rate is a size.
        let seconds = Double(self.window) / 1e9
        bytes = UInt64(max(1, Double(bytesPerSecond) * seconds))
    }
}

/// What one peer has moved while it was waited for.
struct PaceWatch {
    private var since: MonotonicTime?
    private var waited: UInt64 = 0
    private var moved: UInt64 = 0

    /// The peer has nothing to do, or waits for us: time does not count until it moves again.
    ///
    /// The bytes whose move ended the wait count as much as the wait does.
    mutating func pause(at now: MonotonicTime, having count: Int = 0) {
        moved &+= UInt64(clamping: count)
        if let since { waited &+= now.nanoseconds(since: since) }
        since = nil
    }

    /// Something else begins.
    mutating func reset() {
        self = PaceWatch()
    }

    /// Takes bytes that the peer has moved; false when it is slower than it may be.
    mutating func take(_ count: Int, at now: MonotonicTime, of pace: Pace?) -> Bool {
        guard let pace else { return true }
        pause(at: now, having: count)
        since = now
        guard waited >= pace.window else { return true }
        guard moved >= pace.bytes else { return false }
        waited = 0
        moved = 0
        return true
    }
}
