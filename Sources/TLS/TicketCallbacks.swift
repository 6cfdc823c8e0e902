internal import COpenSSL

/// OpenSSL's ticket key callback: prepares the sealing (1) or the opening (0) of a ticket with the connection's keyring.
func prepareTicketKey(
    _ ssl: OpaquePointer?, _ name: UnsafeMutablePointer<UInt8>?, _ vector: UnsafeMutablePointer<UInt8>?,
    _ cipher: OpaquePointer?, _ mac: OpaquePointer?, _ isSealing: Int32
) -> Int32 {
    /// What OpenSSL takes the answers for.
    enum Answer {
        static let failure: Int32 = -1
        static let noTicket: Int32 = 0
        static let ready: Int32 = 1
        static let readyAndRenew: Int32 = 2
    }
    guard let name = unsafe name, let vector = unsafe vector, let cipher = unsafe cipher, let mac = unsafe mac,
        let keyring = unsafe ConnectionState.of(ssl)?.server?.context.settings.tickets
    else { return Answer.noTicket }
    if isSealing == 1 {
        // What `fillTicket` has changed.
        unsafe ConnectionState.of(ssl)?.server?.library.readKeys()
        let key = keyring.current
        unsafe key.writeName(to: name)
        guard unsafe RAND_bytes(vector, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) == 1,
            unsafe key.prepare(cipher, mac, initializationVector: vector, isSealing: true)
        else { return Answer.failure }
        return Answer.ready
    }
    guard unsafe ConnectionState.of(ssl)?.mayLookForSession() == true,
        let (key, isCurrent) = unsafe keyring.key(named: name)
    else { return Answer.noTicket }
    guard unsafe key.prepare(cipher, mac, initializationVector: vector, isSealing: false) else { return Answer.failure }
    // The session is read next, with the certificate in it; `judgeTicket` is called after that.
    unsafe ConnectionState.of(ssl)?.server?.library.omitKeys()
    // RFC 8446 §C.4: clients should not use a ticket twice, so each resumption gives a new one.
    return unsafe isCurrent && SSL_version(ssl) != TLS1_3_VERSION ? Answer.ready : Answer.readyAndRenew
}

/// OpenSSL's ticket generation callback: remembers the session, or puts the delegate's data into it before it is sealed.
func fillTicket(_ ssl: OpaquePointer?, _ argument: UnsafeMutableRawPointer?) -> Int32 {
    guard let ssl = unsafe ssl, let session = unsafe SSL_get_session(ssl),
        let server = unsafe ConnectionState.of(ssl)?.server
    else { return 0 }
    let data = server.delegate.ticketData(isResumed: unsafe SSL_session_reused(ssl) == 1) ?? []
    ErrorQueue.clear()
    // A resumed session still has the data of the ticket it came from, so that none must be said too.
    let isUsable = data.count <= Limits.ticketData
    // In TLS 1.2 it is too late: what the session is named by has been told.
    if let sessions = server.context.settings.sessions, unsafe SSL_version(ssl) == TLS1_3_VERSION {
        if unsafe SSL_session_reused(ssl) == 1, let offered = server.offered { sessions.supersede(offered) }
        if unsafe isUsable && !data.isEmpty && isSmall(ssl) && sessions.keep(session, data: data) {
            unsafe SessionKeeping.choose(.memory, for: ssl)
            return 1
        }
        unsafe SessionKeeping.choose(.ticket, for: ssl)
    }
    // To write a session OpenSSL writes it, reads it, certificate and all, and writes it again; then it asks for the key.
    server.library.omitKeys()
    return unsafe data.withUnsafeBytes { bytes in
        unsafe SSL_SESSION_set1_ticket_appdata(session, bytes.baseAddress, isUsable ? bytes.count : 0)
    }
}

/// OpenSSL's ticket decryption callback: says whether a ticket that opened is good for anything.
///
/// If not, a full handshake follows, and a new ticket.
func judgeTicket(
    _ ssl: OpaquePointer?, _ session: OpaquePointer?, _ keyName: UnsafePointer<UInt8>?, _ keyNameLength: Int,
    _ status: Int32, _ argument: UnsafeMutableRawPointer?
) -> Int32 {
    unsafe ConnectionState.of(ssl)?.server?.library.readKeys()
    let accepted: Int32
    switch status {
    case SSL_TICKET_SUCCESS: accepted = SSL_TICKET_RETURN_USE
    case SSL_TICKET_SUCCESS_RENEW: accepted = SSL_TICKET_RETURN_USE_RENEW
    default: return SSL_TICKET_RETURN_IGNORE_RENEW
    }
    guard let session = unsafe session, let server = unsafe ConnectionState.of(ssl)?.server else {
        return SSL_TICKET_RETURN_IGNORE_RENEW
    }
    var data: UnsafeMutableRawPointer?
    var count = 0
    guard unsafe SSL_SESSION_get0_ticket_appdata(session, &data, &count) == 1, count > 0, let data = unsafe data else {
        return SSL_TICKET_RETURN_IGNORE_RENEW
    }
    let bytes = unsafe UnsafeBufferPointer(start: data.assumingMemoryBound(to: UInt8.self), count: count)
    return unsafe mayResume(session, data: bytes.span, server) ? accepted : SSL_TICKET_RETURN_IGNORE_RENEW
}
