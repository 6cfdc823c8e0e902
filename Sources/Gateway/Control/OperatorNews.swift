internal import Logging
internal import Revocation

extension RevocationEvent {
    /// How much it matters to an operator.
    var level: Logger.Level {
        switch self {
        case .offered(.accepted, _): .notice
        case .offered(.refused, _), .unreadable, .fetchFailed, .notKept, .expiring: .warning
        case .stale, .missing: .error
        case .offered, .notModified, .published: .debug
        }
    }
}

extension WorkerNews: CustomStringConvertible {
    var description: String {
        switch self {
        case .server(.wentOut, let name, let upstream): "upstream \(upstream): \(name) fails its health checks"
        case .server(.cameBack, let name, let upstream): "upstream \(upstream): \(name) is healthy again"
        case .keysWanted(let issuer): "token issuer \(issuer): a token names a key that is not known"
        case .server(.ejected, let name, let upstream): "upstream \(upstream): \(name) is left alone for a while"
        case .unreachable(let reason, let name, let upstream): "upstream \(upstream): \(name): \(reason)"
        case .failing(let reason, let untold, let name, let upstream):
            "upstream \(upstream): \(name) fails: \(reason)"
                + (untold == 0 ? "" : ", and \(untold) failures before that were not told")
        case .worksAgain(let name, let upstream): "upstream \(upstream): \(name) works again"
        }
    }

    var level: Logger.Level {
        switch self {
        case .keysWanted: .debug
        case .server(.cameBack, _, _), .worksAgain: .notice
        case .server(.wentOut, _, _), .server(.ejected, _, _), .unreachable, .failing: .warning
        }
    }
}

extension KeySetEvent: CustomStringConvertible {
    var description: String {
        switch self {
        case .taken(let count, let unusable):
            "keys of a token issuer taken: \(count)"
                + (unusable.isEmpty ? "" : "; not used: \(unusable.joined(separator: ", "))")
        case .failed(let reason): "keys of a token issuer could not be had, the last ones stay: \(reason)"
        }
    }

    var level: Logger.Level {
        switch self {
        case .taken(_, let unusable): unusable.isEmpty ? .notice : .warning
        case .failed: .error
        }
    }
}
