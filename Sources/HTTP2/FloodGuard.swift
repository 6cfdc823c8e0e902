/// Counts what a peer can have too much of, each kind against its own allowance.
struct FloodGuard {
    private var buckets = InlineArray<6, Bucket>(repeating: Bucket())

    /// Tokens in thousandths, so that an allowance of one a second is paid out by the millisecond.
    private struct Bucket {
        var isFilled = false
        var milliTokens = 0
        var refilled: UInt64 = 0
        var count = 0
    }

    /// How many of a kind there were in all.
    func count(of flood: HTTP2Flood) -> Int { buckets[Self.index(of: flood)].count }

    /// Counts one of a kind; false when it is one too many.
    ///
    /// `now` is in nanoseconds, and does not go back.
    mutating func take(_ flood: HTTP2Flood, of allowance: HTTP2Limits.Allowance, at now: UInt64) -> Bool {
        let index = Self.index(of: flood)
        Self.refill(&buckets[index], allowance, at: now)
        buckets[index].count += 1
        guard buckets[index].milliTokens >= 1000 else { return false }
        buckets[index].milliTokens -= 1000
        return true
    }

    /// Gives some of a kind back, up to the allowance.
    mutating func giveBack(_ number: Int, _ flood: HTTP2Flood, of allowance: HTTP2Limits.Allowance) {
        let index = Self.index(of: flood)
        guard buckets[index].isFilled else { return }
        buckets[index].milliTokens = min(buckets[index].milliTokens + number * 1000, allowance.burst * 1000)
    }

    private static func refill(_ bucket: inout Bucket, _ allowance: HTTP2Limits.Allowance, at now: UInt64) {
        guard bucket.isFilled else {
            bucket.isFilled = true
            bucket.milliTokens = allowance.burst * 1000
            bucket.refilled = now
            return
        }
        guard now > bucket.refilled else { return }
        // An hour fills any bucket there is; more would only risk an overflow.
        let milliseconds = min((now - bucket.refilled) / 1_000_000, 3_600_000)
        guard milliseconds > 0 else { return }
        bucket.refilled = now
        let gained = Int(milliseconds) * allowance.perSecond
        bucket.milliTokens = min(bucket.milliTokens + gained, allowance.burst * 1000)
    }

    private static func index(of flood: HTTP2Flood) -> Int {
        switch flood {
        case .resets: 0
        case .settings: 1
        case .pings: 2
        case .emptyFrames: 3
        case .priorities: 4
        case .windowUpdates: 5
        }
    }
}
