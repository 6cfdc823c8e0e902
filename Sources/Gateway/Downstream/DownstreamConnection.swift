internal import DER
internal import EventLoop
internal import Observability
internal import TLS
internal import Trust
internal import X509

/// A caller's connection: its handshake, its admission, and the session that serves it.
///
/// Who the caller is, and whether it may go on, is for its `CallerAdmission` to say.
final class DownstreamConnection: Connection {
    /// The listener that accepted it.
    let listener: Listener
    /// Where the caller is: the peer of the socket, or whom a trusted proxy names in its place.
    private(set) var address: SocketAddress
    /// What fields of forwarded requests say of it.
    var origin: RenderedOrigin {
        if let keptOrigin { return keptOrigin }
        let origin = RenderedOrigin(address: address, isSecure: isSecure)
        keptOrigin = origin
        return origin
    }

    private var keptOrigin: RenderedOrigin?
    /// Names this connection in the logs.
    let number: UInt64
    /// The moment of the accept.
    let accepted: MonotonicTime

    /// What the handshake agreed on; nil before, and on a listener in the clear.
    private(set) var facts: HandshakeFacts?
    /// Whether there are facts: a look at them copies them.
    private(set) var isSecure = false
    /// How long the handshake took.
    private(set) var handshakeDuration: Duration = .zero

    private let admission: CallerAdmission
    private var announcement = ProxyAnnouncement()
    private var stage = Stage.handshaking
    private var session = DownstreamSession.none
    /// By when it has to get on; nil once it is closed.
    var deadlines: CallerDeadlines?
    private var reader: SlowReaderWatch?
    private var lingered = 0
    private var limitKeys = LimitKeys()
    private var addressHold: CountLimit.Hold?

    private enum Stage { case announced, handshaking, serving, lingering, over }

    init(descriptor: consuming Descriptor, address: SocketAddress, listener: Listener, worker: Worker) {
        self.listener = listener
        self.address = address
        number = worker.nextConnectionNumber()
        accepted = worker.loop.now
        admission = CallerAdmission(listener: listener, worker: worker)
        super.init(worker: worker, transport: Transport(clear: descriptor))
        deadlines = CallerDeadlines(loop: worker.loop, handler: self)
        reader = makeReader()
    }

    private func makeReader() -> SlowReaderWatch {
        SlowReaderWatch(timer: Timer(loop: worker.loop, handler: self, token: CallerDeadlines.Token.stall.rawValue))
    }

    /// Who calls, once admitted; nil without a certificate.
    var caller: Caller? { admission.caller }

    /// The access token that was brought last.
    var rememberedToken = RememberedToken()
    /// Why the caller does not pass, where `on_refusal: http` says so in HTTP.
    var refused: RefusedCaller? { admission.refused }
    /// What its caller is told of the end of its certificate; empty while that is far, or where nobody is told.
    private(set) var expiryNotice: [UInt8] = []
    /// What was signed for upstreams about the caller, to be used again.
    var signedIdentities = SignedIdentities()

    /// The certificate that the handshake showed, whose names the requests' hosts must be among.
    var certificate: ServerCertificate? { admission.certificate }

    /// A caller that would pass, whose structure has as many connections as it may.
    var surplus: VerifiedPeer? { admission.surplus }

    /// Whether buffers are, or will soon be, full of what this caller asked for.
    var holdsMemory: Bool { !input.isEmpty || !output.isEmpty || session.isBusy }

    /// The part of the access log's lines that is the same for every exchange of the connection.
    private(set) lazy var accessConnection = AccessConnection(of: self)

    /// The name by which limits count what the caller does.
    func limitKey(of subject: LimitSubject) -> UInt64 {
        limitKeys.key(of: subject, for: self)
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
            deadlines?.expect(within: Limits.proxyHeaderTimeout)
        } else {
            guard takePlace() else { return }
            begin()
        }
        if !isClosed { start() }
    }

    /// Whether the caller's address may have one more connection; ends this one if not.
    private func takePlace() -> Bool {
        guard let limit = plan.connectionLimits.perAddress else { return true }
        addressHold = limit.begin(LimitKey.address(address))
        if addressHold != nil { return true }
        worker.journal.limitReached("too_many_connections_of_address", on: self)
        close()
        return false
    }

    /// Begins the handshake, or on a listener in the clear the session.
    private func begin() {
        do {
            if let certificate = plan.defaultCertificate {
                admission.begin(with: certificate)
                transport.secure(
                    try TLSConnection(server: certificate.context, descriptor: transport.number, delegate: admission))
                stage = .handshaking
                deadlines?.expect(within: plan.handshakeTimeout)
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
            let outcome = announcement.read(from: &transport)
            guard case .moved = outcome else { return outcome }
            if let caller = announcement.caller { address = caller }
            deadlines?.expectNothing()
            guard takePlace() else { return .moved(0) }
            begin()
        }
        guard stage == .handshaking else { return .moved(0) }
        let outcome = transport.handshake()
        if case .moved = outcome { finishHandshake() }
        return outcome
    }

    private func finishHandshake() {
        facts = transport.facts
        isSecure = facts != nil
        handshakeDuration = worker.loop.now - accepted
        guard admission.conclude(isResumed: facts?.isResumed == true) else {
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

    // MARK: The connection's words

    override func received() {
        switch stage {
        case .serving:
            if case .none = session { session = DownstreamSession(toldByInputOf: self) }
            session.receive()
        case .lingering: dropInput()
        case .announced, .handshaking, .over: break
        }
    }

    override func drained() {
        session.drained()
    }

    override func rest() {
        guard case .http1(let session) = session, session.rests() else { return }
        keptOrigin = nil
        reader = nil
    }

    override func flushed(_ moved: Int) {
        if reader == nil, !output.isEmpty { reader = makeReader() }
        let isSlow = reader?.flushed(moved, isAllGone: output.isEmpty, at: worker.loop.now, of: plan)
        if isSlow == true { cutSlowReader() }
    }

    /// A response begins: a caller that took the last one whole is not held to how it did.
    func beginResponse() {
        if reader == nil { reader = makeReader() }
        if output.isEmpty { reader?.forget() }
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
        deadlines = nil
        reader = nil
        addressHold?.end()
        addressHold = nil
        admission.release()
        session.cancel()
        worker.callerGone(self)
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
        deadlines?.expect(within: Limits.lingerTimeout)
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

    /// The caller takes what waits for it too slowly, or not at all.
    private func cutSlowReader() {
        session.note(refusal: "too_slow")
        worker.journal.limitReached("too_slow", on: self)
        cancel()
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

    /// Lets the caller ask once more: another process serves whoever connects anew.
    func finishAfterNext() {
        switch session {
        // Its next answer says `Connection: close`, since the worker drains; a handshake goes on.
        case .none, .http1: break
        // GOAWAY of RFC 9113 §6.8 leaves time for what is on its way.
        case .http2(let session): session.finish()
        }
    }

    override func fillOutput() -> Bool {
        stage == .serving && session.fillOutput()
    }

    // MARK: Deadlines

    override func timerFired(_ token: Int) {
        switch CallerDeadlines.Token(rawValue: token) {
        case .deadline: deadlinePassed()
        case .expiry: recheck()
        case .stall: cutSlowReader()
        case nil: break
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

// MARK: - When more is known

extension DownstreamConnection {
    /// Has the caller's headers and enrolment as they are to be now.
    func refreshIdentity() { admission.refreshIdentity() }

    /// Looks again whether the caller may go on: when CRLs change, when trust changes, when a certificate expires.
    func recheck() {
        guard caller != nil, !isClosed else { return }
        if let refusal = admission.reconsider() {
            cut(because: refusal)
        } else {
            scheduleExpiry()
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
        let expiries = worker.epoch.expiries
        if expiries.header != nil {
            // With the timer's daily look, and with each reload, it is seen when the end has come near.
            expiryNotice = ExpiryHeader.value(
                notAfter: caller.peer.leaf.notAfter, at: worker.now, threshold: expiries.threshold)
        } else if !expiryNotice.isEmpty {
            expiryNotice = []
        }
        deadlines?.watchExpiry(secondsLeft: caller.peer.earliestNotAfter.seconds(since: worker.now))
    }
}
