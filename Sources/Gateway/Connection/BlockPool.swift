/// The worker's spare blocks for `ByteQueue`: what a connection gives back when it has nothing in flight.
///
/// Belongs to one worker's thread.
final class BlockPool {
    /// One TLS record and its head fit in a block, so most exchanges need one block each way.
    static let blockSize = 16 * 1024 + 512

    /// Spare blocks kept: beyond that a block is freed, so that a burst does not stay in memory for ever.
    private static let spareLimit = 256

    private var spare: [[UInt8]] = []

    /// Bytes lent and not given back; what a memory budget looks at.
    private(set) var lentBytes = 0

    /// A block of at least `count` bytes, zeroed or holding old bytes: the queue's indices say what is valid.
    func take(atLeast count: Int) -> [UInt8] {
        if count <= Self.blockSize {
            lentBytes += Self.blockSize
            if let block = spare.popLast() { return block }
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
}
