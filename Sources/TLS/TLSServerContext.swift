internal import COpenSSL

/// A server's side of TLS, ready to serve any number of connections on any thread.
///
/// Immutable. The corresponding C object is an `SSL_CTX`.
public final class TLSServerContext: Sendable {
    /// What the context was made of.
    public let settings: TLSServerSettings

    let handle: ContextHandle
    /// The application protocols, each before its own length.
    let protocolNames: [[UInt8]]

    /// Makes a context of settings.
    /// - Throws: which of the settings cannot be used.
    public init(_ settings: TLSServerSettings) throws(TLSError) {
        guard (1...Limits.sessionIDContext).contains(settings.sessionIDContext.count) else {
            throw .invalidSessionIDContext(bytes: settings.sessionIDContext.count)
        }
        let handle = unsafe try ContextHandle.make(
            TLS_server_method(), versions: settings.minimumVersion ... .tls13, profile: settings.profile,
            library: .serving)
        _ = try protocolNameList(settings.applicationProtocols)
        self.settings = settings
        self.handle = handle
        protocolNames = settings.applicationProtocols.map { Array($0.utf8) }

        let context = unsafe handle.pointer
        unsafe try settings.identity.install(in: context)
        unsafe SSL_CTX_set_options(context, options)
        unsafe SSL_CTX_set_verify(context, verifyMode, nil)
        unsafe SSL_CTX_set_cert_verify_callback(context, verifyClient, nil)
        unsafe try setAuthorityNames(of: context)
        guard
            unsafe SSL_CTX_set_session_id_context(
                context, settings.sessionIDContext, UInt32(settings.sessionIDContext.count)) == 1,
            unsafe SSL_CTX_set_num_tickets(context, numberOfTickets) == 1,
            unsafe SSL_CTX_set_tlsext_ticket_key_evp_cb(context, prepareTicketKey) == 1,
            unsafe SSL_CTX_set_session_ticket_cb(context, fillTicket, judgeTicket, nil) == 1,
            unsafe SSL_CTX_set_max_early_data(context, 0) == 1
        else { throw .library(function: "SSL_CTX_set_session_id_context", code: ErrorQueue.take()) }
        if settings.sessions != nil {
            unsafe poterne_SSL_CTX_set_session_cache_mode(
                context, Int(SSL_SESS_CACHE_SERVER | SSL_SESS_CACHE_NO_INTERNAL | SSL_SESS_CACHE_NO_AUTO_CLEAR))
            unsafe SSL_CTX_sess_set_new_cb(context, keepSession)
            unsafe SSL_CTX_sess_set_get_cb(context, findSession)
        }
        unsafe SSL_CTX_set_timeout(context, max(1, settings.ticketLifetime))
        unsafe SSL_CTX_set_client_hello_cb(context, selectContext, nil)
        unsafe poterne_SSL_CTX_set_tlsext_servername_callback(context, acknowledgeServerName)
        unsafe SSL_CTX_set_alpn_select_cb(context, selectProtocol, nil)
    }

    /// Takes a connection over from the context it was made with, before its ClientHello is processed.
    ///
    /// `SSL_set_SSL_CTX` brings certificate, suites, signature algorithms, list of authorities and callbacks; the rest
    /// was copied from the first context when the connection was made, and is set here one by one.
    @unsafe
    func takeOver(_ ssl: OpaquePointer) -> Bool {
        guard unsafe SSL_set_SSL_CTX(ssl, handle.pointer) != nil else { return false }
        unsafe SSL_set_verify(ssl, verifyMode, nil)
        unsafe SSL_clear_options(ssl, poterne_SSL_OP_NO_TICKET())
        unsafe SSL_set_options(ssl, options)
        return unsafe SSL_set_session_id_context(
            ssl, settings.sessionIDContext, UInt32(settings.sessionIDContext.count)) == 1
            && SSL_set_num_tickets(ssl, numberOfTickets) == 1
            && poterne_SSL_set_min_proto_version(ssl, settings.minimumVersion.number) == 1
            && poterne_SSL_set1_groups_list(ssl, settings.profile.algorithms.groups.joined(separator: ":")) == 1
    }

    private var verifyMode: Int32 {
        switch settings.clientCertificate {
        case .required: SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
        case .optional: SSL_VERIFY_PEER
        case .none: SSL_VERIFY_NONE
        }
    }

    private var options: UInt64 {
        poterne_SSL_OP_CIPHER_SERVER_PREFERENCE() | poterne_SSL_OP_PRIORITIZE_CHACHA()
            | (settings.tickets == nil ? poterne_SSL_OP_NO_TICKET() : 0)
    }

    /// Tickets of TLS 1.3 per handshake.
    ///
    /// One: a second costs as much again, and only browsers make use of it. None
    /// without keys, or OpenSSL would send names of sessions that nobody keeps.
    private var numberOfTickets: Int { settings.tickets == nil ? 0 : 1 }

    @unsafe
    private func setAuthorityNames(of context: OpaquePointer) throws(TLSError) {
        guard let stack = unsafe poterne_sk_X509_NAME_new() else {
            throw .library(function: "sk_X509_NAME_new", code: 0)
        }
        for (index, der) in settings.clientAuthorityNames.enumerated() {
            let name = unsafe der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
                var position = buffer.baseAddress
                let end = unsafe buffer.baseAddress.map { unsafe $0 + buffer.count }
                let name = unsafe d2i_X509_NAME(nil, &position, buffer.count)
                if unsafe position == end { return unsafe name }
                unsafe X509_NAME_free(name)
                return nil
            }
            guard let name = unsafe name, unsafe poterne_sk_X509_NAME_push(stack, name) > 0 else {
                unsafe X509_NAME_free(name)
                unsafe poterne_sk_X509_NAME_free(stack)
                ErrorQueue.clear()
                throw .invalidAuthorityName(index: index)
            }
        }
        // The context owns the stack from here on.
        unsafe SSL_CTX_set_client_CA_list(context, stack)
    }
}
