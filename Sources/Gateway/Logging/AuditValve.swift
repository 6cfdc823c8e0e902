internal import EventLoop

/// Lets so many lines a second pass, and counts the rest.
struct AuditValve {
    private let lines: Int
    private var second: UInt64 = 0
    private var written = 0
    private var dropped = 0

    init(lines: Int) {
        self.lines = lines
    }

    /// How many were left out since the last line, when one more may be written now; nil when not.
    mutating func pass(at now: MonotonicTime) -> Int? {
        let present = now.nanoseconds / 1_000_000_000
        if present != second {
            second = present
            written = 0
        }
        guard written < lines else {
            dropped += 1
            return nil
        }
        written += 1
        defer { dropped = 0 }
        return dropped
    }
}
