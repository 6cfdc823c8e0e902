internal import DER
internal import IGCSante
internal import TLS
internal import Trust

/// Decides who a connection's caller is: during the handshake, at its end, and again whenever more is known.
///
/// The verdict is made in two places only, both inside the handshake: `verify`, when a certificate is presented, and
/// `acceptTicket`, when a session is resumed; `Trust`'s admission runs in both.
final class CallerAdmission: TLSServerDelegate {
    /// What is known of the caller.
    private enum Standing {
        /// Nothing: it has shown no certificate.
        case unknown
        /// Its certificate passed; the handshake is not over.
        case verified(Caller)
        /// Its ticket passed; the handshake is not over, and may yet be a full one.
        case resumed(Caller)
        case admitted(Caller)
        /// It would pass, and its structure has as many connections as it may.
        case surplus(VerifiedPeer)
        case refused(RefusedCaller)
    }

    private let listener: Listener
    private unowned let worker: Worker
    private var standing = Standing.unknown
    private var hold: CountLimit.Hold?
    private var place: ConnectedStructures.Place?

    /// The certificate that the handshake showed, whose names the requests' hosts must be among.
    private(set) var certificate: ServerCertificate?

    init(listener: Listener, worker: Worker) {
        self.listener = listener
        self.worker = worker
    }

    /// Who calls, once admitted; nil without a certificate.
    var caller: Caller? {
        if case .admitted(let caller) = standing { caller } else { nil }
    }

    /// Why the caller does not pass.
    var refused: RefusedCaller? {
        if case .refused(let refused) = standing { refused } else { nil }
    }

    /// Who would have passed, but for the number of its structure's connections.
    var surplus: VerifiedPeer? {
        if case .surplus(let peer) = standing { peer } else { nil }
    }

    /// The connection is over: another of its structure's may take its place.
    func release() {
        hold?.end()
        hold = nil
        if let place { worker.structures.leave(place) }
        place = nil
    }

    /// Whether the caller's structure may have one more connection, as far as is known before the handshake is over.
    ///
    /// Nothing is taken yet: a certificate is public, and until its key is proved it may be shown by anybody.
    private func hasRoom(for peer: VerifiedPeer) -> Bool {
        listener.plan.connectionLimits.perStructure?.hasRoom(limitKey(of: peer)) ?? true
    }

    /// Whether the caller's structure may have one more connection; counted until `release`.
    private func takePlace(_ peer: VerifiedPeer) -> Bool {
        guard let limit = listener.plan.connectionLimits.perStructure else { return true }
        release()
        hold = limit.begin(limitKey(of: peer))
        return hold != nil
    }

    private func limitKey(of peer: VerifiedPeer) -> UInt64 {
        peer.structure.map { LimitKey.structure($0.raw) } ?? LimitKey.certificate(peer.thumbprint)
    }

    /// Begins with the listener's first certificate, which a name that is asked for may change.
    func begin(with certificate: ServerCertificate) {
        self.certificate = certificate
    }

    // MARK: The handshake's questions

    func verify(_ chain: borrowing PresentedChain) -> PeerVerification {
        guard let verifier = listener.verifier else { return .refuse(.internalError) }
        let digest = chain.leafDigest()
        // The closure is called at once or never, so the chain is still lent.
        let verdict = verifier.verify(leafDigest: digest, chain: { chain.certificates() }, now: worker.now)
        switch verdict {
        case .admitted(let peer, let identity):
            guard hasRoom(for: peer) else {
                standing = .surplus(peer)
                return .refuse(RefusalAlert.accessDenied.tlsAlert)
            }
            standing = .verified(Caller(peer: peer, identity: identity, judge: verifier))
            return .accept
        case .refused(let refusal, let certificate):
            standing = .refused(RefusedCaller(refusal: refusal, certificate: certificate))
            return listener.plan.refusesByHTTP ? .accept : .refuse(refusal.alert.tlsAlert)
        }
    }

    func ticketData(isResumed: Bool) -> [UInt8]? {
        guard let verifier = listener.verifier else { return nil }
        switch standing {
        case .verified(let caller) where !isResumed, .resumed(let caller) where isResumed:
            return verifier.ticketData(for: caller.peer)
        // A session that was offered and could not be resumed says nothing of who this is.
        case .verified, .resumed, .unknown, .refused, .surplus, .admitted:
            return nil
        }
    }

    func acceptTicket(_ data: Span<UInt8>, leaf: () -> [UInt8]?) -> Bool {
        guard let verifier = listener.verifier else { return false }
        switch verifier.resume(data, leaf: leaf, now: worker.now) {
        case .admitted(let peer, let identity):
            // Refused in the full handshake, with an alert that says so.
            guard hasRoom(for: peer) else { return false }
            standing = .resumed(Caller(peer: peer, identity: identity, judge: verifier))
            return true
        case .declined(let reason):
            worker.journal.ticketDeclined(reason)
            return false
        }
    }

    func selectContext(serverName: String?) -> TLSServerContext? {
        certificate = listener.plan.certificate(for: serverName)
        return certificate?.context
    }

    // MARK: What follows

    /// The handshake is over: says whether the connection may go on, with a caller, with none where none is needed, or
    /// with a refusal that HTTP will tell.
    func conclude(isResumed: Bool) -> Bool {
        switch standing {
        case .verified(let caller) where !isResumed: standing = .admitted(caller)
        case .resumed(let caller) where isResumed: standing = .admitted(caller)
        case .refused, .surplus: break
        case .unknown, .verified, .resumed, .admitted: standing = .unknown
        }
        let plan = listener.plan
        // A caller may pause between its certificate and the end of the handshake: what became known meanwhile counts.
        if let caller, let refusal = reconsider() {
            standing = .refused(
                RefusedCaller(refusal: refusal, certificate: RefusedCertificate(caller.peer.leaf)))
        }
        // Others may have taken the last place since the certificate was looked at.
        if let caller, !takePlace(caller.peer) { standing = .surplus(caller.peer) }
        switch standing {
        case .admitted(let caller):
            place = worker.structures.enter(caller.peer)
            return true
        case .refused: return plan.refusesByHTTP
        case .surplus: return false
        case .unknown, .verified, .resumed:
            guard plan.certificateMode == .required else { return true }
            // Fail closed: without `on_refusal: http` no road leads here, and if one did it would end here.
            guard plan.refusesByHTTP else { return false }
            standing = .refused(RefusedCaller(refusal: .certificateMissing, certificate: nil))
            return true
        }
    }

    /// Has the caller's headers and enrolment as they are to be now: a list may have changed since the last request.
    func refreshIdentity() {
        guard let caller, caller.identity.edition != caller.judge.edition else { return }
        let identity = caller.judge.rendering(of: caller.peer, now: worker.now)
        standing = .admitted(Caller(peer: caller.peer, identity: identity, judge: caller.judge))
    }

    /// Why the caller may not go on, now; nil when it may, as whom the verifier of this moment says.
    func reconsider() -> Refusal? {
        guard let caller else { return nil }
        guard let verifier = listener.verifier else {
            // Nobody is asked for a certificate any more, so nobody is anyone.
            standing = .unknown
            return nil
        }
        if verifier === caller.judge { return verifier.recheck(caller.peer, now: worker.now) }
        switch verifier.reverify(caller.peer, now: worker.now) {
        case .admitted(let peer, let identity):
            standing = .admitted(Caller(peer: peer, identity: identity, judge: verifier))
            return nil
        case .refused(let refusal, _):
            return refusal
        }
    }
}

extension RefusalAlert {
    /// The alert's number on the wire.
    var tlsAlert: TLSAlert {
        switch self {
        case .handshakeFailure: .handshakeFailure
        case .badCertificate: .badCertificate
        case .unsupportedCertificate: .unsupportedCertificate
        case .certificateRevoked: .certificateRevoked
        case .certificateExpired: .certificateExpired
        case .certificateUnknown: .certificateUnknown
        case .unknownCA: .unknownCA
        case .accessDenied: .accessDenied
        case .internalError: .internalError
        case .certificateRequired: .certificateRequired
        }
    }
}
