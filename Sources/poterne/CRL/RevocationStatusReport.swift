import DER
import Gateway
import Revocation
import X509

/// How the CRLs of a configuration stand, for people and for scripts.
struct RevocationStatusReport {
    /// How one CA's CRLs stand.
    enum State: String {
        case current
        case expiring
        case stale
        case missing
    }

    /// One CA with its CRLs and their sources.
    struct Authority {
        let certificate: Certificate
        let lists: [RevocationReport.Lists]
        let sources: [Source]
        let state: State
        /// Whether an admission asks for its CRL.
        let isAsked: Bool
    }

    /// One source: as it was asked just now or, if it was not, as the gateway last noted in the state directory.
    struct Source {
        let url: String
        let isDelta: Bool
        let lastAttempt: Timestamp?
        let lastSuccess: Timestamp?
        let failure: String?
        let nextAttempt: Timestamp?

        init(_ source: RevocationReport.Source, noted: SourceRecord?) {
            url = "\(source.source)"
            isDelta = source.isDelta
            if let attempt = source.lastAttempt {
                lastAttempt = attempt
                lastSuccess = source.lastSuccess ?? noted?.lastSuccess
                failure = source.failure.map { "\($0)" }
                // Who asks once asks no more.
                nextAttempt = nil
            } else {
                lastAttempt = noted?.lastAttempt
                lastSuccess = noted?.lastSuccess
                failure = noted?.failure
                nextAttempt = noted?.nextAttempt
            }
        }
    }

    /// One trust.
    struct Trust {
        let name: String
        let isChecked: Bool
        let authorities: [Authority]
        let problems: [String]
    }

    let now: Timestamp
    let trusts: [Trust]

    init(_ inventory: RevocationInventory, now: Timestamp) {
        self.now = now
        trusts = inventory.trusts.map { trust in
            var certificates = trust.authorities
            let others = trust.report.lists.map(\.authority) + trust.report.sources.map(\.authority)
            for other in others where !certificates.contains(where: { IssuerKey(of: $0) == IssuerKey(of: other) }) {
                certificates.append(other)
            }
            let authorities = certificates.enumerated().map { index, certificate in
                let key = IssuerKey(of: certificate)
                let lists = trust.report.lists.filter { IssuerKey(of: $0.authority) == key }
                return Authority(
                    certificate: certificate, lists: lists,
                    sources: trust.report.sources.filter { IssuerKey(of: $0.authority) == key }.map { source in
                        Source(source, noted: trust.report.records.first { $0.isAbout(source) })
                    },
                    state: RevocationStatusReport.state(of: lists, at: now), isAsked: index < trust.authorities.count)
            }
            return Trust(
                name: trust.name, isChecked: trust.isChecked, authorities: authorities,
                problems: trust.events.filter(\.isProblem).map { "\($0)" })
        }
    }

    /// Whether every CA that is asked about has a CRL that counts.
    var isCurrent: Bool {
        trusts.allSatisfy { trust in
            !trust.isChecked
                || trust.authorities.allSatisfy { !$0.isAsked || $0.state == .current || $0.state == .expiring }
        }
    }

    private static func state(of lists: [RevocationReport.Lists], at now: Timestamp) -> State {
        var worst = State.missing
        for list in lists {
            guard let base = list.base else { continue }
            let newest = list.delta ?? base
            let until = max(base.nextUpdate, newest.nextUpdate)
            let left = until.seconds(since: now)
            let state: State =
                left < 0 ? .stale : left * 5 <= until.seconds(since: newest.thisUpdate) ? .expiring : .current
            // Of several scopes the one that ends first decides.
            switch (worst, state) {
            case (.missing, _), (.current, _), (.expiring, .stale): worst = state
            default: break
            }
        }
        return worst
    }
}

extension RevocationEvent {
    /// Whether an operator should do something about it.
    fileprivate var isProblem: Bool {
        switch self {
        case .offered(.refused(let refusal), _):
            switch refusal {
            // Old CRLs beside new ones, and those of other CAs in the same folder.
            case .unknownIssuer, .older, .sameNumber, .overtaken: false
            default: true
            }
        // A fetch that failed is told beside its source.
        case .unreadable, .notKept: true
        default: false
        }
    }
}
