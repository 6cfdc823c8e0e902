internal import EventLoop
internal import HTTP
internal import Token

// What the caller is answered.

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
        trace?.answered(response.status)
        ResponseForwarding.apply(to: &response, along: route)
        response.fields.append(.xRequestID, value: record.requestID)
        tellStanding()
        if !downstream.expiryNotice.isEmpty {
            worker.epoch.expiries.header?.append(downstream.expiryNotice, to: &response.fields)
        }
        caller.sendHead()
    }

    /// The upstream has granted the upgrade that was asked for: its 101 is in `response`, and no more HTTP is spoken.
    func respondUpgrade(over connection: UpstreamConnection, patience: Interval) {
        responseState = .begun
        record.status = response.status.rawValue
        record.responseBegan = worker.loop.now
        trace?.answered(response.status)
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
    func respond(with answer: FixedResponse) {
        response.reset()
        response.status = answer.status
        for field in answer.fields { response.fields.append(name: field.name, value: field.value) }
        respondWhole(answer.body.span)
    }

    /// Sends the caller elsewhere.
    func respond(by redirect: Redirect, along route: Route) {
        let path = path
        guard let location = redirect.location(of: request, path: path.span, without: route.stripPrefix) else {
            refuse(.malformed(.missingHost))
            return
        }
        response.reset()
        response.status = redirect.status
        response.fields.append(name: "Location", value: location)
        respondWhole([UInt8]().span)
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
        worker.journal.count { $0.requestsRefused.record(refusal.code) }
        dropOrigin()
        if refusal.breaksFraming { caller.closeAfterResponse() }
        guard responseState == .awaited else {
            cutResponse()
            return
        }
        if refusal.isAudited { worker.journal.requestRefused(refusal, on: downstream, exchange: self) }
        if refusal.isLimit { worker.journal.count { $0.limited.record(refusal.code) } }
        let body = ProblemResponse.compose(
            refusal, for: record, explainedAt: downstream.plan.problemTypeBase, into: &response)
        respondWhole(body.span)
    }

    /// Wants no more of whoever makes the response.
    func dropOrigin() {
        endTry(because: "cancelled")
        origin.cancel(self)
        origin = .none
    }

    /// The response has begun and cannot be completed: the log's line is written, and the connection ends with it.
    func cutResponse() {
        tunnel = nil
        giveShareBack()
        responseState = .complete
        record.ended = worker.loop.now
        worker.journal.finish(self)
        caller.abortResponse()
    }

    /// The response is over: the log's line is written, and the connection goes on when the request is over too.
    func conclude() {
        tunnel = nil
        giveShareBack()
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

    /// Lets the caller's connection go on when both request and response are over.
    func finishIfOver() {
        guard responseState == .complete, requestState == .complete else { return }
        if case .upstream(let connection) = origin { connection.finish() }
        origin = .none
        caller.exchangeFinished()
    }
}
