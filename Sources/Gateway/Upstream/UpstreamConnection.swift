internal import EventLoop
internal import HTTP
internal import HTTP1

/// A connection to one server of an upstream, that speaks HTTP/1.1 and serves one exchange at a time.
final class UpstreamConnection: OutgoingConnection {
    let server: UpstreamServer
    /// Held, since a reload lets go of a pool whose connections are still at work.
    private let pool: UpstreamPool
    private var exchange: Exchange?
    private var phase = Phase.connecting
    private var position = ParsePosition()
    private var decoder: BodyDecoder
    private var requestCoding = RequestCoding.none
    private var isRequestSent = false
    private var keepsAlive = true

    private enum Phase {
        /// The socket or TLS is not up.
        case connecting
        /// Up, with nothing to do.
        case idle
        /// The request is going out; the head of a response is awaited.
        case head
        /// The body of a response, as `decoder` finds it.
        case body
        /// The response is complete, the request is not.
        case responded
        /// Another protocol's bytes, since the upstream granted an upgrade.
        case tunnel(Tunnel)
        case over
    }

    private enum RequestCoding { case none, asItIs, chunked }

    /// The caller's connection that the server was told of: this one serves no other.
    ///
    /// Nil where the server is told of none.
    let owner: UInt64?

    /// Begins to connect to `server`, to serve `exchange` first.
    init(
        to server: UpstreamServer, of pool: UpstreamPool, for exchange: Exchange, worker: Worker
    ) throws(UpstreamFailure) {
        self.server = server
        self.pool = pool
        self.exchange = exchange
        decoder = pool.plan.bodyDecoder(for: .none)
        owner = pool.owner(of: exchange)
        let introduction = pool.plan.introduction.map { CallerIntroduction.of(exchange.downstream, $0) }
        try super.init(
            to: server.plan, through: pool.plan.tls, speaking: .http1, introducing: introduction ?? [],
            within: pool.plan.connectTimeout, worker: worker)
    }

    override func opened() {
        timer?.cancel()
        server.trouble = nil
        guard let exchange else {
            phase = .idle
            pool.giveBack(self)
            return
        }
        exchange.upstreamReady(.http1(self))
    }

    // MARK: The request

    /// Makes `exchange` the one that this connection serves.
    func begin(_ exchange: Exchange) {
        self.exchange = exchange
    }

    /// Whether more of the request's body may be sent now.
    var takesBody: Bool {
        if case .connecting = phase { return false }
        return !isOutputFull
    }

    /// Sends the request that is in the exchange.
    func sendHead() {
        guard let exchange else { return }
        phase = .head
        position = ParsePosition()
        isRequestSent = false
        hasReadResponse = false
        switch exchange.request.framing {
        case .none: requestCoding = .none
        case .length, .untilClose: requestCoding = .asItIs
        case .chunked: requestCoding = .chunked
        }
        worker.scratch.removeAll(keepingCapacity: true)
        encodeRequestHead(
            exchange.request, framing: exchange.request.framing,
            connection: exchange.upgrade == nil ? .persistent : .upgrade, into: &worker.scratch)
        exchange.appendIdentityLines(to: &worker.scratch)
        // A head that a body follows travels with its first bytes.
        send(worker.scratch, isWhole: requestCoding == .none)
        awaitResponse()
    }

    /// Sends a piece of the request's body.
    func sendBody(_ bytes: Span<UInt8>) {
        guard bytes.count > 0 else { return }
        switch requestCoding {
        case .none: return
        case .asItIs: send(bytes)
        case .chunked:
            worker.scratch.removeAll(keepingCapacity: true)
            encodeChunkHeader(count: bytes.count, into: &worker.scratch)
            send(worker.scratch)
            send(bytes)
            worker.scratch.removeAll(keepingCapacity: true)
            encodeChunkEnd(into: &worker.scratch)
            send(worker.scratch)
        }
        awaitResponse()
    }

    /// The request is whole.
    func endRequest() {
        guard let exchange, !isRequestSent else { return }
        if case .connecting = phase { return }
        isRequestSent = true
        guard requestCoding == .chunked else { return }
        worker.scratch.removeAll(keepingCapacity: true)
        encodeLastChunk(trailers: exchange.requestTrailers, into: &worker.scratch)
        send(worker.scratch)
    }

    private func awaitResponse() {
        timer?.schedule(
            after: hasReadResponse ? pool.plan.readTimeout : exchange?.responseTimeout ?? pool.plan.readTimeout)
    }

    override func drained() {
        exchange?.upstreamDrained()
    }

    // MARK: The response

    private var hasReadResponse = false

    override func received() {
        while !isClosed {
            switch phase {
            case .head:
                hasReadResponse = true
                guard readHead() else { return }
            case .body:
                guard readBody() else { return }
            case .connecting, .idle, .responded:
                guard !input.isEmpty else { return }
                // RFC 9112 §9.2: bytes that no request asked for belong to nobody.
                input.removeAll()
                fail(.unexpectedResponse)
                return
            case .tunnel(let tunnel):
                tunnel.relayUpstream()
                return
            case .over:
                input.removeAll()
                return
            }
        }
    }

    private func readHead() -> Bool {
        guard let exchange, !input.isEmpty else { return false }
        do throws(MessageError) {
            let method = exchange.request.method
            let limits = pool.plan.headLimits
            let progress = try input.withBytes { bytes throws(MessageError) in
                try parseResponseHead(bytes, resume: &position, limits: limits, to: method, into: &exchange.response)
            }
            guard case .complete(let consumed) = progress else { return false }
            input.consume(consumed)
        } catch {
            fail(.malformedResponse(error))
            return false
        }
        timer?.schedule(after: pool.plan.readTimeout)
        if exchange.response.status.isInformational { return relayInformational(of: exchange) }
        keepsAlive = exchange.response.keepsAlive
        pool.answered(server, exchange, ServerFault(exchange.response.status))
        let framing = exchange.response.framing
        let isBodiless = exchange.request.method == .head || exchange.response.status.isAlwaysBodiless
        decoder.begin(isBodiless ? .none : framing)
        phase = .body
        exchange.respondHead()
        return true
    }

    private func relayInformational(of exchange: Exchange) -> Bool {
        guard exchange.response.status != 101 else {
            // Granted to nobody who asked, or not what was asked for: what follows would be anybody's guess.
            guard isRequestSent, let upgrade = exchange.upgrade, upgrade.isGranted(by: exchange.response) else {
                fail(.unexpectedResponse)
                return false
            }
            pool.used(server, nil)
            exchange.respondUpgrade(over: self, patience: pool.plan.readTimeout)
            return true
        }
        do {
            try exchange.respondInformational()
            return true
        } catch {
            fail(error)
            return false
        }
    }

    private func readBody() -> Bool {
        guard let exchange else { return false }
        if exchange.isDownstreamFull {
            pauseReading()
            timer?.cancel()
            return false
        }
        do throws(MessageError) {
            let event = try input.withBytes { bytes throws(MessageError) in
                let event = try decoder.decode(bytes, from: 0)
                if case .data(let range) = event { exchange.respondBody(bytes.extracting(range)) }
                return event
            }
            return advance(past: event)
        } catch {
            fail(.malformedResponse(error))
            return false
        }
    }

    private func advance(past event: BodyEvent) -> Bool {
        guard case .body = phase else { return false }
        switch event {
        case .data(let range):
            input.consume(range.upperBound)
            return true
        case .needMore:
            input.removeAll()
            timer?.schedule(after: pool.plan.readTimeout)
            return false
        case .end(let consumed):
            input.consume(consumed)
            phase = .responded
            timer?.cancel()
            if !decoder.trailers.lines.isEmpty { exchange?.responseTrailers = decoder.trailers }
            exchange?.respondEnd()
            return true
        }
    }

    override func inputEnded() {
        switch phase {
        case .body:
            if decoder.isCompleteAtClose {
                phase = .responded
                keepsAlive = false
                exchange?.respondEnd()
                close()
            } else {
                fail(.truncatedResponse)
            }
        case .head:
            fail(input.isEmpty ? .resetBeforeResponse : .truncatedResponse)
        case .connecting:
            fail(.connectError)
        case .tunnel(let tunnel):
            tunnel.upstreamEnded()
        case .idle, .responded, .over:
            close()
        }
    }

    override func failed(_ failure: TransportFailure) {
        switch phase {
        case .connecting:
            pool.connectingFailed(failure, to: server)
            fail(failure.whileConnecting)
        case .head where !hasReadResponse:
            fail(.resetBeforeResponse)
        case .head, .body, .tunnel:
            fail(.truncatedResponse)
        case .idle, .responded, .over:
            close()
        }
    }

    override func timerFired(_ token: Int) {
        switch phase {
        case .connecting: fail(.connectTimeout)
        case .head, .body: fail(.responseTimeout)
        case .over: close()
        case .idle, .responded, .tunnel: break
        }
    }

    // MARK: Ending

    /// Whether an exchange before the present one has gone well.
    private var hasServed = false

    /// The exchange is over on both sides: the connection may serve another.
    func finish() {
        exchange = nil
        guard keepsAlive, !isClosed, !hasInputEnded, input.isEmpty, case .responded = phase else {
            close()
            return
        }
        phase = .idle
        hasServed = true
        timer?.cancel()
        resumeReading()
        pool.giveBack(self)
    }

    /// What comes and goes from now on is the tunnel's.
    func beginTunnel(_ tunnel: Tunnel) {
        phase = .tunnel(tunnel)
        keepsAlive = false
        timer?.cancel()
    }

    /// Ends once what is on its way has left, or has not for a while.
    func finishTunnel() {
        exchange = nil
        phase = .over
        timer?.schedule(after: Limits.lingerTimeout)
        closeAfterFlush()
    }

    /// The exchange wants no more of this connection.
    func cancel() {
        exchange = nil
        phase = .over
        close()
    }

    private var isTunnel: Bool {
        if case .tunnel = phase { true } else { false }
    }

    private func fail(_ failure: UpstreamFailure) {
        let exchange = self.exchange
        // A server may end a connection that was idle at any time: a request that crosses its end tells nothing.
        if exchange != nil, !isTunnel, !(hasServed && failure == .resetBeforeResponse) {
            pool.used(server, .failed(failure))
        }
        self.exchange = nil
        phase = .over
        close()
        exchange?.upstreamFailed(failure)
    }

    override func closed() {
        timer = nil
        exchange = nil
        pool.forget(self)
    }
}

extension Status {
    /// Whether the server says that it cannot serve.
    ///
    /// Not 500, which a caller may be able to bring about with a request of its own making, and so take servers out.
    var speaksOfTrouble: Bool { self == 502 || self == 503 || self == 504 }
}
