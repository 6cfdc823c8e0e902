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
        case .server(.ejected, let name, let upstream): "upstream \(upstream): \(name) is left alone for a while"
        case .unreachable(let reason, let name, let upstream): "upstream \(upstream): \(name): \(reason)"
        }
    }

    var level: Logger.Level {
        switch self {
        case .server(.cameBack, _, _): .notice
        case .server(.wentOut, _, _), .server(.ejected, _, _), .unreachable: .warning
        }
    }
}
