internal import Fetching

extension RevocationEvent {
    /// What came of a CRL that was offered or fetched, as a stable name for counters; nil for what is about neither.
    ///
    /// The set of names is closed, whatever a source sends.
    public var code: String? {
        switch self {
        case .offered(.accepted, _): "taken"
        case .offered(.unchanged, _), .notModified: "unchanged"
        case .offered(.waiting, _): "waiting"
        case .offered(.refused(let refusal), _): refusal.code
        case .fetchFailed(_, let error, _): error.code
        case .unreadable: "unreadable"
        case .notKept, .expiring, .stale, .missing, .published: nil
        }
    }
}

extension OfferRefusal {
    fileprivate var code: String {
        switch self {
        case .unusable(let error): error.code
        case .unknownIssuer: "unknown_issuer"
        case .notYetValid: "not_yet_valid"
        case .older, .sameNumber, .overtaken: "older"
        case .otherScope, .tooManyScopes: "unusable"
        }
    }
}

extension CRLError {
    fileprivate var code: String {
        switch self {
        case .html: "html"
        case .empty, .truncated: "truncated"
        case .tooLarge, .tooManyLists: "too_large"
        case .invalidSignature, .issuerMismatch, .keyIdentifierMismatch: "forged"
        default: "unusable"
        }
    }
}

extension SourceError {
    /// Nil where the offer that was refused has been counted.
    fileprivate var code: String? {
        switch self {
        case .refused: nil
        case .transfer(.status): "status"
        case .transfer(.timedOut): "timed_out"
        case .transfer(.truncated): "truncated"
        case .transfer(.tooLarge): "too_large"
        case .transfer(.network), .transfer(.tooManyRedirects), .transfer(.unavailable): "network"
        case .noRevocationList: "no_crl"
        case .file: "unreadable"
        case .stale: "stale"
        case .otherAuthority: "unknown_issuer"
        }
    }
}
