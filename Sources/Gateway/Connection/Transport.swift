internal import EventLoop
internal import TLS

/// What carries a connection's bytes: a socket in the clear, or TLS on one.
///
/// Owns the descriptor. The two kinds answer in the same words, `Outcome`.
struct Transport: ~Copyable {
    /// What a call that may not block came to.
    enum Outcome: Equatable {
        /// So many bytes were moved.
        case moved(Int)
        /// Nothing more until the descriptor can be read.
        case wantsRead
        /// Nothing more until the descriptor can be written.
        case wantsWrite
        /// The peer ended its side in good order: a `close_notify`, or the end of a clear stream.
        case ended
        /// The connection is lost: a reset, a TLS alert, a TLS stream cut short.
        case failed(TransportFailure)
    }

    let descriptor: Descriptor
    private var session: TLSConnection?
    private var isCut = false

    /// The descriptor's number, valid as long as the transport.
    var number: Int32 { descriptor.rawValue }

    /// Bytes in the clear.
    init(clear descriptor: consuming Descriptor) {
        self.descriptor = descriptor
        session = nil
    }

    /// Puts TLS on the descriptor, whose handshake is yet to be made.
    mutating func secure(_ session: consuming TLSConnection) {
        self.session = consume session
    }

    /// Forgets TLS: no `close_notify` will be sent, and what is read is thrown away bytes.
    mutating func forgetSession() {
        session = nil
    }

    /// What the handshake agreed on; nil in the clear.
    var facts: HandshakeFacts? {
        mutating get {
            guard session != nil else { return nil }
            return session?.facts
        }
    }

    /// Whether bytes wait that the kernel knows nothing of any more.
    var hasBufferedInput: Bool {
        mutating get { session?.hasBufferedInput ?? false }
    }

    /// Takes the handshake's next step; `.moved(0)` when it is complete, and in the clear.
    mutating func handshake() -> Outcome {
        guard session != nil else { return .moved(0) }
        do {
            return try session?.handshake().outcome ?? .moved(0)
        } catch {
            return .failed(.tls(error))
        }
    }

    mutating func read(into room: inout MutableSpan<UInt8>) -> Outcome {
        guard session != nil else { return Socket.read(from: descriptor, into: &room).outcome(else: .wantsRead) }
        do {
            return try session?.read(into: &room).outcome ?? .ended
        } catch {
            return .failed(.tls(error))
        }
    }

    mutating func write(_ bytes: Span<UInt8>) -> Outcome {
        guard session != nil else { return Socket.write(bytes, to: descriptor).outcome(else: .wantsWrite) }
        do {
            return try session?.write(bytes).outcome ?? .ended
        } catch {
            return .failed(.tls(error))
        }
    }

    /// Looks at the bytes in the clear that wait in the kernel, and leaves them there.
    mutating func appendPeeked(to bytes: inout [UInt8], atMost limit: Int) -> Outcome {
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: limit))
        var span = bytes.mutableSpan
        var room = span._mutatingExtracting(start..<(start + limit))
        let outcome = Socket.peek(at: descriptor, into: &room).outcome(else: .wantsRead)
        guard case .moved(let count) = outcome else {
            bytes.removeLast(limit)
            return outcome
        }
        bytes.removeLast(limit - count)
        return outcome
    }

    /// Drops bytes that were looked at.
    mutating func skip(_ count: Int) {
        var left = count
        while left > 0 {
            var buffer = [UInt8](repeating: 0, count: left)
            var room = buffer.mutableSpan
            guard case .done(let read) = Socket.read(from: descriptor, into: &room) else { return }
            left -= read
        }
    }

    /// Ends our side in good order; what the peer still sends can be read.
    mutating func endOutput() {
        guard !isCut else { return }
        if session != nil { _ = session?.shutdown() }
        Socket.shutdownWrite(descriptor)
    }

    /// Makes the close to come a reset, which no peer takes for a good end.
    mutating func cut() {
        session = nil
        isCut = true
        Socket.setResetOnClose(descriptor)
    }
}

/// Why a transport ended before its time.
enum TransportFailure: Error, Equatable {
    /// The `errno` of the socket.
    case socket(Int32)
    case tls(TLSError)
    /// By ALPN the peer agreed to another protocol than the one that is to be spoken, or to none.
    case wrongProtocol
    /// The peer ended where it may not.
    case endedEarly
    /// What was awaited did not come in time.
    case timedOut
    /// The kernel will not watch the descriptor.
    case unwatchable
    /// What a trusted proxy said of the connection is no PROXY header.
    case proxyHeader(ProxyHeader.Malformed)
}

extension TLSConnection.Progress {
    fileprivate var outcome: Transport.Outcome {
        switch self {
        case .done(let count): .moved(count)
        case .wantsRead: .wantsRead
        case .wantsWrite: .wantsWrite
        case .closed: .ended
        }
    }
}

extension Transfer {
    fileprivate func outcome(else blocked: Transport.Outcome) -> Transport.Outcome {
        switch self {
        case .done(let count): .moved(count)
        case .wouldBlock: blocked
        case .closed: .ended
        case .failed(let errno): .failed(.socket(errno))
        }
    }
}
