/// What a server's connection asks its owner in the middle of a handshake.
///
/// All of it runs inside ``TLSConnection/handshake()``, on the thread that called it, and must answer at once from
/// memory. The connection itself may not be touched meanwhile: it is being mutated.
public protocol TLSServerDelegate: AnyObject {
    /// Says whether the certificates that the client presented are good enough.
    ///
    /// Not called when a session is resumed: whoever must re-check then does it in ``acceptTicket(_:)`` and after the
    /// handshake.
    func verify(_ chain: borrowing PresentedChain) -> PeerVerification

    /// What a ticket that is being issued remembers, or nothing to make the ticket worthless.
    ///
    /// TLS 1.3 issues a fresh ticket at each resumption: data that has a deadline must carry it along, since the
    /// ticket's own lifetime begins anew.
    /// - Parameter isResumed: whether this handshake resumes a session, which alone makes the answer of
    ///   ``acceptTicket(_:leaf:)`` count: whoever offers a session that it has no key of, or that does not fit what else
    ///   it offers, is asked about too, and makes a full handshake.
    /// - Returns: nothing for who is nobody, or may not come back.
    func ticketData(isResumed: Bool) -> [UInt8]?

    /// Whether a ticket may resume its session.
    ///
    /// Asked again about the same ticket if the client had to send its ClientHello again (RFC 8446 §4.1.4).
    /// - Parameters:
    ///   - data: what ``ticketData()`` answered when the ticket was issued, by any node that shares the keys.
    ///   - leaf: the DER of the client's certificate in the session, copied when asked for. What the data says of the
    ///     client must be true of it.
    /// - Returns: false for a full handshake.
    func acceptTicket(_ data: Span<UInt8>, leaf: () -> [UInt8]?) -> Bool

    /// Chooses the context for the name that the client asks for, before anything of its sessions is looked at.
    /// - Parameter serverName: in lowercase; nothing if the client named none.
    /// - Returns: nothing to keep the context the connection was made with.
    func selectContext(serverName: String?) -> TLSServerContext?
}

/// The outcome of looking at a peer's certificates.
public enum PeerVerification: Hashable, Sendable {
    /// They are good enough.
    case accept
    /// They are not. What the peer is told is ``TLSAlert/asSentOnRefusal``.
    case refuse(TLSAlert)
}
