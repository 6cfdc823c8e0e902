internal import DER
internal import Revocation
internal import Trust
internal import X509

/// Whether callers can be judged at this moment: each CA whose revocation is asked about has a CRL that still counts.
struct ServiceReadiness: Sendable {
    /// What is missing, in words; empty when the gateway is ready.
    let missing: [String]

    init(trusts: [TrustSnapshot], snapshots: [String: RevocationSnapshot], now: Timestamp) {
        missing = trusts.flatMap { trust -> [String] in
            guard trust.revocation != .off else { return [] }
            let snapshot = snapshots[trust.name] ?? .empty
            return trust.askedAuthorities.compactMap { authority in
                guard let indexes = snapshot.authorities[IssuerKey(of: authority)]?.indexes, !indexes.isEmpty else {
                    return "trust \(trust.name): no CRL of \(authority.subject)"
                }
                let grace = snapshot.staleness.graceSeconds
                let isFresh = indexes.contains { now.seconds(since: $0.nextUpdate) <= grace }
                return isFresh ? nil : "trust \(trust.name): the CRL of \(authority.subject) is stale"
            }
        }
    }
}

extension TrustSnapshot {
    /// The CAs whose CRLs admissions ask.
    var askedAuthorities: [Certificate] {
        switch revocation {
        case .off: []
        case .path: issuers + anchors
        default: issuers
        }
    }
}
