internal import Crypto
internal import DER
internal import Trust

/// The callers seen within the last 30 days.
///
/// Bounded: when there are more than `limit`, those are forgotten whose certificates end last, of which there is least
/// to tell.
struct SeenCallers: Sendable {
    private let limit: Int
    private var callers: [SHA256Digest: SeenCaller] = [:]

    init(limit: Int = Limits.seenCallers) {
        self.limit = limit
    }

    var count: Int { callers.count }
    var all: some Collection<SeenCaller> { callers.values }

    /// Takes callers that are known from before, as they are.
    mutating func restore(_ known: [SeenCaller]) {
        for caller in known { callers[caller.thumbprint] = caller }
        bound()
    }

    /// Takes callers that have just been admitted.
    mutating func note(_ notes: [CallerNote], at moment: Timestamp) {
        for note in notes {
            if callers[note.peer.thumbprint] != nil {
                callers[note.peer.thumbprint]?.lastSeen = moment
            } else {
                callers[note.peer.thumbprint] = SeenCaller(note, at: moment)
            }
        }
        bound()
    }

    /// Forgets those that were not seen for 30 days; the wall clock may have been set to either side.
    ///
    /// - Returns: whether there were any.
    mutating func forget(at moment: Timestamp) -> Bool {
        let before = callers.count
        callers = callers.filter { abs(moment.seconds(since: $0.value.lastSeen)) <= Limits.seenCallerSeconds }
        return callers.count != before
    }

    /// The wall clock was set by so many seconds: that somebody was seen a while ago stays as long ago.
    mutating func shift(bySeconds seconds: Int64) {
        callers = callers.mapValues { caller in
            var caller = caller
            caller.firstSeen = caller.firstSeen.adding(seconds: seconds)
            caller.lastSeen = caller.lastSeen.adding(seconds: seconds)
            return caller
        }
    }

    private mutating func bound() {
        guard callers.count > limit else { return }
        // A good many at once: the next ones are not worth a look at all.
        let kept = callers.values.sorted { $0.notAfter < $1.notAfter }.prefix(limit - limit / 8)
        callers = Dictionary(kept.map { ($0.thumbprint, $0) }) { first, _ in first }
    }

    /// Their certificates, without those that have been replaced.
    ///
    /// A certificate counts as replaced when a later one of the same subject is in use, and it is not seen any more.
    var things: [ExpiringThing] {
        struct Name: Hashable {
            let trust: String
            let subject: String
        }
        var latest: [Name: SeenCaller] = [:]
        for caller in callers.values {
            let name = Name(trust: caller.trust, subject: caller.subject)
            if let known = latest[name], known.notAfter >= caller.notAfter { continue }
            latest[name] = caller
        }
        return callers.values.compactMap { caller in
            guard let other = latest[Name(trust: caller.trust, subject: caller.subject)], other != caller,
                other.notAfter > caller.notAfter,
                // For a day the two may take turns: a caller renews the servers that it has one after the other.
                caller.lastSeen < other.firstSeen.adding(seconds: ExpiryLevel.day)
            else { return caller.thing }
            return nil
        }
    }
}
