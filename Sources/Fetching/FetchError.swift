/// Why a server did not answer with what was asked of it.
public enum FetchError: Error, Hashable, Sendable {
    /// libcurl could not begin: out of memory, or built without the protocol.
    case unavailable
    /// The network, name resolution or TLS; libcurl's own words.
    case network(String)
    /// It took longer than the limit.
    case timedOut
    /// An HTTP status that does not say that all went well, and the seconds of its Retry-After (RFC 9110 §10.2.3).
    case status(Int, retryAfterSeconds: Int64? = nil)
    /// The body is larger than the limit; what exceeds it was not read.
    case tooLarge(limit: Int)
    /// The connection ended before the body did.
    case truncated
    /// More redirects than are followed.
    case tooManyRedirects
}

extension FetchError: CustomStringConvertible {
    /// A sentence for an operator.
    public var description: String {
        switch self {
        case .unavailable: "the transfer could not begin"
        case .network(let text): text
        case .timedOut: "it took too long"
        case .status(let code, _): "the server answered with status \(code)"
        case .tooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .truncated: "the answer was cut short"
        case .tooManyRedirects: "it redirects too often"
        }
    }
}
