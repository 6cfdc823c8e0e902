internal import Glibc

/// Bytes on their way: a flat block with a read and a write index.
///
/// The block comes from the worker's `BlockPool` when the first byte does and goes back when the last one leaves, so
/// that an idle connection holds none.
///
/// Invariant: `0 <= start <= end <= storage.count`.
struct ByteQueue: ~Copyable {
    private var storage: [UInt8] = []
    private var start = 0
    private var end = 0
    private let pool: BlockPool

    init(pool: BlockPool) {
        self.pool = pool
    }

    /// How many bytes wait.
    var count: Int { end - start }

    var isEmpty: Bool { start == end }

    /// Lends the waiting bytes.
    func withBytes<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(storage.span.extracting(start..<end))
    }

    /// Lets go of the first `count` bytes.
    mutating func consume(_ count: Int) {
        start = min(start + max(count, 0), end)
        guard start == end else { return }
        start = 0
        end = 0
        pool.giveBack(&storage)
    }

    /// Lends room for at least `minimum` and at most `maximum` bytes to `body`, which says how many it wrote.
    mutating func fill(
        atLeast minimum: Int, atMost maximum: Int = .max, _ body: (inout MutableSpan<UInt8>) -> Int
    ) {
        reserve(minimum)
        let written = Self.lend(&storage, from: end, atMost: maximum, to: body)
        end += min(max(written, 0), storage.count - end)
        if start == end { consume(0) }
    }

    private static func lend(
        _ storage: inout [UInt8], from end: Int, atMost maximum: Int, to body: (inout MutableSpan<UInt8>) -> Int
    ) -> Int {
        let count = min(storage.count - end, maximum)
        var free = storage.mutableSpan
        var room = free._mutatingExtracting(end..<(end + count))
        return body(&room)
    }

    mutating func append(_ bytes: Span<UInt8>) {
        let count = bytes.count
        guard count > 0 else { return }
        reserve(count)
        let end = self.end
        unsafe storage.withUnsafeMutableBytes { room in
            unsafe bytes.withUnsafeBytes { source in
                unsafe UnsafeMutableRawBufferPointer(rebasing: room[end..<(end + count)]).copyMemory(from: source)
            }
        }
        self.end = end + count
    }

    mutating func append(_ bytes: [UInt8]) {
        append(bytes.span)
    }

    /// Forgets everything.
    mutating func removeAll() {
        consume(count)
    }

    /// Makes room for `count` more bytes behind the last: moves them to the front, or takes a larger block.
    private mutating func reserve(_ count: Int) {
        if storage.count - end >= count { return }
        let waiting = self.count
        if storage.count - waiting >= count {
            slide(waiting)
            return
        }
        var larger = pool.take(atLeast: waiting + count)
        unsafe larger.withUnsafeMutableBytes { room in
            unsafe storage.withUnsafeBytes { source in
                let kept = unsafe UnsafeRawBufferPointer(rebasing: source[start..<end])
                unsafe room.copyMemory(from: kept)
            }
        }
        swap(&storage, &larger)
        pool.giveBack(&larger)
        start = 0
        end = waiting
    }

    private mutating func slide(_ waiting: Int) {
        let start = self.start
        unsafe storage.withUnsafeMutableBytes { room in
            guard let base = room.baseAddress else { return }
            unsafe _ = memmove(base, base + start, waiting)
        }
        self.start = 0
        end = waiting
    }
}
