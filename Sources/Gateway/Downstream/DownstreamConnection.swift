internal import Crypto
internal import DER
internal import EventLoop
internal import IGCSante
internal import Observability
internal import TLS
internal import Trust
internal import X509

/// A caller's connection: its handshake, its admission, and the session that serves it.
///
/// The verdict on the caller is made in two places only, both inside the handshake: `verify`, when a certificate is
/// presented, and `acceptTicket`, when a session is resumed; `Admission` runs in both.
final class DownstreamConnection: Connection, TLSServerDelegate {
    /// The listener that accepted it.
    let listener: Listener
    /// Where the caller is: the peer of the socket, or whom a trusted proxy names in its place.
    private(set) var address: SocketAddress
    /// Names this connection in the logs.
    let number: UInt64
    /// The moment of the accept.
    let accepted: MonotonicTime

    /// What the handshake agreed on; nil before, and on a listener in the clear.
    private(set) var facts: HandshakeFacts?
    /// How long the handshake took.
    private(set) var handshakeDuration: Duration = .zero

    /// Who calls, once admitted; nil without a certificate.
    private(set) var caller: Caller?
    /// Why the caller does not pass, where `on_refusal: http` says so in HTTP.
    private(set) var refused: RefusedCaller?

    /// The certificate that the handshake showed, whose names the requests' hosts must be among.
    private(set) var certificate: ServerCertificate?

    private var verified: Caller?
    private var resumed: Caller?
    private var stage = Stage.handshaking
    private var session = DownstreamSession.none
    private var timer: Timer?
    private var expiry: Timer?
    private var stall: Timer?
    private var lingered = 0

    private enum Stage { case announced, handshaking, serving, lingering, over }

    init(descriptor: consuming Descriptor, address: SocketAddress, listener: Listener, worker: Worker) {
        self.listener = listener
        self.address = address
        number = worker.nextConnectionNumber()
        accepted = worker.loop.now
        super.init(worker: worker, transport: Transport(clear: descriptor))
        timer = Timer(loop: worker.loop, handler: self, token: TimerToken.deadline)
        expiry = Timer(loop: worker.loop, handler: self, token: TimerToken.expiry)
        stall = Timer(loop: worker.loop, handler: self, token: TimerToken.stall)
    }

    private enum TimerToken {
        static var deadline: Int { 0 }
        static var expiry: Int { 1 }
        static var stall: Int { 2 }
    }

    /// The part of the access log's lines that is the same for every exchange of the connection.
    private(set) lazy var accessConnection = makeAccessConnection()

    private func makeAccessConnection() -> AccessConnection {
        let identity = caller.map { caller in
            AccessIdentity(
                kind: caller.peer.kind?.rawValue, structure: caller.peer.structure?.raw,
                clientName: caller.peer.clientName, serial: caller.peer.serial.hex,
                thumbprint: caller.peer.thumbprint.hex)
        }
        let tls = facts.map { facts in
            AccessTLS(
                version: facts.version.description, cipher: facts.cipherSuite, isResumed: facts.isResumed,
                handshakeNanoseconds: handshakeDuration.wholeNanoseconds)
        }
        var text: [UInt8] = []
        address.append(to: &text)
        return AccessConnection(address: text.span, identity: identity, tls: tls, listener: listener.plan.name)
    }

    /// What is configured for the listener at this moment: a reload is seen by the next request.
    var plan: ListenerPlan { listener.plan }

    /// Whether the connection shall end when it can.
    var isDraining: Bool { worker.isDraining || mustEnd }

    /// Whether nothing more is to be made of what comes.
    var isEnding: Bool { stage == .lingering || stage == .over || isClosed }

    /// Whether something waits for the caller.
    var hasOutput: Bool { !output.isEmpty }

    private var mustEnd = false

    // MARK: Opening

    /// Begins with what a trusted proxy says first, or at once.
    func open() {
        if plan.trustsProxy(at: address) {
            stage = .announced
            timer?.schedule(after: Limits.proxyHeaderTimeout)
        } else {
            begin()
        }
        if !isClosed { start() }
    }

    /// Begins the handshake, or on a listener in the clear the session.
    private func begin() {
        do {
            if let certificate = plan.defaultCertificate {
                self.certificate = certificate
                transport.secure(
                    try TLSConnection(server: certificate.context, descriptor: transport.number, delegate: self))
                stage = .handshaking
                timer?.schedule(after: Limits.handshakeTimeout)
            } else {
                beginSession()
            }
        } catch {
            worker.journal.handshakeFailed(.tls(error), of: self)
            close()
        }
    }

    override func establish() -> Transport.Outcome {
        if stage == .announced {
            let outcome = readAnnouncement()
            guard case .moved = outcome else { return outcome }
            timer?.cancel()
            begin()
        }
        guard stage == .handshaking else { return .moved(0) }
        let outcome = transport.handshake()
        if case .moved = outcome { finishHandshake() }
        return outcome
    }

    private var announcement: [UInt8] = []

    /// Reads the PROXY header and not a byte of what follows it, which is for TLS to read.
    private func readAnnouncement() -> Transport.Outcome {
        let before = announcement.count
        switch transport.appendPeeked(to: &announcement, atMost: Limits.proxyHeader) {
        case .moved: break
        case let other: return other
        }
        do throws(ProxyHeader.Malformed) {
            let said = announcement
            let progress = try ProxyHeader.read(said.span)
            guard case .complete(let source, let length) = progress else {
                transport.skip(announcement.count - before)
                return .wantsRead
            }
            transport.skip(length - before)
            announcement = []
            if case .caller(let caller) = source { address = caller }
            return .moved(0)
        } catch {
            return .failed(.proxyHeader(error))
        }
    }

    private func finishHandshake() {
        facts = transport.facts
        handshakeDuration = worker.loop.now - accepted
        let isResumed = facts?.isResumed == true
        caller = isResumed ? resumed : verified
        // A caller may pause between its certificate and the end of the handshake: what became known meanwhile counts.
        if let caller, let refusal = reconsider(caller) {
            refused = RefusedCaller(refusal: refusal, certificate: RefusedCertificate(caller.peer.leaf))
            self.caller = nil
            guard plan.refusesByHTTP else {
                worker.journal.handshakeFailed(.endedEarly, of: self)
                close()
                return
            }
        }
        if caller == nil, refused == nil, plan.refusesByHTTP, plan.certificateMode == .required {
            refused = RefusedCaller(refusal: .certificateMissing, certificate: nil)
        }
        // Fail closed: no road leads here without a verdict, and if one did it would end here.
        guard caller != nil || refused != nil || plan.certificateMode != .required else {
            worker.journal.handshakeFailed(.endedEarly, of: self)
            close()
            return
        }
        worker.journal.handshakeSucceeded(of: self)
        beginSession()
        scheduleExpiry()
    }

    private func beginSession() {
        stage = .serving
        if facts == nil, plan.speaksHTTP2 {
            // In the clear the first bytes tell (RFC 9113 §3.3: prior knowledge).
            expectHead()
        } else if facts?.applicationProtocol == "h2" {
            session = .http2(MultiplexedSession(connection: self))
        } else {
            session = .http1(HTTP1Session(connection: self))
            expectHead()
        }
    }

    /// Tells the protocol by what came first; false as long as it can be either.
    private func chooseSession() -> Bool {
        let preface = Array("PRI * HTTP/2.0".utf8)
        let (isPreface, isWhole) = input.withBytes { bytes in
            let count = min(bytes.count, preface.count)
            for index in 0..<count where bytes[index] != preface[index] { return (false, true) }
            return (true, count == preface.count)
        }
        guard isWhole else { return false }
        session = isPreface ? .http2(MultiplexedSession(connection: self)) : .http1(HTTP1Session(connection: self))
        return true
    }

    // MARK: The connection's words

    override func received() {
        switch stage {
        case .serving:
            if case .none = session, !chooseSession() { return }
            session.receive()
        case .lingering: dropInput()
        case .announced, .handshaking, .over: break
        }
    }

    override func drained() {
        session.drained()
    }

    override func flushed(_ hasMoved: Bool) {
        // A caller that does not read must not hold an upstream's connection, or its own, for ever.
        if output.isEmpty {
            stall?.cancel()
        } else if hasMoved || stall?.deadline == nil {
            stall?.schedule(after: plan.bodyTimeout)
        }
    }

    override func inputEnded() {
        guard stage == .serving else {
            // A caller that ends its side at once still gets the answer that is on its way.
            if hasOutput { closeAfterFlush() } else { close() }
            return
        }
        switch session {
        case .none: close()
        case .http1(let session): session.inputEnded()
        case .http2(let session): session.inputEnded()
        }
    }

    override func failed(_ failure: TransportFailure) {
        if stage == .announced {
            worker.journal.handshakeFailed(failure, of: self)
            close()
            return
        }
        if stage == .handshaking {
            worker.journal.handshakeFailed(failure, of: self)
            // The alert has left; it must not be destroyed on its way by a reset. The caller learns that this is all, and
            // when it ends its side nothing keeps the descriptor.
            transport.forgetSession()
            transport.endOutput()
            resumeInput()
            linger()
            return
        }
        session.cancel()
        abort()
    }

    override func closed() {
        stage = .over
        timer = nil
        expiry = nil
        stall = nil
        session.cancel()
        listener.connectionClosed()
    }

    // MARK: Ending

    /// Ends the connection so that what was sent is read: our side ends, the caller's is read and dropped for a while.
    func closeInGoodOrder() {
        guard stage != .lingering else { return }
        endOutputAfterFlush()
        linger()
    }

    private func linger() {
        stage = .lingering
        timer?.schedule(after: Limits.lingerTimeout)
        resumeReading()
    }

    private func dropInput() {
        lingered += input.count
        input.removeAll()
        if lingered > Limits.lingerBytes { close() }
    }

    /// Ends the connection without the word that would make a cut answer look whole.
    func abort() {
        transport.cut()
        close()
    }

    /// Ends the connection at once, with whatever is in hand.
    func cancel() {
        session.cancel()
        abort()
    }

    /// Lets the request in hand end, and closes then.
    func finish() {
        mustEnd = true
        switch session {
        case .none: if stage == .serving { closeAfterFlush() }
        case .http1(let session): session.finish()
        case .http2(let session): session.finish()
        }
    }

    override func fillOutput() -> Bool {
        stage == .serving && session.fillOutput()
    }

    // MARK: Deadlines

    /// Has the session's `timedOut` called then, instead of whenever it was to be called.
    func schedule(after duration: Duration) {
        timer?.schedule(after: duration)
    }

    /// Has the session's `timedOut` called then, instead of whenever it was to be called.
    func schedule(at deadline: MonotonicTime) {
        timer?.schedule(at: deadline)
    }

    /// The first byte of a head is there, or the first request is awaited.
    func expectHead() {
        guard !isAwaitingHead else { return }
        isAwaitingHead = true
        timer?.schedule(after: plan.headerTimeout)
    }

    /// Nothing is asked at present.
    func expectRequest() {
        isAwaitingHead = false
        timer?.schedule(after: plan.keepaliveTimeout)
    }

    /// A body is coming, or the response is awaited, whose deadlines are the upstream's.
    func expectBody(_ isComing: Bool) {
        isAwaitingHead = false
        if isComing {
            timer?.schedule(after: plan.bodyTimeout)
        } else {
            timer?.cancel()
        }
    }

    private var isAwaitingHead = false

    override func timerFired(_ token: Int) {
        switch token {
        case TimerToken.expiry: recheck()
        case TimerToken.stall: cancel()
        default: deadlinePassed()
        }
    }

    private func deadlinePassed() {
        switch stage {
        case .announced, .handshaking:
            worker.journal.handshakeFailed(.timedOut, of: self)
            close()
        case .lingering:
            close()
        case .serving:
            if case .none = session { close() }
            session.timedOut()
        case .over:
            break
        }
    }
}

// MARK: - The verdict

extension DownstreamConnection {
    func verify(_ chain: borrowing PresentedChain) -> PeerVerification {
        guard let verifier = listener.verifier else { return .refuse(.internalError) }
        let digest = chain.leafDigest()
        let now = worker.now
        // The closure is called at once or never, so the chain is still lent.
        let verdict = verifier.verify(leafDigest: digest, chain: { chain.certificates() }, now: now)
        switch verdict {
        case .admitted(let peer, let identity):
            verified = Caller(peer: peer, identity: identity, judge: verifier)
            return .accept
        case .refused(let refusal, let certificate):
            refused = RefusedCaller(refusal: refusal, certificate: certificate)
            return plan.refusesByHTTP ? .accept : .refuse(refusal.alert.tlsAlert)
        }
    }

    func ticketData() -> [UInt8]? {
        guard let caller = verified ?? resumed, let verifier = listener.verifier else { return nil }
        return verifier.ticketData(for: caller.peer)
    }

    func acceptTicket(_ data: Span<UInt8>, leaf: () -> [UInt8]?) -> Bool {
        guard let verifier = listener.verifier else { return false }
        switch verifier.resume(data, leaf: leaf, now: worker.now) {
        case .admitted(let peer, let identity):
            resumed = Caller(peer: peer, identity: identity, judge: verifier)
            return true
        case .declined(let reason):
            worker.journal.ticketDeclined(reason)
            return false
        }
    }

    func selectContext(serverName: String?) -> TLSServerContext? {
        certificate = plan.certificate(for: serverName)
        return certificate?.context
    }

    /// Looks again whether the caller may go on: when CRLs change, when trust changes, when a certificate expires.
    func recheck() {
        guard let caller, !isClosed else { return }
        if let refusal = reconsider(caller) {
            cut(because: refusal)
        } else {
            scheduleExpiry()
        }
    }

    /// Why the caller may not go on, now; nil when it may, as whom the verifier of this moment says.
    private func reconsider(_ caller: Caller) -> Refusal? {
        guard let verifier = listener.verifier else {
            // Nobody is asked for a certificate any more, so nobody is anyone.
            self.caller = nil
            return nil
        }
        if verifier === caller.judge { return verifier.recheck(caller.peer, now: worker.now) }
        switch verifier.reverify(caller.peer, now: worker.now) {
        case .admitted(let peer, let identity):
            self.caller = Caller(peer: peer, identity: identity, judge: verifier)
            return nil
        case .refused(let refusal, _):
            return refusal
        }
    }

    /// Ends an open connection whose caller may not go on.
    private func cut(because refusal: Refusal) {
        let isExpiry: Bool
        if case .expired = refusal { isExpiry = true } else { isExpiry = false }
        worker.journal.connectionCut(self, because: refusal)
        let cutsNow = isExpiry ? plan.cutsOnExpiry : plan.cutsOnRevocation
        if cutsNow {
            session.cancel()
            abort()
        } else {
            mustEnd = true
            switch session {
            case .none: closeAfterFlush()
            case .http1(let session): session.beginNoMore()
            case .http2(let session): session.beginNoMore()
            }
        }
    }

    private func scheduleExpiry() {
        guard let caller else { return }
        let left = caller.peer.earliestNotAfter.seconds(since: worker.now)
        // A wall clock may be set: look again within a day, whatever it says.
        expiry?.schedule(after: .seconds(min(max(left + 1, 1), 86_400)))
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
