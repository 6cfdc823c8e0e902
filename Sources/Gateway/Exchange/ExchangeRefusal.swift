internal import Configuration
internal import HTTP
internal import Token
internal import Trust

/// Why the gateway itself answers a request, instead of the upstream.
///
/// Each case has a status, a stable code that the client, the log and the metrics see, and a sentence.
enum ExchangeRefusal: Error {
    /// The request, or its body, breaks the rules of its protocol.
    case malformed(MessageError)
    /// The path is one that two readers could take for two paths.
    case ambiguousPath
    /// `Expect` asks for something else than `100-continue`.
    case unknownExpectation
    /// No route governs the host and path.
    case notFound
    /// The route does not take the method; the value of `Allow`.
    case methodNotAllowed(allowed: [UInt8])
    /// The host is not one that this connection's certificate answers for.
    case misdirected
    /// CONNECT: the gateway opens no tunnels to places that a caller names.
    case tunnelRefused
    /// The body is, or says it is, larger than the limit.
    case bodyTooLarge
    /// The body came slower than allowed.
    case requestTimeout
    /// The body came, byte by byte, slower than `min_rate`.
    case tooSlow
    /// Buffers hold as much as they may, and this request is among the newest.
    case overloaded
    /// The caller's certificate does not pass, or there is none.
    case caller(Refusal)
    /// The caller has asked more often than the route's `rate_limit` allows; seconds until it may again.
    case tooOften(seconds: UInt64)
    /// The caller has as many requests in hand as the route's `concurrency` allows.
    case tooManyAtOnce
    /// The caller's access token does not pass, or there is none.
    case token(TokenRefusal)
    /// What the upstream is to be told of the caller could not be signed.
    case identityUnavailable
    /// The upstream gave no answer that can be passed on.
    case upstream(UpstreamFailure)

    /// The status of the answer.
    var status: Status {
        switch self {
        case .malformed(let error): error.status
        case .ambiguousPath: 400
        case .unknownExpectation: 417
        case .notFound: 404
        case .methodNotAllowed: 405
        case .misdirected: 421
        case .tunnelRefused: 501
        case .bodyTooLarge: 413
        case .requestTimeout, .tooSlow: 408
        case .overloaded: 503
        case .tooOften, .tooManyAtOnce: 429
        case .caller(let refusal): Status(rawValue: UInt16(clamping: refusal.status))
        case .token(let refusal): Status(rawValue: refusal.status)
        case .identityUnavailable: 503
        case .upstream(let failure): failure.status
        }
    }

    /// The stable code.
    var code: String {
        switch self {
        case .malformed(let error): error.code
        case .ambiguousPath: "ambiguous_path"
        case .unknownExpectation: "unknown_expectation"
        case .notFound: "route_not_found"
        case .methodNotAllowed: "method_not_allowed"
        case .misdirected: "misdirected_request"
        case .tunnelRefused: "tunnel_refused"
        case .bodyTooLarge: "body_too_large"
        case .requestTimeout: "request_timeout"
        case .tooSlow: "too_slow"
        case .overloaded: "overloaded"
        case .tooOften: "rate_limited"
        case .tooManyAtOnce: "concurrency_limited"
        case .caller(let refusal): refusal.code
        case .token(let refusal): refusal.code
        case .identityUnavailable: "identity_unavailable"
        case .upstream(let failure): failure.code
        }
    }

    /// One sentence for the caller.
    var detail: String {
        switch self {
        case .malformed(let error): error.description
        case .ambiguousPath:
            "The path holds something that two servers may read as two paths: an encoded slash, a NUL, a bad escape."
        case .unknownExpectation: "The Expect field asks for something that is not supported."
        case .notFound: "No route is configured for this host and path."
        case .methodNotAllowed: "The route does not accept this method."
        case .misdirected: "This connection was not made for that host."
        case .tunnelRefused: "CONNECT is not offered here."
        case .bodyTooLarge: "The request body is larger than this listener accepts."
        case .requestTimeout: "The request body came too slowly."
        case .tooSlow: "The request body came more slowly than this listener allows."
        case .overloaded: "The gateway has too much in hand; try again."
        case .tooOften: "There were more requests than this route allows; see Retry-After."
        case .tooManyAtOnce: "As many requests as this route allows are in hand already; wait for one of them to end."
        case .caller(let refusal): refusal.description
        case .token(let refusal): refusal.description
        case .identityUnavailable: "The caller's identity could not be signed for the upstream."
        case .upstream(let failure): failure.detail
        }
    }

    /// Seconds after which another attempt may fare better; nil where time changes nothing.
    var retryAfter: UInt64? {
        switch self {
        case .tooOften(let seconds): seconds
        case .tooManyAtOnce: 1
        default: status == 503 ? 1 : nil
        }
    }

    /// Whether it is a limit on the caller's use, and not a rule on what it may do.
    var isLimit: Bool {
        switch self {
        case .tooOften, .tooManyAtOnce, .tooSlow, .overloaded: true
        default: false
        }
    }

    /// The key of the route that decided, where it is one of those that say who may do what.
    var rule: AccessRule? {
        switch self {
        case .caller(.kindNotAccepted): .accept
        case .caller(.structureNotAllowed): .structures
        case .caller(.nameNotAllowed): .names
        case .caller(.callerNotEnrolled): .callersFile
        case .caller: .clientCertificate
        case .token: .tokenBinding
        case .tooOften: .rateLimit
        case .tooManyAtOnce: .concurrency
        default: nil
        }
    }

    /// Whether it is a decision about who may do what, or how much of it, which the audit log has an event of.
    var isAudited: Bool { rule != nil || isLimit }

    /// Whether what follows on the connection can no longer be told apart from this request.
    var breaksFraming: Bool {
        switch self {
        case .malformed, .bodyTooLarge, .requestTimeout, .tooSlow, .overloaded, .tunnelRefused: true
        default: false
        }
    }
}
