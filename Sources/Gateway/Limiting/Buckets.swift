/// Where a key may stand in a table of fixed size: in one of the eight places of its bucket.
struct Buckets {
    static let ways = 8
    let count: Int
    private let mask: UInt64

    /// Buckets with at least `places` places together.
    init(places: Int) {
        var buckets = 1
        while buckets * Self.ways < places { buckets *= 2 }
        count = buckets
        mask = UInt64(buckets - 1)
    }

    /// The bucket of a key.
    @inline(__always)
    func index(of key: UInt64) -> Int {
        Int(truncatingIfNeeded: key & mask)
    }
}
