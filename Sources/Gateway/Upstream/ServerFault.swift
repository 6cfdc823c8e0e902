internal import EventLoop
internal import HTTP

/// What an exchange has shown to be wrong with a server.
enum ServerFault: Equatable, Sendable {
    /// It gave no answer that can be passed on.
    case failed(UpstreamFailure)
    /// It says itself that it cannot serve.
    case answered(Status)

    /// What an answer shows; nil when it speaks of no trouble.
    init?(_ status: Status) {
        guard status.speaksOfTrouble else { return nil }
        self = .answered(status)
    }
}

extension ServerFault: CustomStringConvertible {
    var description: String {
        switch self {
        case .failed(.connectTimeout): "no connection within connect_timeout"
        case .failed(let failure): failure.code
        case .answered(let status): "answers \(status)"
        }
    }
}

/// When an operator is told of one server that it fails, and that it does not any more.
///
/// The first failure is told at once; then there is silence for a while, since a server that fails now and then, or fails
/// each of a thousand requests in a second, would fill the log.
struct FaultNews: Equatable, Sendable {
    private var lastTold: MonotonicTime?
    /// Failures since then that were not told.
    private var untold = 0
    /// Whether the last word was that it fails.
    private var isOpen = false

    /// Takes a failure.
    /// - Returns: how many before it were not told, if this one is to be; otherwise nil.
    mutating func failed(at now: MonotonicTime) -> Int? {
        if let lastTold, now < lastTold + Limits.faultSilence {
            untold += 1
            return nil
        }
        defer { untold = 0 }
        lastTold = now
        isOpen = true
        return untold
    }

    /// Takes a failure that is told elsewhere.
    mutating func failedKnownly() { isOpen = true }

    /// Takes a success.
    /// - Returns: whether it is news.
    mutating func worked() -> Bool {
        guard isOpen else { return false }
        isOpen = false
        return true
    }
}
