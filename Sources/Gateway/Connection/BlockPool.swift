/// The worker's spare blocks for `ByteQueue`: what a connection gives back when it has nothing in flight.
///
/// Belongs to one worker's thread.
final class BlockPool {
    /// What one read brings and a little that was left before it fit in a block, so most exchanges need one each way.
    static let blockSize = Limits.readSize + 512

    /// Spare blocks kept: beyond that a block is freed, so that a burst does not stay in memory for ever.
    private static let spareLimit = 256

    private var spare: [[UInt8]] = []
    /// The fewest spare blocks there have been since `shed` was last called: so many were not needed.
    private var leastSpare = 0

    /// Bytes lent and not given back; what a memory budget looks at.
    private(set) var lentBytes = 0

    /// Counts what a codec holds in memory of its own: so many bytes more, or fewer.
    func note(elsewhere change: Int) {
        lentBytes += change
    }

    /// A block of at least `count` bytes, zeroed or holding old bytes: the queue's indices say what is valid.
    func take(atLeast count: Int) -> [UInt8] {
        if count <= Self.blockSize {
            lentBytes += Self.blockSize
            if let block = spare.popLast() {
                leastSpare = min(leastSpare, spare.count)
                return block
            }
            return [UInt8](repeating: 0, count: Self.blockSize)
        }
        // Doubling keeps a growing queue from being copied at each append.
        var size = Self.blockSize
        while size < count { size *= 2 }
        lentBytes += size
        return [UInt8](repeating: 0, count: size)
    }

    /// Takes a block back and leaves an empty array in its place.
    func giveBack(_ block: inout [UInt8]) {
        guard !block.isEmpty else { return }
        lentBytes -= block.count
        if block.count == Self.blockSize, spare.count < Self.spareLimit {
            spare.append(block)
        }
        block = []
    }

    /// Frees half of the spare blocks that were not needed since the last call; how many it was.
    ///
    /// Called now and then, it lets the blocks of a rush go within seconds, and keeps those that come and go.
    func shed() -> Int {
        let count = min((leastSpare + 1) / 2, spare.count)
        spare.removeFirst(count)
        leastSpare = spare.count
        return count
    }
}
