internal import HTTP

/// Why an upstream gave no answer that can be passed on, and what may be done about it.
enum UpstreamFailure: Error, Equatable {
    /// The upstream has no server with a known address.
    case noServer
    /// The connection could not be made.
    case connectError
    /// The connection was not made in `connect_timeout`.
    case connectTimeout
    /// TLS with the upstream failed: its certificate, or the protocol.
    case tlsError
    /// The server did not agree, by ALPN, to the protocol that the upstream is configured for.
    case wrongProtocol
    /// Every connection is in use and the queue is full.
    case queueFull
    /// No connection came free in time.
    case queueTimeout
    /// The server did not take the request, and has not looked at it (RFC 9113 §8.7).
    case streamRefused
    /// The connection ended before the first byte of a response.
    case resetBeforeResponse
    /// The connection ended within the response.
    case truncatedResponse
    /// No byte of the response came in time.
    case responseTimeout
    /// The response breaks the rules of its protocol.
    case malformedResponse(MessageError)
    /// More interim responses than any upstream has reason to send.
    case tooManyInformational
    /// Bytes came that no request asked for.
    case unexpectedResponse

    /// The status of the gateway's own answer.
    var status: Status {
        switch self {
        case .queueFull, .noServer: 503
        case .connectTimeout, .queueTimeout, .responseTimeout: 504
        case .connectError, .tlsError, .wrongProtocol, .streamRefused, .resetBeforeResponse, .truncatedResponse,
            .malformedResponse, .tooManyInformational, .unexpectedResponse:
            502
        }
    }

    /// The stable code that the log, the metrics and the client see.
    var code: String {
        switch self {
        case .noServer: "upstream_no_server"
        case .connectError: "upstream_connect_error"
        case .connectTimeout: "upstream_connect_timeout"
        case .tlsError: "upstream_tls_error"
        case .wrongProtocol: "upstream_wrong_protocol"
        case .queueFull: "upstream_queue_full"
        case .queueTimeout: "upstream_queue_timeout"
        case .streamRefused: "upstream_refused"
        case .resetBeforeResponse: "upstream_reset"
        case .truncatedResponse: "upstream_truncated"
        case .responseTimeout: "upstream_timeout"
        case .malformedResponse: "upstream_malformed"
        case .tooManyInformational: "upstream_too_many_informational"
        case .unexpectedResponse: "upstream_unexpected_response"
        }
    }

    /// One sentence for the caller, that says nothing of the network behind.
    var detail: String {
        switch self {
        case .noServer, .queueFull, .streamRefused: "The service has no free connection; try again later."
        case .connectError, .tlsError, .wrongProtocol: "The service behind the gateway cannot be reached."
        case .connectTimeout, .queueTimeout, .responseTimeout: "The service behind the gateway did not answer in time."
        case .resetBeforeResponse, .truncatedResponse: "The service behind the gateway ended the connection."
        case .malformedResponse, .tooManyInformational, .unexpectedResponse:
            "The service behind the gateway gave an answer that cannot be passed on."
        }
    }

    /// Whether the request has certainly not been acted upon, or, for an idempotent one, may be sent again.
    var retryReason: RetryReason? {
        switch self {
        case .connectError, .connectTimeout, .tlsError, .wrongProtocol, .streamRefused: .connectError
        case .resetBeforeResponse: .resetBeforeResponse
        default: nil
        }
    }

    /// What `retries.on` may name.
    enum RetryReason { case connectError, resetBeforeResponse }
}
