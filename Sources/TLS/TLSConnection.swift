internal import COpenSSL
internal import Glibc

/// Owns an `SSL` bound to one non-blocking descriptor, which it does not own.
///
/// No call blocks; each returns what it came to. After a thrown error the connection is good for nothing but being
/// dropped. A fatal alert has by then been written to the descriptor; whoever closes it at once with bytes unread may
/// keep the peer from seeing it.
@safe
public struct TLSConnection: ~Copyable {
    /// What a call that may not block came to.
    public enum Progress: Hashable, Sendable {
        /// It is done, with so many bytes where there are any.
        case done(Int)
        /// It cannot go on until the descriptor is readable.
        case wantsRead
        /// It cannot go on until the descriptor is writable.
        case wantsWrite
        /// The peer has said, by `close_notify`, that it sends no more. What was received is whole.
        case closed
    }

    private enum Phase {
        case handshaking
        case open
        /// `close_notify` is being sent.
        case closing
        /// `close_notify` has been sent.
        case closed
        case failed
    }

    let ssl: OpaquePointer
    private let state: ConnectionState
    private let library: OpenSSLLibrary
    private var phase = Phase.handshaking
    /// How the stream has ended, where that is still to be said.
    private var ending: Result<Progress, TLSError>?
    private var readsInBulk = false

    /// What the handshake agreed on, once it has ended.
    public private(set) var facts: HandshakeFacts?

    /// Begins a server's connection.
    /// - Parameters:
    ///   - context: what it starts with; the delegate may choose another for the name that the client asks for.
    ///   - descriptor: a connected, non-blocking socket that stays open as long as the connection lives.
    ///   - delegate: asked during the handshake. Not retained: it must outlive the connection, as its owner does.
    /// - Throws: ``TLSError/library(function:code:)`` for a lack of memory.
    public init(
        server context: TLSServerContext, descriptor: Int32, delegate: any TLSServerDelegate
    ) throws(TLSError) {
        let state = ConnectionState(
            server: ConnectionState.Server(delegate: delegate, library: context.handle.library, context: context),
            descriptor: descriptor)
        let ssl = unsafe try Self.make(of: context.handle, state)
        unsafe SSL_set_accept_state(ssl)
        unsafe self.ssl = ssl
        self.state = state
        library = context.handle.library
    }

    /// Begins a client's connection.
    /// - Parameters:
    ///   - context: what it is made of.
    ///   - descriptor: a connected, non-blocking socket that stays open as long as the connection lives.
    ///   - serverName: the host name to ask for, which the server's certificate must have, or an IP address it must
    ///     have. Nothing: only the path to an anchor is verified, which is enough where the anchor is the server's own.
    ///   - session: an earlier session with the same server, to resume.
    /// - Throws: ``TLSError/invalidServerName``, or ``TLSError/library(function:code:)``.
    public init(
        client context: TLSClientContext, descriptor: Int32, serverName: String?, resuming session: TLSSession? = nil
    ) throws(TLSError) {
        let state = ConnectionState(server: nil, descriptor: descriptor)
        let ssl = unsafe try Self.make(of: context.handle, state)
        unsafe SSL_set_connect_state(ssl)
        do throws(TLSError) {
            if let serverName { unsafe try context.aim(ssl, at: serverName) }
            if let session, unsafe SSL_set_session(ssl, session.pointer) != 1 {
                throw .library(function: "SSL_set_session", code: ErrorQueue.take())
            }
        } catch {
            unsafe SSL_free(ssl)
            throw error
        }
        unsafe self.ssl = ssl
        self.state = state
        library = context.handle.library
    }

    deinit {
        // Or SSL_free makes the session unfit to be resumed if close_notify has not passed, which TLS 1.1 gave up
        // (RFC 5246 §7.2.1). A failed one stays unfit.
        if phase != .failed { unsafe SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN) }
        // The state, to which callbacks refer, is released after this.
        unsafe SSL_free(ssl)
    }

    @unsafe
    private static func make(of context: ContextHandle, _ state: ConnectionState) throws(TLSError) -> OpaquePointer {
        ErrorQueue.clear()
        guard let ssl = unsafe SSL_new(context.pointer) else {
            throw .library(function: "SSL_new", code: ErrorQueue.take())
        }
        guard unsafe DescriptorBIO.attach(state, to: ssl), unsafe state.attach(to: ssl) else {
            unsafe SSL_free(ssl)
            throw .library(function: "BIO_new", code: ErrorQueue.take())
        }
        return unsafe ssl
    }

    /// Takes the next step of the handshake; done when it has ended.
    ///
    /// The corresponding C function is `SSL_do_handshake`.
    public mutating func handshake() throws(TLSError) -> Progress {
        switch phase {
        case .handshaking: break
        case .open, .closing, .closed: return .done(0)
        case .failed: throw .outOfTurn
        }
        ErrorQueue.clear()
        let (result, systemError) = library.around { unsafe (SSL_do_handshake(ssl), errno) }
        guard result == 1 else { return try interruption(result, systemError) }
        facts = unsafe HandshakeFacts(of: ssl, serverName: state.server?.serverName)
        phase = .open
        return .done(0)
    }

    /// Reads what has been received into the buffer: a record, and those behind it when a stream of full ones comes.
    ///
    /// Until it answers ``Progress/wantsRead`` there may be more, of which the descriptor's readiness says nothing:
    /// ``hasBufferedInput``. The corresponding C function is `SSL_read_ex`.
    public mutating func read(into buffer: inout MutableSpan<UInt8>) throws(TLSError) -> Progress {
        if let ending { return try ending.get() }
        switch phase {
        case .open, .closing, .closed: break
        case .handshaking, .failed: throw .outOfTurn
        }
        let room = buffer.count
        guard room > 0 else { return .done(0) }
        readInBulk(room >= 2 * Limits.record)
        var total = 0
        while true {
            ErrorQueue.clear()
            var count = 0
            let result = unsafe buffer.withUnsafeMutableBytes { bytes in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[total...])
                return unsafe SSL_read_ex(ssl, rest.baseAddress, rest.count, &count)
            }
            let systemError = errno
            guard result == 1 else {
                guard total > 0 else { return try interruption(result, systemError) }
                keepEnding(result, systemError)
                return .done(total)
            }
            total += count
            guard count == Limits.record, room - total >= Limits.record else { return .done(total) }
        }
    }

    /// Has one read of the descriptor fetch several records, or one and what comes with it.
    ///
    /// Takes effect when OpenSSL next makes its buffer, which it frees whenever all of it was handed out.
    private mutating func readInBulk(_ isWanted: Bool) {
        guard isWanted != readsInBulk else { return }
        readsInBulk = isWanted
        unsafe SSL_set_default_read_buffer_len(ssl, isWanted ? Limits.bulkRead : 0)
    }

    /// Keeps how the stream ends, behind bytes that have to be handed out first.
    private mutating func keepEnding(_ result: Int32, _ systemError: Int32) {
        do throws(TLSError) {
            let progress = try interruption(result, systemError)
            if progress == .closed { ending = .success(progress) }
        } catch {
            ending = .failure(error)
        }
    }

    private var failureToBeSaid: TLSError? {
        if case .failure(let failure)? = ending { failure } else { nil }
    }

    /// Writes as many of the bytes as the descriptor takes.
    ///
    /// If it answers ``Progress/wantsWrite`` or ``Progress/wantsRead``, OpenSSL may have taken bytes it has not told of:
    /// the next call must begin with the same bytes, from whatever address. The same holds when it has written less
    /// than all. The corresponding C function is `SSL_write_ex`.
    public mutating func write(_ bytes: Span<UInt8>) throws(TLSError) -> Progress {
        switch phase {
        case .open: break
        case .failed: throw failureToBeSaid ?? .outOfTurn
        case .handshaking, .closing, .closed: throw .outOfTurn
        }
        defer { state.hasMoreToSend = false }
        var written = 0
        while written < bytes.count {
            ErrorQueue.clear()
            state.hasMoreToSend = bytes.count - written > Limits.record
            var count = 0
            let result = unsafe bytes.extracting(written..<bytes.count).withUnsafeBufferPointer { rest in
                unsafe SSL_write_ex(ssl, rest.baseAddress, rest.count, &count)
            }
            let systemError = errno
            guard result == 1 else {
                let progress = try interruption(result, systemError)
                return written > 0 ? .done(written) : progress
            }
            written += count
        }
        return .done(written)
    }

    /// Sends `close_notify`, once; done when it has left.
    ///
    /// What was being written must have been written whole.
    /// Answers ``Progress/closed`` where there is nobody to say it to: before the handshake has ended, and after a
    /// failure. The corresponding C function is `SSL_shutdown`.
    public mutating func shutdown() -> Progress {
        switch phase {
        case .handshaking, .failed: return .closed
        case .closed: return .done(0)
        case .open, .closing: break
        }
        phase = .closing
        ErrorQueue.clear()
        let result = unsafe SSL_shutdown(ssl)
        if result >= 0 {
            phase = .closed
            return .done(0)
        }
        let error = unsafe SSL_get_error(ssl, result)
        ErrorQueue.clear()
        switch error {
        case SSL_ERROR_WANT_WRITE: return .wantsWrite
        default:
            phase = .failed
            return .closed
        }
    }

    /// Whether bytes have been read from the descriptor that ``read(into:)`` has not handed out yet.
    ///
    /// They may turn out to be less than a record. The corresponding C function is `SSL_has_pending`.
    public var hasBufferedInput: Bool {
        unsafe ending != nil || SSL_has_pending(ssl) == 1
    }

    /// The peer's certificates in DER, leaf first, as it sent them; none if it sent none.
    ///
    /// After a resumption there is the leaf alone.
    public func peerCertificates() -> [[UInt8]] {
        guard let leaf = unsafe SSL_get0_peer_certificate(ssl) else { return [] }
        let chain = unsafe SSL_get_peer_cert_chain(ssl).map { unsafe derEncodings(of: $0) } ?? []
        // A client's chain begins with the leaf, a server's does not.
        let isServer = state.server != nil
        return isServer || chain.isEmpty ? [unsafe derEncoding(of: leaf)] + chain : chain
    }

    /// The session so far, for a client that wants to resume it; nothing if the server gave no means to.
    ///
    /// TLS 1.3 gives them after the handshake, with the first bytes that are read.
    public func resumableSession() -> TLSSession? {
        unsafe TLSSession(of: ssl)
    }

    /// Sorts what a call that did not succeed came to.
    private mutating func interruption(_ result: Int32, _ systemError: Int32) throws(TLSError) -> Progress {
        let error = unsafe SSL_get_error(ssl, result)
        switch error {
        case SSL_ERROR_WANT_READ: return .wantsRead
        case SSL_ERROR_WANT_WRITE: return .wantsWrite
        case SSL_ERROR_ZERO_RETURN: return .closed
        default:
            phase = .failed
            throw failure(error, systemError)
        }
    }

    private func failure(_ error: Int32, _ systemError: Int32) -> TLSError {
        let code = ErrorQueue.take()
        guard error == SSL_ERROR_SSL, code != 0 else {
            // An end of file that nothing announced.
            return systemError == 0 ? .truncated : .system(errno: systemError)
        }
        guard ERR_GET_LIB(code) == ERR_LIB_SSL else {
            return .protocolViolation(code: code, alertSent: state.alertSent)
        }
        let reason = ERR_GET_REASON(code)
        if reason > SSL_AD_REASON_OFFSET,
            let alert = UInt8(exactly: reason - SSL_AD_REASON_OFFSET).flatMap(TLSAlert.init)
        {
            return .alertReceived(alert)
        }
        switch (reason, state.alertSent) {
        case (SSL_R_UNEXPECTED_EOF_WHILE_READING, _): return .truncated
        case (SSL_R_CERTIFICATE_VERIFY_FAILED, let alert?) where state.server != nil:
            return .certificateRefused(alertSent: alert)
        case (SSL_R_CERTIFICATE_VERIFY_FAILED, _):
            return unsafe .serverNotTrusted(verification: SSL_get_verify_result(ssl))
        case (SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE, let alert?): return .certificateMissing(alertSent: alert)
        case (_, let alert): return .protocolViolation(code: code, alertSent: alert)
        }
    }
}
