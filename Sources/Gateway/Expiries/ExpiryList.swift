internal import DER
internal import Revocation
internal import Trust

/// Everything that is watched for its end, at one moment: what ends first comes first.
struct ExpiryList: Sendable {
    /// The moment.
    let moment: Timestamp
    /// Seconds before its end from which a thing counts as ending soon: the configuration's `expiry_warning`.
    let threshold: Int64
    /// The things, what ends first first.
    let things: [ExpiringThing]

    init(_ things: [ExpiringThing], at moment: Timestamp, threshold: Int64) {
        self.moment = moment
        self.threshold = threshold
        self.things = things.sorted { ($0.ends, $0.owner, $0.key) < ($1.ends, $1.owner, $1.key) }
    }

    /// How near a thing's end is.
    func level(of thing: ExpiringThing) -> ExpiryLevel {
        thing.level(at: moment, threshold: threshold)
    }

    /// Whole days that a thing has left; negative once it has ended.
    func daysLeft(of thing: ExpiringThing) -> Int {
        thing.daysLeft(at: moment)
    }

    /// How many things of a kind are as near their end.
    func count(of kind: ExpiringThing.Kind, _ level: ExpiryLevel) -> Int {
        things.count { $0.kind == kind && self.level(of: $0) == level }
    }
}

extension ExpiringThing {
    /// The CRLs by which callers are judged under these trusts; where revocation is not checked, none matters.
    static func lists(of snapshots: [String: RevocationSnapshot], under trusts: [TrustSnapshot]) -> [ExpiringThing] {
        trusts.flatMap { trust -> [ExpiringThing] in
            guard trust.revocation != .off, let snapshot = snapshots[trust.name] else { return [] }
            return snapshot.authorities.values.flatMap { authority in
                authority.indexes.enumerated().map { number, index in
                    ExpiringThing(index, number: number, of: authority.certificate, trust: trust.name)
                }
            }
        }
    }
}
