internal import COpenSSL

/// How a connection's session may be resumed later, and what it offers to resume.
///
/// OpenSSL has one switch for both, `SSL_OP_NO_TICKET`: with it sessions are remembered, without it they are sealed into
/// tickets. It is set for what the client offers when its ClientHello comes, and again for what it is given.
enum SessionKeeping {
    /// Has OpenSSL look up what the client offers where it must be: in memory or in the ticket itself.
    @unsafe
    static func expect(_ ssl: OpaquePointer, _ settings: TLSServerSettings) {
        guard settings.tickets != nil, settings.sessions != nil else { return }
        let isInMemory: Bool
        if let identities = unsafe extensionBody(of: ssl, TLSEXT_TYPE_psk) {
            // RFC 8446 §4.2.11: the length of all identities, that of the first. Whoever offers several goes by it.
            let length = unsafe identities.count < 4 ? 0 : Int(identities[2]) << 8 | Int(identities[3])
            isInMemory = length == SessionIdentifier.length
        } else {
            // RFC 5077 §3.2: a client that has no ticket sends an empty one. TLS 1.3 chooses later what it gives.
            let ticket = unsafe extensionBody(of: ssl, TLSEXT_TYPE_session_ticket)
            isInMemory = unsafe ticket?.isEmpty ?? true
        }
        unsafe choose(isInMemory ? .memory : .ticket, for: ssl)
    }

    /// Where a session lives.
    enum Place {
        /// In this process.
        case memory
        /// At the client, sealed.
        case ticket
    }

    @unsafe
    static func choose(_ place: Place, for ssl: OpaquePointer) {
        switch place {
        case .memory: unsafe SSL_set_options(ssl, poterne_SSL_OP_NO_TICKET())
        case .ticket: unsafe SSL_clear_options(ssl, poterne_SSL_OP_NO_TICKET())
        }
    }

    @unsafe
    private static func extensionBody(of ssl: OpaquePointer, _ type: Int32) -> UnsafeBufferPointer<UInt8>? {
        var bytes: UnsafePointer<UInt8>?
        var length = 0
        guard unsafe SSL_client_hello_get0_ext(ssl, UInt32(type), &bytes, &length) == 1 else { return nil }
        return unsafe UnsafeBufferPointer(start: bytes, count: length)
    }
}

/// OpenSSL's callback for sessions that were made: remembers those of TLS 1.2.
///
/// Those of TLS 1.3 are remembered when their ticket is due, by `fillTicket`.
func keepSession(_ ssl: OpaquePointer?, _ session: OpaquePointer?) -> Int32 {
    guard let ssl = unsafe ssl, let session = unsafe session, unsafe SSL_version(ssl) < TLS1_3_VERSION,
        let server = unsafe ConnectionState.of(ssl)?.server, let sessions = server.context.settings.sessions,
        let data = server.delegate.ticketData(isResumed: unsafe SSL_session_reused(ssl) == 1), !data.isEmpty,
        data.count <= Limits.ticketData
    else { return 0 }
    _ = unsafe isSmall(ssl) && sessions.keep(session, data: data)
    // OpenSSL keeps the reference that it lent.
    return 0
}

/// OpenSSL's callback for sessions that are to be resumed by their identifier: the remembered one, if it is good still.
func findSession(
    _ ssl: OpaquePointer?, _ identifier: UnsafePointer<UInt8>?, _ length: Int32, _ copies: UnsafeMutablePointer<Int32>?
) -> OpaquePointer? {
    guard let ssl = unsafe ssl, let copies = unsafe copies, length > 0,
        let state = unsafe ConnectionState.of(ssl), state.mayLookForSession(),
        let server = state.server, let sessions = server.context.settings.sessions,
        let identifier = unsafe SessionIdentifier(UnsafeBufferPointer(start: identifier, count: Int(length))),
        let (kept, data) = sessions.session(identifier),
        unsafe SSL_SESSION_get_protocol_version(kept.pointer) == SSL_version(ssl),
        unsafe mayResume(kept.pointer, data: data.span, server)
    else { return nil }
    // OpenSSL takes over the reference that is taken here.
    guard unsafe SSL_SESSION_up_ref(kept.pointer) == 1 else { return nil }
    state.server?.offered = identifier
    unsafe copies.pointee = 0
    return unsafe kept.pointer
}

/// Whether a session takes little memory, which is as much as the certificates that the client sent.
@unsafe
func isSmall(_ ssl: OpaquePointer) -> Bool {
    // The leaf is not among them; after a resumption by ticket none are.
    guard let others = unsafe SSL_get_peer_cert_chain(ssl) else { return true }
    return unsafe poterne_sk_X509_num(others) <= Limits.keptCertificates
}

/// Whether a session may be resumed: where it was begun, and as the delegate says.
@unsafe
func mayResume(_ session: OpaquePointer, data: Span<UInt8>, _ server: ConnectionState.Server) -> Bool {
    // OpenSSL compares the session id contexts too, but only after this.
    var length: UInt32 = 0
    let identifier = unsafe SSL_SESSION_get0_id_context(session, &length)
    guard
        unsafe UnsafeBufferPointer(start: identifier, count: Int(length))
            .elementsEqual(server.context.settings.sessionIDContext)
    else { return false }
    // A session begun without a certificate, where it was optional, is none where it is required.
    if server.context.settings.clientCertificate == .required, unsafe SSL_SESSION_get0_peer(session) == nil {
        return false
    }
    let isAccepted = server.delegate.acceptTicket(data) {
        unsafe SSL_SESSION_get0_peer(session).map { certificate in unsafe derEncoding(of: certificate) }
    }
    ErrorQueue.clear()
    return isAccepted
}
