internal import Trust

/// An admitted caller as a connection holds it: who it is, and how an upstream is told.
struct Caller {
    /// Who it is: made by `Trust` and nobody else.
    let peer: VerifiedPeer
    /// Its identity headers, written once when it was verified.
    let identity: RenderedIdentity
    /// Who admitted it; a reload puts another in its place, which has to be asked then.
    let judge: ClientVerifier<RenderedIdentity>
}

/// A caller that was refused during the handshake, for the audit log.
struct RefusedCaller {
    let refusal: Refusal
    let certificate: RefusedCertificate?
}
