public import HTTP2
public import TLS

/// What an attempt came to.
public enum LoadOutcome: Hashable, Sendable {
    /// The handshake was made and the server took its leave in order; no request was asked for.
    case greeted
    /// The server answered with this status.
    case status(UInt16)
    /// The server ended the connection with this alert.
    case alert(TLSAlert)
    /// No connection: the `errno`.
    case notConnected(errno: Int32)
    /// The server closed before it had answered.
    case closed
    /// The connection broke: the `errno`.
    case broken(errno: Int32)
    /// TLS failed for another reason.
    case tlsFailure
    /// What the server answered is no HTTP response.
    case malformedResponse
    /// The server does not agree to the protocol that was to be spoken.
    case otherProtocol
    /// The server ended the request's stream, or would not have it, with this code.
    case reset(HTTP2ErrorCode)
    /// It was still going on at the end of the test, as that of a slow caller may.
    case unfinished
    /// It took too long, in this step.
    case timedOut(Step)

    /// The steps of an attempt.
    public enum Step: String, Hashable, Sendable {
        /// TCP is being connected.
        case connecting
        /// The handshake.
        case handshaking
        /// The request is being sent.
        case sending
        /// The response is awaited or being read.
        case receiving
        /// The server's end of the connection is awaited.
        case leaving
    }

    /// Whether this is what a caller that should be admitted hopes for.
    public var isSuccess: Bool {
        switch self {
        case .greeted: true
        case .status(let status): status < 400
        default: false
        }
    }

    /// Whether this is what a caller that should be refused is told: an alert, or a status where refusals are answered.
    public var isRefusal: Bool {
        switch self {
        case .alert: true
        case .status(let status): status == 403 || status == 400
        default: false
        }
    }

    /// Whether this is what a caller that is too slow is told: the connection's end, or that it has taken too long.
    public var isCut: Bool {
        switch self {
        case .alert, .closed, .broken, .reset, .unfinished: true
        case .status(let status): status == 408
        default: false
        }
    }

    /// What a failure of TLS came to.
    init(_ error: TLSError) {
        switch error {
        case .alertReceived(let alert): self = .alert(alert)
        case .truncated: self = .closed
        case .system(let errno): self = .broken(errno: errno)
        default: self = .tlsFailure
        }
    }
}

extension LoadOutcome: CustomStringConvertible {
    /// A few words for reports; never with a comma, for CSV.
    public var description: String {
        switch self {
        case .greeted: "handshake"
        case .status(let status): "status \(status)"
        case .alert(let alert): "alert \(alert)"
        case .notConnected(let errno): "not connected: \(SystemFile.text(ofErrno: errno))"
        case .closed: "closed without an answer"
        case .broken(let errno): "broken: \(SystemFile.text(ofErrno: errno))"
        case .tlsFailure: "TLS failure"
        case .malformedResponse: "malformed response"
        case .otherProtocol: "protocol not agreed"
        case .reset(let code): "stream reset \(code)"
        case .unfinished: "unfinished"
        case .timedOut(let step): "timed out \(step.rawValue)"
        }
    }
}
