internal import DER
internal import Revocation
internal import X509

/// What to ask about one certificate of a path at each admission, prepared once when the path was verified.
struct RevocationQuery: Sendable {
    let subject: RevocationSubject
    let position: PathPosition
    /// The issuer's certificates of other keys, whose CRLs speak for it too; a path to each was validated.
    let otherSigners: [Certificate]
}

extension RevocationSnapshot {
    /// Why the certificates asked about may not pass now; nil when none is revoked and CRLs say so.
    func refusal(of queries: [RevocationQuery], at now: Timestamp) -> Refusal? {
        for query in queries {
            if let refusal = status(of: query, at: now).refusal(at: query.position) { return refusal }
        }
        return nil
    }

    /// The refusal for the first CA that is revoked; nil when none is known to be.
    func revokedIssuer(among queries: [RevocationQuery], at now: Timestamp) -> Refusal? {
        for query in queries where query.position == .issuer {
            if case .revoked = status(of: query, at: now) { return status(of: query, at: now).refusal(at: .issuer) }
        }
        return nil
    }

    private func status(of query: RevocationQuery, at now: Timestamp) -> RevocationStatus {
        var best = status(of: query.subject, at: now)
        for signer in query.otherSigners {
            let other = status(of: query.subject, listedBy: signer, at: now)
            if other.weight > best.weight { best = other }
        }
        return best
    }
}

extension RevocationStatus {
    /// Which of several keys' words stands: a revocation before all, then what is current.
    fileprivate var weight: Int {
        switch self {
        case .unavailable: 0
        case .stale(_, _, withinGrace: false): 1
        case .stale(_, _, withinGrace: true): 2
        case .good: 3
        case .revoked: 4
        }
    }

    func refusal(at position: PathPosition) -> Refusal? {
        switch self {
        case .good, .stale(_, _, withinGrace: true): nil
        case .revoked(let reason, let date, let number):
            .revoked(position, reason: reason, date: date, crlNumber: number)
        case .unavailable: .revocationUnavailable(position)
        case .stale(let nextUpdate, let number, withinGrace: false):
            .crlStale(position, nextUpdate: nextUpdate, crlNumber: number)
        }
    }
}
