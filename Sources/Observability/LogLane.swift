internal import Synchronization

/// One worker's way to a log: a ring of bytes that one thread fills and one thread empties, without locks.
///
/// A worker asks its sink for a lane and keeps it. Appending never waits: when the ring is full, because the target is
/// slow, the line is dropped and counted.
public final class LogLane {
    private let ring: LogRing
    private let bell: LogBell

    init(ring: LogRing, bell: LogBell) {
        self.ring = ring
        self.bell = bell
    }

    deinit {
        ring.isAbandoned.store(true, ordering: .releasing)
        bell.ring()
    }

    /// Appends one line, which ends in a line feed.
    ///
    /// - Parameter line: the line.
    /// - Returns: whether there was room; if not, the line counts as dropped.
    @discardableResult
    public func append(_ line: Span<UInt8>) -> Bool {
        // A writer that rests looks by itself; only one that sleeps, or a ring that fills up, is worth a system call.
        switch ring.append(line) {
        case .dropped: return false
        case .kept: bell.ringIfSleeping()
        case .keptAndHalfFull: bell.ring()
        }
        return true
    }

    /// How many lines found no room.
    public var droppedLines: UInt64 { ring.droppedLines }
}

/// The ring itself, shared by a lane (which appends) and the writer (which takes).
///
/// Sendable although it holds a pointer: the bytes between `head` and `tail` belong to the writer, all others to the lane,
/// and each side moves only its own end, after it is done with the bytes.
@safe
final class LogRing: @unchecked Sendable {
    /// A power of two.
    private let capacity: Int
    private let storage: UnsafeMutablePointer<UInt8>
    /// How many bytes were ever taken: the writer's end.
    private let head = Atomic<Int>(0)
    /// How many bytes were ever appended: the lane's end; always after a whole line.
    private let tail = Atomic<Int>(0)
    private let dropped = Atomic<UInt64>(0)
    /// Set when the lane is gone: no more will come.
    let isAbandoned = Atomic<Bool>(false)

    init(capacity: Int) {
        var power = 4096
        while power < capacity, power < 1 << 30 { power *= 2 }
        self.capacity = power
        unsafe storage = .allocate(capacity: power)
        unsafe storage.initialize(repeating: 0, count: power)
    }

    deinit {
        unsafe storage.deallocate()
    }

    var droppedLines: UInt64 { dropped.load(ordering: .relaxed) }

    var isEmpty: Bool { head.load(ordering: .relaxed) == tail.load(ordering: .sequentiallyConsistent) }

    /// What became of a line.
    enum Outcome {
        case dropped, kept
        /// Kept, and it was this line that made the ring half full: told once per crossing, or a stalled writer would be
        /// rung for at each line.
        case keptAndHalfFull
    }

    /// By the lane only.
    func append(_ line: Span<UInt8>) -> Outcome {
        let start = tail.load(ordering: .relaxed)
        let used = start - head.load(ordering: .acquiring)
        guard line.count <= capacity - used, line.count <= ObservabilityLimits.longestLine else {
            dropped.add(1, ordering: .relaxed)
            return .dropped
        }
        guard !line.isEmpty else { return .kept }
        unsafe line.withUnsafeBufferPointer { bytes in
            guard let source = bytes.baseAddress else { return }
            let offset = start & (capacity - 1)
            let first = min(bytes.count, capacity - offset)
            unsafe (storage + offset).update(from: source, count: first)
            unsafe storage.update(from: source + first, count: bytes.count - first)
        }
        tail.store(start + line.count, ordering: .sequentiallyConsistent)
        let half = capacity / 2
        return used < half && used + line.count >= half ? .keptAndHalfFull : .kept
    }

    /// By the writer only: appends whole lines to `buffer`, as many as fit in `room`, and frees their place.
    func take(into buffer: inout [UInt8], room: Int) {
        let start = head.load(ordering: .relaxed)
        var count = tail.load(ordering: .acquiring) - start
        if count > room {
            count = room
            while count > 0, unsafe storage[(start + count - 1) & (capacity - 1)] != UInt8(ascii: "\n") { count -= 1 }
        }
        guard count > 0 else { return }
        let offset = start & (capacity - 1)
        let first = min(count, capacity - offset)
        unsafe buffer.append(contentsOf: UnsafeBufferPointer(start: storage + offset, count: first))
        unsafe buffer.append(contentsOf: UnsafeBufferPointer(start: storage, count: count - first))
        head.store(start + count, ordering: .releasing)
    }
}
