internal import Crypto
public import DER

/// What came of a ticket.
public enum Resumption<Rendering: PeerRendering> {
    /// The session may be resumed, by this peer.
    case admitted(VerifiedPeer, Rendering)
    /// It may not; a full handshake follows, and refuses with the right alert whom it must.
    case declined(TicketRefusal)
}

extension Resumption: Sendable where Rendering: Sendable {}

/// Why a ticket is not taken.
public enum TicketRefusal: Error, Hashable, Sendable {
    /// It is none that this program wrote.
    case malformed
    /// It was issued by another listener, or under another trust.
    case otherBinding
    /// The path has expired since.
    case expired
    /// The session does not hold the certificate of the caller that it names.
    case unknownPeer
    /// The caller would be refused now.
    case refused(Refusal)

    /// A stable name, for counters.
    public var code: String {
        switch self {
        case .malformed: "malformed"
        case .otherBinding: "other_binding"
        case .expired: "expired"
        case .unknownPeer: "unknown_peer"
        case .refused(let refusal): refusal.code
        }
    }
}

/// Admission without a full handshake: OpenSSL skips its verification when a session is resumed, so it is taken here.
extension ClientVerifier {
    /// What to put into a ticket for a peer.
    public func ticketData(for peer: VerifiedPeer) -> [UInt8] {
        TicketData(binding: binding, thumbprint: peer.thumbprint, notAfter: peer.earliestNotAfter).encoded
    }

    /// Decides about a caller that presents a ticket, as `verify` would.
    ///
    /// - Parameters:
    ///   - data: what the ticket holds.
    ///   - leaf: the caller's certificate in the session, which has to be the one that the ticket names: what a ticket
    ///     says is not believed without it. Verified from the start, with the pinned CAs alone, when it is not known.
    ///   - now: the moment it is.
    /// - Returns: the peer, or why the ticket is not taken.
    public func resume(
        _ data: Span<UInt8>, leaf: () -> [UInt8]?, now: Timestamp
    ) -> Resumption<Rendering> {
        guard let ticket = TicketData(data) else { return .declined(.malformed) }
        guard ticket.binding == binding else { return .declined(.otherBinding) }
        guard now <= ticket.notAfter else { return .declined(.expired) }
        guard let leaf = leaf(), SHA256.digest(of: leaf.span) == ticket.thumbprint else {
            return .declined(.unknownPeer)
        }
        switch verify(leafDigest: ticket.thumbprint, chain: { [leaf] }, now: now) {
        case .admitted(let peer, let rendering): return .admitted(peer, rendering)
        case .refused(let refusal, _): return .declined(.refused(refusal))
        }
    }
}
