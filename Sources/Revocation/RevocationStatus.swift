public import DER

/// What the CRLs in use say of one certificate.
public enum RevocationStatus: Hashable, Sendable {
    /// Not revoked, by current CRLs; the number is the newest one's.
    case good(crlNumber: CRLNumber)
    /// Revoked. An old CRL's word stands too: only a delta takes a revocation back.
    case revoked(RevocationReason, date: Timestamp, crlNumber: CRLNumber)
    /// No CRL speaks of it, or none has begun to be valid.
    case unavailable
    /// Not revoked by the CRLs there are, but the newest that could say so is past its nextUpdate.
    case stale(nextUpdate: Timestamp, crlNumber: CRLNumber, withinGrace: Bool)
}

extension RevocationStatus: CustomStringConvertible {
    /// A few words for a log or a report.
    public var description: String {
        switch self {
        case .good(let number): "good by CRL \(number)"
        case .revoked(let reason, let date, let number): "revoked since \(date) (\(reason)) by CRL \(number)"
        case .unavailable: "no CRL available"
        case .stale(let nextUpdate, let number, let withinGrace):
            "CRL \(number) stale since \(nextUpdate)\(withinGrace ? ", within grace" : "")"
        }
    }
}

/// What to do once a CRL's nextUpdate has passed.
public enum StalenessPolicy: Hashable, Sendable {
    /// Its silence is worth nothing.
    case refuse
    /// Its silence is worth something for so many seconds more.
    case grace(seconds: Int64)

    /// Seconds past its nextUpdate for which a CRL still counts.
    public var graceSeconds: Int64 {
        switch self {
        case .refuse: 0
        case .grace(let seconds): max(0, seconds)
        }
    }
}
