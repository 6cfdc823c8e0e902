/// Who has asked how much of late: one moment for each key, in a table of fixed size that all workers share.
///
/// The token bucket as GCRA (ITU-T I.371): a key's *theoretical arrival time* is when its bucket will be full again.
/// A request moves it on by one interval, and is refused when that would put it further ahead than the burst allows.
/// A moment in the past says the same as no entry at all, so that such entries are given away without loss.
///
/// A key may stand in one of the eight places of its bucket. When all eight are others' with moments yet to come, the
/// newcomer takes the place of the one with the earliest, and its moment with it. No key then ever gets more than its
/// limit by being pushed out: whoever comes back finds a moment at least as late as its own was. What it costs is that a
/// newcomer may be refused too early, while more keys are active than there are places.
///
/// Lock-free. Two workers that see a key for the first time in one instant may enter it twice; one of the two entries is
/// then never looked at again, and one request more passes.
package final class RateTable: Sendable {
    /// What became of a request: how far ahead of now its key is, or how long it has to wait, in nanoseconds.
    package enum Outcome: Equatable {
        case passes(ahead: UInt64)
        case waits(UInt64)
    }

    private static let ways = Buckets.ways
    private let words: AtomicWords
    private let buckets: Buckets

    /// A table of at least `places` places.
    package init(places: Int) {
        buckets = Buckets(places: places)
        // Eight names, then eight moments: a line of memory each.
        words = AtomicWords(count: buckets.count * Self.ways * 2)
    }

    /// Takes a token of `key`'s bucket, if there is one.
    ///
    /// All times are nanoseconds: `now` on a clock that all workers share, one token comes in each `interval`, and an
    /// empty bucket fills in `window`.
    package func take(_ key: UInt64, now: UInt64, interval: UInt64, window: UInt64) -> Outcome {
        let bucket = buckets.index(of: key) * Self.ways * 2
        // Zero is no name: it marks a place never used.
        let name = key == 0 ? 1 : key
        let place = find(name, in: bucket) ?? claim(name, in: bucket)
        let moment = bucket + Self.ways + place
        while true {
            let old = words.load(moment)
            let new = max(old, now) &+ interval
            let ahead = new &- now
            if ahead > window { return .waits(ahead &- window) }
            if words.replace(moment, old, by: new) { return .passes(ahead: ahead) }
        }
    }

    private func find(_ name: UInt64, in bucket: Int) -> Int? {
        for way in 0..<Self.ways where words.load(bucket + way) == name { return way }
        return nil
    }

    private func claim(_ name: UInt64, in bucket: Int) -> Int {
        while true {
            var place = 0
            var earliest = UInt64.max
            for way in 0..<Self.ways {
                let moment = words.load(bucket + Self.ways + way)
                if moment < earliest {
                    earliest = moment
                    place = way
                }
            }
            let other = words.load(bucket + place)
            if words.replace(bucket + place, other, by: name) { return place }
            // Another worker was first, maybe for the same key.
            if let place = find(name, in: bucket) { return place }
        }
    }
}
