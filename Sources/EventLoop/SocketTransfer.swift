internal import Glibc

/// What a read or a write that may not block came to.
public enum Transfer: Hashable, Sendable {
    /// So many bytes went over: at least one, unless none was asked for.
    case done(Int)
    /// Nothing now: wait for readiness.
    case wouldBlock
    /// Reading: the peer has ended its side in order. Writing: nobody reads any more.
    case closed
    /// The connection broke: the `errno`.
    case failed(errno: Int32)
}

extension Socket {
    /// Reads what is there, up to the size of `buffer`.
    ///
    /// The corresponding C function is `recv`.
    public static func read(from socket: borrowing Descriptor, into buffer: inout MutableSpan<UInt8>) -> Transfer {
        guard !buffer.isEmpty else { return .done(0) }
        let number = socket.rawValue
        return unsafe buffer.withUnsafeMutableBufferPointer { bytes in
            while true {
                let count = unsafe recv(number, bytes.baseAddress, bytes.count, 0)
                if count > 0 { return .done(count) }
                if count == 0 { return .closed }
                if errno != EINTR { return errno == EAGAIN ? .wouldBlock : .failed(errno: errno) }
            }
        }
    }

    /// Looks at what is there, up to the size of `buffer`, and leaves it there.
    ///
    /// The corresponding C function is `recv` with `MSG_PEEK`.
    public static func peek(at socket: borrowing Descriptor, into buffer: inout MutableSpan<UInt8>) -> Transfer {
        guard !buffer.isEmpty else { return .done(0) }
        let number = socket.rawValue
        return unsafe buffer.withUnsafeMutableBufferPointer { bytes in
            while true {
                let count = unsafe recv(number, bytes.baseAddress, bytes.count, Int32(MSG_PEEK))
                if count > 0 { return .done(count) }
                if count == 0 { return .closed }
                if errno != EINTR { return errno == EAGAIN ? .wouldBlock : .failed(errno: errno) }
            }
        }
    }

    /// Writes as much as the kernel takes; never raises SIGPIPE.
    ///
    /// The corresponding C function is `send`.
    public static func write(_ bytes: Span<UInt8>, to socket: borrowing Descriptor) -> Transfer {
        guard !bytes.isEmpty else { return .done(0) }
        let number = socket.rawValue
        return unsafe bytes.withUnsafeBufferPointer { bytes in
            while true {
                let count = unsafe send(number, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
                if count >= 0 { return .done(count) }
                if errno != EINTR { return writeFailure(errno) }
            }
        }
    }

    /// Writes two pieces as if they were one, such as a head and the start of its body, in one call.
    ///
    /// The corresponding C function is `sendmsg`.
    public static func write(
        _ head: Span<UInt8>, _ body: Span<UInt8>, to socket: borrowing Descriptor
    ) -> Transfer {
        guard !head.isEmpty else { return write(body, to: socket) }
        guard !body.isEmpty else { return write(head, to: socket) }
        let number = socket.rawValue
        return unsafe head.withUnsafeBytes { head in
            unsafe body.withUnsafeBytes { body in
                var pieces = unsafe (
                    iovec(iov_base: UnsafeMutableRawPointer(mutating: head.baseAddress), iov_len: head.count),
                    iovec(iov_base: UnsafeMutableRawPointer(mutating: body.baseAddress), iov_len: body.count)
                )
                return unsafe withUnsafeMutablePointer(to: &pieces) { pieces in
                    unsafe pieces.withMemoryRebound(to: iovec.self, capacity: 2) { pieces in
                        var message = unsafe msghdr()
                        unsafe message.msg_iov = unsafe pieces
                        unsafe message.msg_iovlen = 2
                        while true {
                            let count = unsafe sendmsg(number, &message, Int32(MSG_NOSIGNAL))
                            if count >= 0 { return .done(count) }
                            if errno != EINTR { return writeFailure(errno) }
                        }
                    }
                }
            }
        }
    }

    /// Ends our side of the connection: the peer reads an end of stream, and may go on writing.
    public static func shutdownWrite(_ socket: borrowing Descriptor) {
        // Fails when the peer is gone already, which the next read tells.
        shutdown(socket.rawValue, Int32(SHUT_WR))
    }

    /// Ends a listening socket, which the kernel would otherwise fill with connections as long as it is open; those that
    /// wait in it are refused.
    public static func stopListening(on socket: borrowing Descriptor) {
        shutdown(socket.rawValue, Int32(SHUT_RD))
    }

    private static func writeFailure(_ number: Int32) -> Transfer {
        switch number {
        case EAGAIN: .wouldBlock
        case EPIPE: .closed
        default: .failed(errno: number)
        }
    }
}
