public import TLS

/// Why a load test could not be run.
public enum LoadError: Error, Hashable, Sendable {
    /// A file or folder cannot be read.
    case unreadable(path: String, errno: Int32)
    /// A file is not what it should be.
    case unusableFile(path: String, reason: String)
    /// There is no certificate there.
    case noCallers(String)
    /// The plan has callers in a role that no certificate was given for.
    case noCallersInRole(CallerRole)
    /// Path and field lines make no request.
    case unusableRequest(String)
    /// A certificate or a setting that TLS cannot use.
    case tls(TLSError)
    /// The system would not give what is needed.
    case system(String)
    /// The server answered nobody, so there is nothing to measure; what the first caller came to.
    case nobodyServed(LoadOutcome)
    /// The server does not speak HTTP/2, which was asked for.
    case withoutHTTP2
}

extension LoadError: CustomStringConvertible {
    /// The sentence for the person at the terminal.
    public var description: String {
        switch self {
        case .unreadable(let path, let errno): "\(path): \(SystemFile.text(ofErrno: errno))"
        case .unusableFile(let path, let reason): "\(path): \(reason)"
        case .noCallers(let path): "no certificate in \(path)"
        case .noCallersInRole(let role): "no certificate of a caller that is \(role)"
        case .unusableRequest(let reason): "no HTTP/2 request can be made of that path and these field lines: \(reason)"
        case .tls(let error): error.description
        case .system(let text): text
        case .nobodyServed(let outcome): "no connection could be made ready: \(outcome)"
        case .withoutHTTP2: "the server does not offer HTTP/2: ask with `--http 1.1`"
        }
    }
}
