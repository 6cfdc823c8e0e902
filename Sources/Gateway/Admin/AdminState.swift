internal import DER
internal import Revocation
internal import Token
internal import Trust

/// What has been left at the operator's desk: what is in force, how the CRLs stand, what happened.
///
/// Whoever answers the operator takes one copy, so that no answer contradicts itself.
struct AdminState: Sendable {
    private(set) var epoch: Epoch
    private(set) var epochSince = Timestamp.now()
    var snapshots: [String: RevocationSnapshot] = [:]
    /// How the CRLs' sources stand, by trust.
    var sources: [String: RevocationReport] = [:]
    var traffic = RecentTraffic()
    var lastReload: GatewayStatus.LastReload?
    /// The callers seen lately, each with its certificate.
    var callers: [ExpiringThing] = []
    var isDraining = false
    var enrolments: [(file: String, callers: Int, isStale: Bool)] = []
    /// Keys known of each token issuer that has a source of them.
    var tokenKeys: [String: Int] = [:]
    /// Keys known of each source: workers keep keys by their source, whatever the issuer is called.
    var sourceKeys: [KeySetSource: Int] = [:]
    var reloads = ReloadCounts()
    var revocation = RevocationCounts()

    init(_ epoch: Epoch) {
        self.epoch = epoch
        countKeys()
    }

    mutating func adopt(_ epoch: Epoch) {
        self.epoch = epoch
        epochSince = .now()
        snapshots = snapshots.filter { kept in epoch.trusts.contains { $0.name == kept.key } }
        countKeys()
    }

    /// What is known of a source holds for whichever issuers have it now.
    private mutating func countKeys() {
        let known = sourceKeys
        tokenKeys = [:]
        sourceKeys = [:]
        for plan in epoch.tokens {
            guard let source = plan.source else { continue }
            let count = plan.keys?.count ?? known[source] ?? 0
            tokenKeys[plan.name] = count
            sourceKeys[source] = count
        }
    }

    /// Whether there are token issuers whose keys have not been had yet.
    var awaitsTokenKeys: Bool { tokenKeys.values.contains(0) }

    /// What keeps the gateway from judging callers; empty when it is ready.
    func obstacles(at moment: Timestamp) -> [String] {
        if isDraining { return ["draining"] }
        let keyless = tokenKeys.filter { $0.value == 0 }.keys.sorted()
        return ServiceReadiness(trusts: epoch.trusts, snapshots: snapshots, now: moment).missing
            + keyless.map { "token issuer \($0): its keys have not been had yet" }
    }

    /// Everything that is watched for its end: own certificates, CAs, CRLs and callers, what ends first first.
    func expiries(at moment: Timestamp) -> ExpiryList {
        let lists = ExpiringThing.lists(of: snapshots, under: epoch.trusts)
        let plan = epoch.expiries
        return ExpiryList(plan.certificates + lists + callers, at: moment, threshold: plan.threshold)
    }
}
