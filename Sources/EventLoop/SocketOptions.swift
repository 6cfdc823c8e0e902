internal import Glibc

extension Socket {
    /// The socket's own address, with the port that the kernel chose.
    public static func boundAddress(of socket: borrowing Descriptor) throws(SocketError) -> SocketAddress {
        let number = socket.rawValue
        return try unsafe SocketAddress.fromKernel(.getsockname) { unsafe getsockname(number, $0, $1) }
    }

    /// Whether it is a stream socket that listens.
    public static func isListening(_ socket: borrowing Descriptor) -> Bool {
        var number: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return unsafe getsockopt(socket.rawValue, SOL_SOCKET, SO_ACCEPTCONN, &number, &length) == 0 && number == 1
    }

    /// The address of the socket's peer.
    public static func peerAddress(of socket: borrowing Descriptor) throws(SocketError) -> SocketAddress {
        let number = socket.rawValue
        return try unsafe SocketAddress.fromKernel(.getpeername) { unsafe getpeername(number, $0, $1) }.unmapped
    }

    /// The `errno` that the socket has in store, told once: what became of a connection attempt.
    ///
    /// `nil` is success.
    public static func pendingError(of socket: borrowing Descriptor) -> Int32? {
        var number: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(socket.rawValue, SOL_SOCKET, SO_ERROR, &number, &length) == 0 else { return errno }
        return number == 0 ? nil : number
    }

    /// Sends small segments at once; a Unix socket does anyway.
    public static func setNoDelay(_ socket: borrowing Descriptor) {
        // Fails on what is not TCP, where it means nothing.
        try? setOption(socket, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    }

    /// Has the kernel hold few received bytes that nobody has read, so that the peer feels how slow the reader is.
    ///
    /// Rounded up to what the kernel holds at the least.
    public static func setReceiveBuffer(of socket: borrowing Descriptor, bytes: Int32) {
        // Where it is refused the kernel's own size serves.
        try? setOption(socket, SOL_SOCKET, SO_RCVBUF, bytes)
    }

    /// Has the kernel probe an idle TCP connection after `idle` seconds, thrice, so that a vanished peer is found out.
    public static func setKeepAlive(_ socket: borrowing Descriptor, idle: Int32) {
        try? setOption(socket, SOL_SOCKET, SO_KEEPALIVE, 1)
        try? setOption(socket, Int32(IPPROTO_TCP), TCP_KEEPIDLE, idle)
        try? setOption(socket, Int32(IPPROTO_TCP), TCP_KEEPINTVL, max(idle / 3, 1))
        try? setOption(socket, Int32(IPPROTO_TCP), TCP_KEEPCNT, 3)
    }

    /// Makes closing the socket send a reset and drop what is unsent, instead of an orderly end.
    ///
    /// Tells an HTTP/1 peer that a body without a length was cut, which an orderly end would hide.
    public static func setResetOnClose(_ socket: borrowing Descriptor) {
        var option = linger(l_onoff: 1, l_linger: 0)
        // Fails on a Unix socket, which cannot reset.
        unsafe setsockopt(
            socket.rawValue, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    static func setOption(
        _ socket: borrowing Descriptor, _ level: Int32, _ option: Int32, _ value: Int32
    ) throws(SocketError) {
        var value = value
        let outcome = unsafe setsockopt(
            socket.rawValue, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
        guard outcome == 0 else { throw .system(.setsockopt, errno: errno) }
    }
}
