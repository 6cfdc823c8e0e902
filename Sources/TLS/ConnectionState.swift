internal import COpenSSL

/// What OpenSSL's callbacks need to know of the connection they are called for.
///
/// Found through the `SSL`'s ex_data. Belongs to one ``TLSConnection``, on one thread at a time.
final class ConnectionState {
    /// A server's part.
    struct Server {
        /// Owns the connection, and so outlives it.
        unowned let delegate: any TLSServerDelegate
        /// Where the connection finds its algorithms, whatever context is chosen later.
        let library: OpenSSLLibrary
        /// The context whose certificate is shown, kept alive.
        var context: TLSServerContext
        /// The name the client asked for.
        var serverName: String?
        /// Whether a ClientHello has been seen; a second one follows a HelloRetryRequest.
        var wasGreeted = false
        /// The remembered session that the client offered last.
        var offered: SessionIdentifier?
    }

    var server: Server?
    /// The fatal alert that the peer was told.
    var alertSent: TLSAlert?
    /// Where bytes come from and go to.
    let descriptor: Int32
    /// Whether another record follows at once the one that is being written.
    var hasMoreToSend = false

    /// Sessions that the client may still offer before none is looked for.
    private var sessionsLeft = Limits.offeredSessions

    /// Counts a session that the client offers: each costs a look, and deciding about its caller.
    func mayLookForSession() -> Bool {
        sessionsLeft -= 1
        return sessionsLeft >= 0
    }

    init(server: Server?, descriptor: Int32) {
        self.server = server
        self.descriptor = descriptor
    }

    private static let index = poterne_SSL_get_ex_new_index()

    /// Makes the callbacks of a connection find this object, which they do not retain.
    @unsafe
    func attach(to ssl: OpaquePointer) -> Bool {
        unsafe SSL_set_ex_data(ssl, Self.index, Unmanaged.passUnretained(self).toOpaque()) == 1
    }

    /// The state of the connection a callback is called for.
    @unsafe
    static func of(_ ssl: OpaquePointer?) -> ConnectionState? {
        guard let ssl = unsafe ssl, let pointer = unsafe SSL_get_ex_data(ssl, index) else { return nil }
        return unsafe Unmanaged<ConnectionState>.fromOpaque(pointer).takeUnretainedValue()
    }
}

/// OpenSSL's information callback: remembers the fatal alert that is sent.
func recordAlert(_ ssl: OpaquePointer?, _ moment: Int32, _ value: Int32) {
    // The level in the high byte, the description in the low one.
    guard moment & SSL_CB_ALERT != 0, moment & SSL_CB_WRITE != 0, value >> 8 == SSL3_AL_FATAL,
        let state = unsafe ConnectionState.of(ssl)
    else { return }
    state.alertSent = TLSAlert(rawValue: UInt8(truncatingIfNeeded: value))
}
