/// Why a source did not answer with a body.
public enum FetchError: Error, Hashable, Sendable {
    /// libcurl could not begin: out of memory, or built without the protocol.
    case unavailable
    /// The network, name resolution or TLS; libcurl's own words.
    case network(String)
    /// It took longer than the limit.
    case timedOut
    /// An HTTP status other than 200 and 304.
    case status(Int)
    /// The body is larger than the limit; what exceeds it was not read.
    case tooLarge(limit: Int)
    /// The connection ended before the body did.
    case truncated
    /// More redirects than are followed.
    case tooManyRedirects
    /// The LDAP entry has no CRL.
    case noRevocationList
    /// A file could not be read.
    case file(FileReadError)
    /// What it serves, though its own newest, is past its nextUpdate.
    case stale
    /// What it serves was refused: the offer says why.
    case refused
    /// What it serves is the CRL of another configured CA.
    case otherAuthority
}

extension FetchError: CustomStringConvertible {
    /// A sentence for an operator.
    public var description: String {
        switch self {
        case .unavailable: "the transfer could not begin"
        case .network(let text): text
        case .timedOut: "it took too long"
        case .status(let code): "the server answered with status \(code)"
        case .tooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .truncated: "the answer was cut short"
        case .tooManyRedirects: "it redirects too often"
        case .noRevocationList: "the LDAP entry holds no CRL"
        case .file(let error): error.description
        case .stale: "its CRL is past its nextUpdate"
        case .refused: "its CRL was refused"
        case .otherAuthority: "its CRL is of another CA"
        }
    }
}
