internal import CLinux
internal import Glibc

/// The calls of socket(7) as a server needs them: every socket non-blocking and close-on-exec, every outcome typed.
public enum Socket {
    /// The longest accept queue we ask for; the kernel cuts it to `net.core.somaxconn`.
    public static var defaultBacklog: Int32 { 4096 }

    /// Opens a listening socket.
    ///
    /// An IPv6 address is served for IPv6 alone unless it is `[::]` and `dualStack` is set. A Unix socket left behind by a
    /// process that is gone is replaced; a file that is not a socket, or a socket that somebody serves, is left alone.
    ///
    /// - Parameters:
    ///   - address: where; port 0 lets the kernel choose (see ``boundAddress(of:)``).
    ///   - reusePort: lets several sockets, one per worker, share the address, the kernel spreading connections over
    ///     them. Means nothing to a Unix socket: duplicate the descriptor instead.
    ///   - dualStack: whether `[::]` serves IPv4 too.
    ///   - backlog: how many connections may wait to be accepted.
    ///   - mode: the permissions of a Unix socket.
    /// - Returns: the listening socket.
    /// - Throws: `SocketError`.
    public static func listen(
        on address: SocketAddress, reusePort: Bool = true, dualStack: Bool = false, backlog: Int32 = defaultBacklog,
        mode: UInt32 = 0o660
    ) throws(SocketError) -> Descriptor {
        let socket = try open(address.family)
        if case .unix(let path) = address {
            try bindUnix(socket, to: address, path: path)
            guard unsafe chmod(path, mode) == 0 else { throw .system(.chmod, errno: errno) }
        } else {
            try setOption(socket, SOL_SOCKET, SO_REUSEADDR, 1)
            if reusePort { try setOption(socket, SOL_SOCKET, SO_REUSEPORT, 1) }
            if case .v6(let high, let low, _, _) = address {
                let servesBoth = dualStack && high == 0 && low == 0
                try setOption(socket, Int32(IPPROTO_IPV6), IPV6_V6ONLY, servesBoth ? 0 : 1)
            }
            try bind(socket, to: address)
        }
        guard Glibc.listen(socket.rawValue, backlog) == 0 else { throw .system(.listen, errno: errno) }
        return socket
    }

    /// Begins a connection.
    ///
    /// When it is in progress, the socket becomes writable as soon as it has succeeded or failed; ``pendingError(of:)``
    /// then says which.
    public static func connect(to address: SocketAddress) throws(SocketError) -> Connecting {
        let socket = try open(address.family)
        let number = socket.rawValue
        let outcome = try unsafe address.withKernelAddress { unsafe Glibc.connect(number, $0, $1) == 0 ? 0 : errno }
        switch outcome {
        case 0: return Connecting(descriptor: socket, isInProgress: false)
        // Interrupted, the attempt goes on in the background (connect(2)); asking again would only answer EALREADY.
        case EINPROGRESS, EINTR: return Connecting(descriptor: socket, isInProgress: true)
        default: throw .system(.connect, errno: outcome)
        }
    }

    /// A connection that was begun.
    ///
    /// Frozen, as only then may another module take the descriptor out of it.
    @frozen
    public struct Connecting: ~Copyable {
        /// The socket.
        public var descriptor: Descriptor
        /// Whether to wait for the socket to become writable.
        public let isInProgress: Bool
    }

    /// Two sockets connected to each other.
    @frozen
    public struct Pair: ~Copyable {
        /// One end.
        public var first: Descriptor
        /// The other end.
        public var second: Descriptor
    }

    /// Makes two connected stream sockets.
    public static func pair() throws(SocketError) -> Pair {
        var numbers: (Int32, Int32) = (-1, -1)
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let outcome = unsafe withUnsafeMutablePointer(to: &numbers) { pointer in
            unsafe pointer.withMemoryRebound(to: Int32.self, capacity: 2) { unsafe socketpair(AF_UNIX, type, 0, $0) }
        }
        guard outcome == 0 else { throw .system(.socketpair, errno: errno) }
        return Pair(first: Descriptor(owning: numbers.0), second: Descriptor(owning: numbers.1))
    }

    private static func open(_ family: Int32) throws(SocketError) -> Descriptor {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let number = socket(family, type, 0)
        guard number >= 0 else { throw .system(.socket, errno: errno) }
        return Descriptor(owning: number)
    }

    private static func bind(_ socket: borrowing Descriptor, to address: SocketAddress) throws(SocketError) {
        let number = socket.rawValue
        let outcome = try unsafe address.withKernelAddress { unsafe Glibc.bind(number, $0, $1) == 0 ? 0 : errno }
        guard outcome == 0 else { throw .system(.bind, errno: outcome) }
    }

    private static func bindUnix(
        _ socket: borrowing Descriptor, to address: SocketAddress, path: String
    ) throws(SocketError) {
        do {
            return try bind(socket, to: address)
        } catch .system(.bind, errno: EADDRINUSE) {
            var status = stat()
            if unsafe lstat(path, &status) == 0 {
                guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path: path) }
                guard !isServed(address) else { throw .pathInUse(path) }
                guard unsafe unlink(path) == 0 || errno == ENOENT else { throw .system(.unlink, errno: errno) }
            }
        }
        try bind(socket, to: address)
    }

    /// Whether somebody listens there.
    ///
    /// Only a refused connection proves that nobody does.
    private static func isServed(_ address: SocketAddress) -> Bool {
        do {
            _ = try connect(to: address)
            return true
        } catch .system(.connect, errno: ECONNREFUSED) {
            return false
        } catch {
            return true
        }
    }
}
