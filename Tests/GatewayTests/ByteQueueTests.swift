import Testing

@testable import Gateway

@Suite("The queue of bytes")
struct ByteQueueTests {
    /// Numbers that are the same in every run (SplitMix64).
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static func contents(_ queue: borrowing ByteQueue) -> [UInt8] {
        queue.withBytes { bytes in (0..<bytes.count).map { bytes[$0] } }
    }

    @Test("behaves like an array that loses its front", arguments: UInt64(1)...20)
    func model(_ seed: UInt64) {
        var random = Seeded(state: seed)
        let pool = BlockPool()
        var queue = ByteQueue(pool: pool)
        var model: [UInt8] = []
        for _ in 0..<2_000 {
            // Mostly small, now and then more than a block.
            let size = Int.random(in: 0...(random.next() % 16 == 0 ? 40_000 : 600), using: &random)
            switch random.next() % 4 {
            case 0:
                let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &+ Int(seed)) }
                queue.append(bytes)
                model += bytes
            case 1:
                let byte = UInt8(truncatingIfNeeded: random.next())
                let written = size / 2
                queue.fill(atLeast: size) { room in
                    for index in 0..<written { room[index] = byte }
                    return written
                }
                model += Array(repeating: byte, count: written)
            case 2:
                queue.consume(size)
                model.removeFirst(min(size, model.count))
            default:
                let taken = Int.random(in: 0...queue.count, using: &random)
                queue.consume(taken)
                model.removeFirst(taken)
            }
            let (count, isEmpty) = (queue.count, queue.isEmpty)
            #expect(count == model.count)
            #expect(isEmpty == model.isEmpty)
        }
        let contents = Self.contents(queue)
        #expect(contents == model)
        queue.removeAll()
        #expect(pool.lentBytes == 0)
    }

    @Test("holds no block while it is empty")
    func emptyHoldsNothing() {
        let pool = BlockPool()
        var queue = ByteQueue(pool: pool)
        #expect(pool.lentBytes == 0)
        queue.append([1, 2, 3])
        #expect(pool.lentBytes == BlockPool.blockSize)
        queue.consume(3)
        #expect(pool.lentBytes == 0)
        queue.fill(atLeast: 100) { _ in 0 }
        #expect(pool.lentBytes == 0)
        queue.append([])
        #expect(pool.lentBytes == 0)
    }

    @Test("the pool lets go of half of the spare blocks that nobody needed since it was last asked")
    func sheds() {
        let pool = BlockPool()
        var blocks = (0..<16).map { _ in pool.take(atLeast: 1) }
        while var block = blocks.popLast() { pool.giveBack(&block) }
        #expect(pool.shed() == 0)
        #expect(pool.shed() == 8)
        var block = pool.take(atLeast: 1)
        pool.giveBack(&block)
        #expect(pool.shed() == 4)
    }

    @Test("consumes no more than there is")
    func consumesTooMuch() {
        var queue = ByteQueue(pool: BlockPool())
        queue.append([1, 2, 3])
        queue.consume(-1)
        let kept = queue.count
        #expect(kept == 3)
        queue.consume(.max / 2)
        let isEmpty = queue.isEmpty
        #expect(isEmpty)
    }

    @Test("believes no writer that says it wrote more than its room")
    func writerThatLies() {
        var queue = ByteQueue(pool: BlockPool())
        queue.fill(atLeast: 10) { room in room.count + 1 }
        let filled = queue.count
        #expect(filled == BlockPool.blockSize)
        queue.fill(atLeast: 10) { _ in -5 }
        let unchanged = queue.count
        #expect(unchanged == BlockPool.blockSize)
    }

    @Test("gives room for what was asked, at the least", arguments: [1, 16 * 1024, 16 * 1024 + 513, 100_000])
    func room(_ minimum: Int) {
        var queue = ByteQueue(pool: BlockPool())
        queue.append([1])
        var offered = 0
        queue.fill(atLeast: minimum) { room in
            offered = room.count
            return 0
        }
        #expect(offered >= minimum)
    }
}

@Suite("The pool of blocks")
struct BlockPoolTests {
    @Test("lends the same block again, and counts what it lends")
    func reuse() {
        let pool = BlockPool()
        var block = pool.take(atLeast: 10)
        block[0] = 7
        #expect(pool.lentBytes == BlockPool.blockSize)
        pool.giveBack(&block)
        #expect(block.isEmpty)
        #expect(pool.lentBytes == 0)
        #expect(pool.take(atLeast: BlockPool.blockSize).first == 7)
    }

    @Test("keeps large blocks apart from small ones, and uses them again too")
    func largeBlocks() {
        let pool = BlockPool()
        var block = pool.take(atLeast: BlockPool.blockSize + 1)
        #expect(block.count == BlockPool.bulkSize)
        block[0] = 7
        pool.giveBack(&block)
        #expect(pool.lentBytes == 0)
        #expect(pool.take(atLeast: 1).first == 0)
        #expect(pool.take(atLeast: BlockPool.bulkSize).first == 7)
    }

    @Test("doubles what is larger than a large block, and keeps none of it")
    func largerBlocks() {
        let pool = BlockPool()
        var block = pool.take(atLeast: BlockPool.bulkSize + 1)
        #expect(block.count == 2 * BlockPool.bulkSize)
        block[0] = 7
        pool.giveBack(&block)
        #expect(pool.lentBytes == 0)
        #expect(pool.take(atLeast: 1).first == 0)
        #expect(pool.take(atLeast: BlockPool.bulkSize).first == 0)
    }

    @Test("takes an empty array back as nothing")
    func emptyBlock() {
        let pool = BlockPool()
        var block: [UInt8] = []
        pool.giveBack(&block)
        #expect(pool.lentBytes == 0)
    }
}
