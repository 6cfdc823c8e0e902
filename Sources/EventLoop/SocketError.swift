/// What can fail in opening or asking a socket.
public enum SocketError: Error, Hashable, Sendable {
    /// The system call that failed.
    public enum Call: String, Hashable, Sendable {
        /// One of the calls of socket(7), by its C name.
        case socket, bind, listen, connect, accept, setsockopt, getsockopt, getsockname, getpeername, socketpair
        /// `fcntl` with `F_DUPFD_CLOEXEC`.
        case duplicate
        /// `unlink`, of a stale Unix socket.
        case unlink
        /// `chmod`, of a Unix socket.
        case chmod
        /// `getaddrinfo`.
        case resolve
    }

    /// The call failed with this `errno`.
    case system(Call, errno: Int32)
    /// A Unix socket's path has more bytes than the kernel takes, or none, or a NUL.
    case unusablePath(String)
    /// Something that is not a socket stands where a Unix socket should be made; it was left alone.
    case notASocket(path: String)
    /// Somebody listens on that Unix socket already.
    case pathInUse(String)
    /// The kernel answered with an address of a family we do not know.
    case unknownAddressFamily(Int)
    /// The name has no address; the text is the resolver's.
    case cannotResolve(host: String, reason: String)
}

extension SocketError: CustomStringConvertible {
    /// The sentence for a log.
    public var description: String {
        switch self {
        case .system(let call, let errno): "\(call.rawValue): \(errorText(errno))"
        case .unusablePath(let path): "\"\(path)\" cannot be a Unix socket's path: 1 to 107 bytes, no NUL"
        case .notASocket(let path): "\(path) exists and is not a socket"
        case .pathInUse(let path): "somebody listens on \(path) already"
        case .unknownAddressFamily(let family): "address family \(family) is not known"
        case .cannotResolve(let host, let reason): "cannot resolve \(host): \(reason)"
        }
    }
}
