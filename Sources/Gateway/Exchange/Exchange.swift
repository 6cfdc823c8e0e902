internal import EventLoop
internal import HTTP
internal import IGCSante
internal import Observability
internal import Trust

/// One request and its response, from the first byte of the head to the line in the access log.
///
/// Sits between a downstream session, which speaks the caller's protocol, and an origin: an upstream connection, or a
/// responder of the gateway's own. Knows the order of things and the back-pressure between the two; knows nothing of
/// bytes on a wire. Lives with its session and is used again for the next request.
final class Exchange {
    unowned let worker: Worker

    /// The request as it came, and from `forward` on as it goes out.
    var request = RequestHead()
    /// The response, as it came and as it goes out.
    var response = ResponseHead()
    /// The fields after the request's body.
    var requestTrailers = FieldSection()
    /// The fields after the response's body.
    var responseTrailers = FieldSection()

    /// What the access log will say.
    var record = ExchangeRecord.none

    /// The route that governs the request, once it is found.
    private(set) var route: Route?
    /// Who was admitted to it, in the renderings of the route's own configuration, whatever a reload brings meanwhile.
    private var identity: RenderedIdentity?

    /// The path after RFC 3986 normalisation.
    private(set) var path: [UInt8] = []
    private var isPathChanged = false
    /// Where the target as it was sent lies in the request's arena.
    private var sentTarget = 0..<0

    /// The servers that the request was sent to, or was to be; a retry goes to another.
    var tried: [UpstreamServerPlan] = []

    /// What the caller asks to speak instead of HTTP, if the upstream does.
    private(set) var upgrade: Upgrade?
    private var tunnel: Tunnel?

    private let caller: DownstreamStream
    private var origin = Origin.none
    private var requestState = RequestState.open
    private var responseState = ResponseState.idle
    private var attempts = 0
    private var informational = 0

    /// Who makes the response.
    private enum Origin {
        case none
        case waiting(UpstreamPool)
        case upstream(UpstreamStream)
        case local(any LocalResponder)
    }

    private enum RequestState { case open, complete }
    private enum ResponseState { case idle, awaited, begun, complete }

    init(caller: DownstreamStream, worker: Worker) {
        self.caller = caller
        self.worker = worker
    }

    /// The connection that the request came on.
    var downstream: DownstreamConnection { caller.connection }

    /// Whether the caller waits for an answer.
    var isRunning: Bool { responseState == .awaited || responseState == .begun }

    /// Whether the whole request has come.
    var isRequestComplete: Bool { requestState == .complete }

    /// Whether the response's head has gone out.
    var hasBegunResponse: Bool { responseState == .begun || responseState == .complete }

    /// Whether an upstream or a responder is at work on it.
    var hasOrigin: Bool {
        if case .none = origin { false } else { true }
    }

    /// From the end of the request to the response's head.
    var responseTimeout: Duration { route?.timeout ?? .seconds(60) }

    /// Has `writer` compose the access log's line.
    func writeAccessLine(_ line: AccessExchange, with writer: inout AccessLine) {
        let fields = request.fields
        let bytes = fields.arena.span
        var method: [UInt8] = []
        request.appendMethod(to: &method)
        let version: StaticString =
            request.version == .http10 ? "HTTP/1.0" : request.version == .http2 ? "HTTP/2" : "HTTP/1.1"
        writer.write(
            line, on: downstream.accessConnection, method: method.span, target: bytes.extracting(sentTarget),
            version: version, referer: bytes.extracting(fields.value(named: "Referer") ?? 0..<0),
            userAgent: bytes.extracting(fields.value(of: .userAgent) ?? 0..<0))
    }

    /// Writes the verified identity behind the fields of an encoded head, before the empty line that ends it.
    func appendIdentityLines(to head: inout [UInt8]) {
        guard let rendering = route?.identity, let identity else { return }
        head.removeLast(2)
        head.append(copying: identity.lines(of: rendering).span)
        head.append(0x0D)
        head.append(0x0A)
    }

    /// The verified identity as fields, for a head of HTTP/2; nil where the route passes none on.
    func identityFields() -> FieldSection? {
        guard let rendering = route?.identity, let identity else { return nil }
        return identity.fields(of: rendering)
    }

    /// Whether more of the request's body may be read now.
    var takesBody: Bool {
        switch origin {
        case .none, .waiting: responseState != .awaited
        case .upstream(let connection): connection.takesBody
        case .local: true
        }
    }

    /// Makes it ready for another request; keeps its memory.
    func reset() {
        request.reset()
        response.reset()
        requestTrailers.reset()
        responseTrailers.reset()
        record = .none
        route = nil
        identity = nil
        path.removeAll(keepingCapacity: true)
        sentTarget = 0..<0
        tried.removeAll(keepingCapacity: true)
        upgrade = nil
        origin = .none
        requestState = .open
        responseState = .idle
        attempts = 0
        informational = 0
    }
}

// MARK: - The request

extension Exchange {
    /// Takes up a request whose head is in `request`: finds its route, decides whether the caller may, and sends it on.
    func begin() {
        open()
        sentTarget = request.target
        do throws(ExchangeRefusal) {
            let route = try RequestAdmission.route(for: self)
            self.route = route
            identity = downstream.caller?.identity
            forward(along: route)
        } catch {
            refuse(error)
        }
    }

    /// Takes up a request that could not be read, only to refuse it; nothing more of it comes.
    func refuseUnread(_ refusal: ExchangeRefusal) {
        open()
        refuse(refusal)
        receiveEnd()
    }

    private func open() {
        record = worker.journal.beginRecord(of: request, on: downstream)
        responseState = .awaited
    }

    /// Keeps the normalised path, and whether it differs from the one that was sent.
    func setPath(_ normalised: [UInt8], isChanged: Bool) {
        path = normalised
        isPathChanged = isChanged
    }

    private func forward(along route: Route) {
        switch route.action {
        case .upstream(let plan):
            let origin = RequestForwarding.Origin(
                address: downstream.address, isSecure: downstream.facts != nil, requestID: record.requestID,
                traceparent: record.traceparent)
            // RFC 9113 §8.6: HTTP/2 has no upgrades.
            upgrade = plan.speaksHTTP2 ? nil : Upgrade(askedBy: request)
            downstream.plan.forwarding.apply(
                to: &request, from: origin, along: route, path: path, pathChanged: isPathChanged)
            if let upgrade { request.fields.append(.upgrade, value: upgrade.protocols) }
            acquire(from: worker.pool(for: plan))
        case .respond(let answer):
            respond(with: answer)
        case .local(let application):
            let responder = application.makeResponder()
            origin = .local(responder)
            responder.begin(self)
        }
    }

    private func acquire(from pool: UpstreamPool) {
        attempts += 1
        record.upstreamBegan = worker.loop.now
        origin = .waiting(pool)
        pool.acquire(for: self)
    }

    /// Takes a piece of the request's body.
    func receiveBody(_ bytes: Span<UInt8>) {
        record.bytesReceived &+= UInt64(bytes.count)
        if let limit = downstream.plan.maxBodySize, record.bytesReceived > limit {
            refuse(.bodyTooLarge)
            return
        }
        switch origin {
        case .none, .waiting: break
        case .upstream(let connection): connection.sendBody(bytes)
        case .local(let responder): responder.receiveBody(bytes)
        }
    }

    /// The request is whole; its trailers, if any, are in `requestTrailers`.
    func receiveEnd() {
        requestState = .complete
        switch origin {
        case .none, .waiting: break
        case .upstream(let connection): connection.endRequest()
        case .local(let responder): responder.receiveEnd()
        }
        finishIfOver()
    }

    /// The caller is gone, or has said something that is no body: nothing more comes and nothing more is heard.
    func abandon() {
        guard isRunning else { return }
        record.wasAbandoned = true
        dropOrigin()
        conclude()
    }

    /// What waited for the caller has left: its source may go on.
    func downstreamDrained() {
        switch origin {
        case .none, .waiting: break
        case .upstream(let connection): connection.resumeReading()
        case .local(let responder): responder.downstreamDrained()
        }
    }

    /// Whether the caller takes the response more slowly than its source makes it.
    var isDownstreamFull: Bool { caller.isOutputFull }
}

// MARK: - What an upstream says

extension Exchange {
    /// A connection is being opened for this exchange.
    func upstreamConnecting(_ connection: UpstreamConnection) {
        origin = .upstream(.http1(connection))
    }

    /// A connection is open and this exchange's own: the request goes out.
    func upstreamReady(_ upstream: UpstreamStream) {
        origin = .upstream(upstream)
        record.upstream = upstream.serverName
        upstream.sendHead()
        // A request that could not be sent has been refused, or waits for another connection.
        guard case .upstream = origin else { return }
        if requestState == .complete { upstream.endRequest() }
        caller.resumeBody()
    }

    /// The upstream takes more of the body again.
    func upstreamDrained() {
        caller.resumeBody()
    }

    /// The upstream gave no answer that can be passed on.
    func upstreamFailed(_ failure: UpstreamFailure) {
        guard isRunning else { return }
        if let pool = retryPool(after: failure) {
            acquire(from: pool)
            return
        }
        origin = .none
        if responseState == .awaited {
            refuse(.upstream(failure))
        } else {
            record.refusal = failure.code
            cutResponse()
        }
    }

    /// RFC 9110 §9.2.2: a request is sent again by itself only if that is known to be harmless.
    private func retryPool(after failure: UpstreamFailure) -> UpstreamPool? {
        guard responseState == .awaited, let reason = failure.retryReason, case .upstream(let plan)? = route?.action
        else { return nil }
        let pool = worker.pool(for: plan)
        if reason == .connectError, pool.hasAnotherAddress(for: self) {
            attempts -= 1
            return pool
        }
        // Where no connection was made, nothing of the body was taken from the caller yet.
        guard reason == .connectError || request.framing == .none, attempts <= plan.retries.attempts,
            plan.retries.permits(request, after: reason)
        else { return nil }
        return pool
    }

    /// What stands for the caller's structure when servers are chosen by it.
    var structureKey: UInt64? {
        downstream.caller?.peer.structure.map { stableHash($0.raw.utf8) }
    }
}

// MARK: - The response

extension Exchange {
    /// An interim response is in `response`: passed on, unless there are more than any upstream has reason to send.
    func respondInformational() throws(UpstreamFailure) {
        informational += 1
        guard informational <= Limits.informationalResponses else { throw .tooManyInformational }
        guard request.version > .http10 else { return }
        ResponseForwarding.apply(to: &response, along: route)
        caller.sendInformational()
    }

    /// The final response's head is in `response`: passed on.
    func respondHead() {
        responseState = .begun
        record.status = response.status.rawValue
        record.responseBegan = worker.loop.now
        ResponseForwarding.apply(to: &response, along: route)
        response.fields.append(.xRequestID, value: record.requestID)
        caller.sendHead()
    }

    /// The upstream has granted the upgrade that was asked for: its 101 is in `response`, and no more HTTP is spoken.
    func respondUpgrade(over connection: UpstreamConnection, patience: Duration) {
        responseState = .begun
        record.status = response.status.rawValue
        record.responseBegan = worker.loop.now
        let granted = response.fields.value(of: .upgrade).map { Array(response.fields.arena[$0]) } ?? []
        ResponseForwarding.apply(to: &response, along: route)
        response.fields.append(.upgrade, value: granted)
        response.fields.append(.xRequestID, value: record.requestID)
        let tunnel = Tunnel(of: self, to: connection, patience: patience)
        self.tunnel = tunnel
        connection.beginTunnel(tunnel)
        caller.beginTunnel(tunnel)
    }

    /// Both sides have said what they had to say.
    func tunnelEnded() {
        origin = .none
        caller.closeAfterResponse()
        conclude()
    }

    /// A piece of the response's body.
    func respondBody(_ bytes: Span<UInt8>) {
        guard responseState == .begun else { return }
        record.bytesSent &+= UInt64(bytes.count)
        caller.sendBody(bytes)
    }

    /// The response is whole; its trailers, if any, are in `trailers`.
    func respondEnd() {
        guard responseState == .begun else { return }
        caller.endResponse()
        conclude()
    }

    /// A fixed answer of the route's.
    private func respond(with answer: FixedResponse) {
        response.reset()
        response.status = answer.status
        for field in answer.fields { response.fields.append(name: field.name, value: field.value) }
        respondWhole(answer.body.span)
    }

    /// Answers with what is in `response` and `body`, in one piece.
    func respondWhole(_ body: Span<UInt8>) {
        response.framing = response.status.isAlwaysBodiless ? .none : .length(UInt64(body.count))
        respondHead()
        if request.method != .head, body.count > 0 { respondBody(body) }
        respondEnd()
    }

    /// Answers in the gateway's own name with a problem document (RFC 9457), or cuts what has begun.
    func refuse(_ refusal: ExchangeRefusal) {
        guard isRunning else { return }
        record.refusal = refusal.code
        dropOrigin()
        if refusal.breaksFraming { caller.closeAfterResponse() }
        guard responseState == .awaited else {
            cutResponse()
            return
        }
        if case .caller(let reason) = refusal { worker.journal.requestRefused(reason, on: downstream, exchange: self) }
        let body = ProblemResponse.compose(refusal, for: record, into: &response)
        respondWhole(body.span)
    }

    private func dropOrigin() {
        switch origin {
        case .none: break
        case .waiting(let pool): pool.cancel(self)
        case .upstream(let connection): connection.cancel()
        case .local(let responder): responder.cancel()
        }
        origin = .none
    }

    /// The response has begun and cannot be completed: the log's line is written, and the connection ends with it.
    private func cutResponse() {
        tunnel = nil
        responseState = .complete
        record.ended = worker.loop.now
        worker.journal.finish(self)
        caller.abortResponse()
    }

    /// The response is over: the log's line is written, and the connection goes on when the request is over too.
    private func conclude() {
        tunnel = nil
        responseState = .complete
        record.ended = worker.loop.now
        worker.journal.finish(self)
        if requestState == .open {
            // An early answer: what is left of the body is nobody's any more.
            if case .upstream(let connection) = origin { connection.cancel() }
            origin = .none
        }
        caller.responseConcluded()
        finishIfOver()
    }

    private func finishIfOver() {
        guard responseState == .complete, requestState == .complete else { return }
        if case .upstream(let connection) = origin { connection.finish() }
        origin = .none
        caller.exchangeFinished()
    }
}
