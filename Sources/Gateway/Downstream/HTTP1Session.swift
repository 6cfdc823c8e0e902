internal import EventLoop
internal import HTTP
internal import HTTP1

/// The server's side of HTTP/1.1 on one connection: requests are read one after the other, and answered in order.
///
/// Turns bytes into what `Exchange` understands and back. Pipelined requests wait in the connection's input until the
/// exchange before them is over, so order needs no queue.
final class HTTP1Session {
    unowned let connection: DownstreamConnection
    private var phase = Phase.head
    private var position = ParsePosition()
    private var requests = 0
    private var keepsAlive = true
    private var responseCoding = ResponseCoding.none
    private var drained: UInt64 = 0
    private var pace = PaceWatch()

    /// The exchange of this connection, used again for each request until there is none for a while.
    var exchange: Exchange {
        if let keptExchange { return keptExchange }
        let exchange = Exchange(caller: DownstreamStream(self), worker: connection.worker)
        keptExchange = exchange
        return exchange
    }

    private var keptExchange: Exchange?
    private var requestsAtRest = -1

    /// What the next bytes of the input are.
    private enum Phase {
        /// A request's head, or nothing yet.
        case head
        /// A request's body.
        case body(BodyDecoder)
        /// The next request, that has to wait for the response to this one.
        case response
        /// Another protocol's.
        case tunnel(Tunnel)
        /// Nobody's: the connection is being closed.
        case refuse
    }

    /// How the response's body is written.
    private enum ResponseCoding { case none, asItIs, chunked }

    init(connection: DownstreamConnection) {
        self.connection = connection
    }

    /// Whether no request is in hand, so that the connection can be closed without loss.
    var isIdle: Bool {
        guard case .head = phase else { return false }
        return connection.input.isEmpty && !connection.hasOutput
    }

    /// Whether a request is in hand.
    var isBusy: Bool { keptExchange?.isRunning ?? false }

    /// Lets go of the exchange's memory if no request has come since the last call, since idle connections are many; says
    /// whether it did.
    func rests() -> Bool {
        guard isIdle, keptExchange != nil, requestsAtRest == requests else {
            requestsAtRest = requests
            return false
        }
        keptExchange = nil
        return true
    }

    /// Takes what is in the connection's input as far as it goes.
    func receive() {
        let connection = connection
        while !connection.isEnding {
            switch phase {
            case .head:
                guard readHead() else { return }
            case .body(var decoder):
                guard readBody(&decoder) else { return }
            case .response:
                // One head may wait; more would let a caller fill the memory with requests.
                if connection.input.count >= connection.plan.headLimits.head { connection.pauseReading() }
                return
            case .tunnel(let tunnel):
                tunnel.relayDownstream()
                return
            case .refuse:
                connection.input.removeAll()
                return
            }
        }
    }

    /// The caller has ended its side: what is complete is still answered.
    func inputEnded() {
        switch phase {
        case .head, .refuse:
            connection.closeAfterFlush()
        case .body:
            exchange.abandon()
            connection.abort()
        case .response:
            // A half-closed peer may still read its answer (RFC 9112 §9.6).
            keepsAlive = false
        case .tunnel(let tunnel):
            tunnel.downstreamEnded()
        }
    }

    /// The connection is lost, or must end now.
    func cancel() {
        phase = .refuse
        keptExchange?.abandon()
    }

    /// Lets the exchange in hand end, and closes then; at once if there is none.
    func finish() {
        keepsAlive = false
        if endTunnel() { return }
        if isIdle { connection.closeAfterFlush() }
    }

    /// Begins no other exchange, of a request that is half there neither; the one in hand ends, and the connection with it.
    func beginNoMore() {
        keepsAlive = false
        if endTunnel() { return }
        guard case .head = phase else { return }
        phase = .refuse
        connection.closeInGoodOrder()
    }

    /// A tunnel has no end of its own that could be waited for; false if there is none.
    private func endTunnel() -> Bool {
        guard case .tunnel(let tunnel) = phase else { return false }
        tunnel.end()
        return true
    }

    /// The deadline of the present phase has passed.
    func timedOut() {
        switch phase {
        case .head where connection.input.isEmpty:
            connection.closeAfterFlush()
        case .head:
            exchange.request.reset()
            phase = .response
            exchange.refuseUnread(.requestTimeout)
        case .body where exchange.isRunning:
            exchange.refuse(.requestTimeout)
        case .body:
            // It was answered early, and what is left of it does not come.
            close()
        case .tunnel:
            break
        case .response, .refuse:
            connection.abort()
        }
    }
}

// MARK: - Requests

extension HTTP1Session {
    /// Reads a head; false when more bytes are needed first.
    private func readHead() -> Bool {
        // Each look at an unowned reference counts atomically.
        let connection = connection
        let exchange = exchange
        guard !connection.input.isEmpty else { return false }
        do throws(MessageError) {
            let limits = connection.plan.headLimits
            let progress = try connection.input.withBytes { bytes throws(MessageError) in
                try parseRequestHead(bytes, resume: &position, limits: limits, into: &exchange.request)
            }
            guard case .complete(let consumed) = progress else {
                connection.expectHead()
                return false
            }
            connection.input.consume(consumed)
        } catch {
            refuseHead(error)
            return false
        }
        requests += 1
        drained = 0
        keepsAlive =
            exchange.request.keepsAlive && requests < connection.plan.maxRequestsPerConnection && !connection.isDraining
        let framing = exchange.request.framing
        phase = framing == .none ? .response : .body(connection.plan.bodyDecoder(for: framing))
        connection.expectBody(framing != .none)
        exchange.begin()
        if framing == .none { exchange.receiveEnd() }
        return true
    }

    /// A head that cannot be read is answered, and nothing after it is looked at.
    private func refuseHead(_ error: MessageError) {
        connection.input.removeAll()
        exchange.request.reset()
        phase = .response
        exchange.refuseUnread(.malformed(error))
        if case .head = phase { phase = .refuse }
    }

    /// Reads a piece of a body; false when more bytes, or room for them, are needed first.
    private func readBody(_ decoder: inout BodyDecoder) -> Bool {
        let connection = connection
        guard exchange.takesBody else {
            // Time in which the body waits for the upstream is not the caller's.
            pace.pause(at: connection.worker.loop.now)
            connection.expectBody(false)
            connection.pauseReading()
            return false
        }
        guard decoder.isFinished || !connection.input.isEmpty else { return false }
        do throws(MessageError) {
            let event = try connection.input.withBytes { bytes throws(MessageError) in
                let event = try decoder.decode(bytes, from: 0)
                if case .data(let range) = event { exchange.receiveBody(bytes.extracting(range)) }
                return event
            }
            return advance(past: event, with: decoder)
        } catch {
            connection.input.removeAll()
            phase = .refuse
            exchange.refuse(.malformed(error))
            return false
        }
    }

    private func advance(past event: BodyEvent, with decoder: BodyDecoder) -> Bool {
        // The body may have been refused while it was handed on.
        guard case .body = phase else { return true }
        switch event {
        case .data(let range):
            connection.input.consume(range.upperBound)
            phase = .body(decoder)
            guard keepsPace(range.count) else { return false }
            connection.expectBody(true)
            return exchange.isRunning || drain(range.count)
        case .needMore:
            connection.input.removeAll()
            phase = .body(decoder)
            return false
        case .end(let consumed):
            connection.input.consume(consumed)
            phase = .response
            pace.reset()
            connection.expectBody(false)
            exchange.requestTrailers = decoder.trailers
            exchange.receiveEnd()
            return true
        }
    }

    /// Whether the body comes as fast as it has to; ends the request if not.
    private func keepsPace(_ count: Int) -> Bool {
        guard !exchange.isConversation,
            !pace.take(count, at: connection.worker.loop.now, of: connection.plan.pace)
        else { return true }
        pace.reset()
        if exchange.isRunning { exchange.refuse(.tooSlow) } else { close() }
        return false
    }

    /// Drops what is left of a body that was answered early, so that the connection can go on; false when it is too much.
    private func drain(_ count: Int) -> Bool {
        drained += UInt64(count)
        guard drained > Limits.drainedBody else { return true }
        close()
        return false
    }

    /// The upstream is ready for more of the body.
    func resumeBody() {
        if case .body = phase { connection.expectBody(true) }
        connection.resumeReading()
    }
}

// MARK: - Responses

extension HTTP1Session {
    /// Ends the connection once the response is out.
    func closeAfterResponse() {
        keepsAlive = false
    }

    /// Writes the interim response that is in the exchange.
    func sendInformational() {
        let worker = connection.worker
        worker.scratch.removeAll(keepingCapacity: true)
        encodeResponseHead(exchange.response, framing: .none, connection: .persistent, into: &worker.scratch)
        connection.send(worker.scratch)
    }

    /// Writes the 101 that is in the exchange; what the caller says from now on, or has said already, is the tunnel's.
    func beginTunnel(_ tunnel: Tunnel) {
        let worker = connection.worker
        worker.scratch.removeAll(keepingCapacity: true)
        encodeResponseHead(exchange.response, framing: .none, connection: .upgrade, into: &worker.scratch)
        connection.send(worker.scratch)
        keepsAlive = false
        phase = .tunnel(tunnel)
        connection.expectBody(false)
        connection.resumeReading()
        connection.lookAgain()
        if connection.hasInputEnded { tunnel.downstreamEnded() }
    }

    /// Writes the head of the response that is in the exchange, and decides how its body will be written.
    func sendHead() {
        let connection = connection
        let exchange = exchange
        let isBodiless = exchange.request.method == .head || exchange.response.status.isAlwaysBodiless
        var framing = exchange.response.framing
        switch framing {
        case .none:
            responseCoding = .none
        case .length:
            responseCoding = isBodiless ? .none : .asItIs
        case .chunked, .untilClose:
            // RFC 9112 §6.1: no transfer coding for a client of HTTP/1.0; the close delimits.
            let isOld = exchange.request.version == .http10
            framing = isOld ? .untilClose : .chunked
            responseCoding = isBodiless ? .none : isOld ? .asItIs : .chunked
            if isOld { keepsAlive = false }
        }
        if !exchange.isRequestComplete, !mayDrainRequest { keepsAlive = false }
        if connection.isDraining { keepsAlive = false }
        connection.beginResponse()
        let worker = connection.worker
        worker.scratch.removeAll(keepingCapacity: true)
        encodeResponseHead(
            exchange.response, framing: framing, connection: keepsAlive ? persistence : .close, into: &worker.scratch)
        connection.send(worker.scratch)
    }

    /// A caller of HTTP/1.0 learns that its `keep-alive` was heard (RFC 9112 §9.3).
    private var persistence: ConnectionDirective {
        exchange.request.version == .http10 ? .keepAlive : .persistent
    }

    /// Whether the rest of a body whose request was answered early is small and surely coming.
    private var mayDrainRequest: Bool {
        guard exchange.request.expectation == .none else { return false }
        return switch exchange.request.framing {
        case .none: true
        case .length(let length): length <= Limits.drainedBody || exchange.hasOrigin
        case .chunked, .untilClose: exchange.hasOrigin
        }
    }

    func sendBody(_ bytes: Span<UInt8>) {
        switch responseCoding {
        case .none: break
        case .asItIs: connection.send(bytes)
        case .chunked: sendChunk(bytes)
        }
    }

    private func sendChunk(_ bytes: Span<UInt8>) {
        guard bytes.count > 0 else { return }
        let worker = connection.worker
        worker.scratch.removeAll(keepingCapacity: true)
        encodeChunkHeader(count: bytes.count, into: &worker.scratch)
        connection.send(worker.scratch)
        connection.send(bytes)
        worker.scratch.removeAll(keepingCapacity: true)
        encodeChunkEnd(into: &worker.scratch)
        connection.send(worker.scratch)
    }

    /// Writes what ends the body.
    func endResponse() {
        guard responseCoding == .chunked else { return }
        let worker = connection.worker
        worker.scratch.removeAll(keepingCapacity: true)
        encodeLastChunk(trailers: exchange.responseTrailers, into: &worker.scratch)
        connection.send(worker.scratch)
    }

    /// Cuts a response that cannot be completed, so that the caller does not take it for a whole one.
    func abortResponse() {
        phase = .refuse
        connection.abort()
    }

    /// The response is complete; the request may still be coming.
    func responseConcluded() {
        guard !exchange.isRequestComplete else { return }
        // What is left of the body was held back as long as an upstream was waited for.
        if keepsAlive { resumeBody() } else { close() }
    }

    /// Request and response are complete: on to the next request, or to the end.
    func exchangeFinished() {
        let connection = connection
        guard keepsAlive, !connection.hasInputEnded else {
            close()
            return
        }
        exchange.reset()
        phase = .head
        connection.expectRequest()
        connection.resumeReading()
        if !connection.input.isEmpty { connection.lookAgain() }
    }

    private func close() {
        phase = .refuse
        connection.closeInGoodOrder()
    }
}
