/// How many things each key has in hand at this moment, in a table of fixed size that all workers share.
///
/// A word holds 48 bits of a key's name and 16 of its count, so that both change at once. A key with nothing in hand has
/// no place. When all eight places of a bucket are others', the newcomer is turned away: an uncounted one would have no
/// limit. With the places there are, that takes more things in hand than a process has descriptors.
package final class CountTable: Sendable {
    private static let ways = Buckets.ways
    private static let counter: UInt64 = 0xFFFF
    private let words: AtomicWords
    private let buckets: Buckets

    /// A table of at least `places` places.
    package init(places: Int) {
        buckets = Buckets(places: places)
        words = AtomicWords(count: buckets.count * Self.ways)
    }

    /// Takes one more in hand for `key`, unless there are `limit` already; `leave` has to follow.
    package func enter(_ key: UInt64, limit: Int) -> Bool {
        let bucket = buckets.index(of: key) * Self.ways
        let name = key >> 16
        while true {
            var own: (way: Int, word: UInt64)?
            var free: (way: Int, word: UInt64)?
            var total: UInt64 = 0
            for way in 0..<Self.ways {
                let word = words.load(bucket + way)
                if word & Self.counter == 0 {
                    if free == nil { free = (way, word) }
                } else if word >> 16 == name {
                    if own == nil { own = (way, word) }
                    total += word & Self.counter
                }
            }
            guard total < UInt64(clamping: limit), total < Self.counter else { return false }
            // What was counted must still be so when one is added: otherwise it is counted again.
            if let own {
                if words.replace(bucket + own.way, own.word, by: own.word + 1) { return true }
            } else if let free {
                if words.replace(bucket + free.way, free.word, by: name << 16 | 1) { return true }
            } else {
                return false
            }
        }
    }

    /// One of `key`'s is over.
    package func leave(_ key: UInt64) {
        let bucket = buckets.index(of: key) * Self.ways
        let name = key >> 16
        var way = 0
        while way < Self.ways {
            let word = words.load(bucket + way)
            if word & Self.counter == 0 || word >> 16 != name {
                way += 1
            } else if words.replace(bucket + way, word, by: word - 1) {
                return
            }
        }
    }

    /// How many `key` has in hand.
    func count(_ key: UInt64) -> Int {
        let bucket = buckets.index(of: key) * Self.ways
        var total: UInt64 = 0
        for way in 0..<Self.ways {
            let word = words.load(bucket + way)
            if word >> 16 == key >> 16 { total += word & Self.counter }
        }
        return Int(truncatingIfNeeded: total)
    }
}
