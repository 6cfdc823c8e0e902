/// The worker's spare blocks for `ByteQueue`: what a connection gives back when it has nothing in flight.
///
/// Belongs to one worker's thread.
final class BlockPool {
    /// What one read brings and a little that was left before it fit in a block, so most exchanges need one each way.
    static let blockSize = Limits.readSize + 512

    /// The same of a body that flows.
    static let bulkSize = Limits.bulkReadSize + 512

    /// Spare blocks kept, a quarter as many large ones: beyond that a block is freed, so that a burst does not stay in
    /// memory for ever.
    private static let spareLimit = 256

    private var spare = SpareBlocks(limit: spareLimit)
    private var spareBulk = SpareBlocks(limit: spareLimit / 4)

    /// Bytes lent and not given back; what a memory budget looks at.
    private(set) var lentBytes = 0

    /// Counts what a codec holds in memory of its own: so many bytes more, or fewer.
    func note(elsewhere change: Int) {
        lentBytes += change
    }

    /// A block of at least `count` bytes, zeroed or holding old bytes: the queue's indices say what is valid.
    func take(atLeast count: Int) -> [UInt8] {
        // Doubling keeps a growing queue from being copied at each append.
        var size = count <= Self.blockSize ? Self.blockSize : Self.bulkSize
        while size < count { size *= 2 }
        lentBytes += size
        let block =
            switch size {
            case Self.blockSize: spare.pop()
            case Self.bulkSize: spareBulk.pop()
            default: [UInt8]?.none
            }
        return block ?? [UInt8](repeating: 0, count: size)
    }

    /// Takes a block back and leaves an empty array in its place.
    func giveBack(_ block: inout [UInt8]) {
        guard !block.isEmpty else { return }
        lentBytes -= block.count
        switch block.count {
        case Self.blockSize: spare.push(&block)
        case Self.bulkSize: spareBulk.push(&block)
        default: block = []
        }
    }

    /// Frees half of the spare blocks that were not needed since the last call; how many it was, large ones counted by
    /// their size.
    ///
    /// Called now and then, it lets the blocks of a rush go within seconds, and keeps those that come and go.
    func shed() -> Int {
        spare.shed() + spareBulk.shed() * (Self.bulkSize / Self.blockSize)
    }
}

/// Blocks of one size that nobody uses.
private struct SpareBlocks {
    private let limit: Int
    private var blocks: [[UInt8]] = []
    /// The fewest there have been since `shed` was last called: so many were not needed.
    private var least = 0

    init(limit: Int) {
        self.limit = limit
    }

    mutating func pop() -> [UInt8]? {
        guard let block = blocks.popLast() else { return nil }
        least = min(least, blocks.count)
        return block
    }

    /// Takes a block in, or frees it, and leaves an empty array in its place.
    mutating func push(_ block: inout [UInt8]) {
        if blocks.count < limit { blocks.append(block) }
        block = []
    }

    mutating func shed() -> Int {
        let count = min((least + 1) / 2, blocks.count)
        blocks.removeFirst(count)
        least = blocks.count
        return count
    }
}
