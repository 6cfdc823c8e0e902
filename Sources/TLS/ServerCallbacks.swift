internal import COpenSSL

/// OpenSSL's certificate verification callback: asks the delegate instead of `X509_verify_cert`.
func verifyClient(_ store: OpaquePointer?, _ argument: UnsafeMutableRawPointer?) -> Int32 {
    guard let store = unsafe store else { return 0 }
    let verification: PeerVerification
    if let pointer = unsafe X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()),
        let server = unsafe ConnectionState.of(OpaquePointer(pointer))?.server
    {
        let chain = unsafe PresentedChain(lending: store)
        verification = chain.isOfUsualSize ? server.delegate.verify(chain) : .refuse(.badCertificate)
    } else {
        verification = .refuse(.internalError)
    }
    // SSL_get_error must not see what the delegate's own use of OpenSSL may have left.
    ErrorQueue.clear()
    switch verification {
    case .accept:
        unsafe X509_STORE_CTX_set_error(store, X509_V_OK)
        return 1
    case .refuse(let alert):
        unsafe X509_STORE_CTX_set_error(store, alert.verificationError)
        return 0
    }
}

/// OpenSSL's ClientHello callback: lets the delegate choose the context.
///
/// Not done in the server name callback, which runs after a ticket has been accepted: a session of one context could be
/// resumed under another, and its certificate requirements with it.
func selectContext(
    _ ssl: OpaquePointer?, _ alert: UnsafeMutablePointer<Int32>?, _ argument: UnsafeMutableRawPointer?
) -> Int32 {
    guard let ssl = unsafe ssl, let alert = unsafe alert else { return SSL_CLIENT_HELLO_ERROR }
    func refuse(_ reason: TLSAlert) -> Int32 {
        unsafe alert.pointee = Int32(reason.rawValue)
        return SSL_CLIENT_HELLO_ERROR
    }
    guard let state = unsafe ConnectionState.of(ssl), let server = state.server else { return refuse(.internalError) }
    let serverName: String?
    switch unsafe requestedName(in: ssl) {
    case .absent: serverName = nil
    case .name(let name): serverName = name
    case .malformed: return refuse(.decodeError)
    case .unacceptable: return refuse(.unrecognizedName)
    }
    if server.wasGreeted {
        // RFC 8446 §4.1.2: after a HelloRetryRequest the client sends the same ClientHello, but for what it was told.
        return serverName == server.serverName ? SSL_CLIENT_HELLO_SUCCESS : refuse(.illegalParameter)
    }
    state.server?.wasGreeted = true
    state.server?.serverName = serverName
    let chosen = server.delegate.selectContext(serverName: serverName)
    ErrorQueue.clear()
    if let chosen, chosen !== server.context {
        guard unsafe chosen.takeOver(ssl) else { return refuse(.internalError) }
        state.server?.context = chosen
    }
    unsafe SessionKeeping.expect(ssl, (chosen ?? server.context).settings)
    return SSL_CLIENT_HELLO_SUCCESS
}

@unsafe
private func requestedName(in ssl: OpaquePointer) -> ServerNameExtension {
    var bytes: UnsafePointer<UInt8>?
    var length = 0
    guard unsafe SSL_client_hello_get0_ext(ssl, UInt32(TLSEXT_TYPE_server_name), &bytes, &length) == 1 else {
        return .absent
    }
    return unsafe ServerNameExtension(reading: UnsafeBufferPointer(start: bytes, count: length).span)
}

/// OpenSSL's server name callback: acknowledges the name (RFC 6066 §3), which has been acted upon already.
func acknowledgeServerName(
    _ ssl: OpaquePointer?, _ alert: UnsafeMutablePointer<Int32>?, _ argument: UnsafeMutableRawPointer?
) -> Int32 {
    unsafe ConnectionState.of(ssl)?.server?.serverName == nil ? SSL_TLSEXT_ERR_NOACK : SSL_TLSEXT_ERR_OK
}

/// OpenSSL's ALPN callback: the first of our protocols that the client offers, or the alert of RFC 7301 §3.2.
func selectProtocol(
    _ ssl: OpaquePointer?, _ selected: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    _ selectedLength: UnsafeMutablePointer<UInt8>?, _ offered: UnsafePointer<UInt8>?, _ offeredLength: UInt32,
    _ argument: UnsafeMutableRawPointer?
) -> Int32 {
    guard let state = unsafe ConnectionState.of(ssl), let server = state.server,
        let selected = unsafe selected, let selectedLength = unsafe selectedLength
    else { return SSL_TLSEXT_ERR_ALERT_FATAL }
    let ours = server.context.protocolNames
    guard !ours.isEmpty else { return SSL_TLSEXT_ERR_NOACK }
    let offers = unsafe UnsafeBufferPointer(start: offered, count: Int(offeredLength))
    for name in ours {
        var position = 0
        while position < offers.count {
            let length = unsafe Int(offers[position])
            let start = position + 1
            guard length > 0, start + length <= offers.count else { return SSL_TLSEXT_ERR_ALERT_FATAL }
            if unsafe offers[start..<(start + length)].elementsEqual(name) {
                // OpenSSL copies the name before the client's list goes away.
                unsafe selected.pointee = offers.baseAddress.map { unsafe $0 + start }
                unsafe selectedLength.pointee = UInt8(length)
                return SSL_TLSEXT_ERR_OK
            }
            position = start + length
        }
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL
}
