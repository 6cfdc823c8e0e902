internal import EventLoop
internal import HTTP
internal import HTTP2

/// A connection to one server of an upstream, that speaks HTTP/2 and serves many exchanges at a time.
///
/// In the clear with prior knowledge (RFC 9113 §3.3), in TLS only when the server agrees by ALPN.
final class MultiplexedUpstream: OutgoingConnection, HTTP2SessionDelegate {
    let server: UpstreamServer
    /// Held, since a reload lets go of a pool whose connections are still at work.
    private let pool: UpstreamPool
    private var codec: HTTP2ClientSession?
    private var streams: [MultiplexedUpstreamStream] = []
    private var phase = Phase.connecting
    private(set) var hasBeenOpen = false
    private var isTicking = false

    private enum Phase { case connecting, open, over }

    /// Begins to connect to `server`.
    init(to server: UpstreamServer, of pool: UpstreamPool, worker: Worker) throws(UpstreamFailure) {
        self.server = server
        self.pool = pool
        try super.init(
            to: server.plan, through: pool.plan.tls, speaking: .http2, within: pool.plan.connectTimeout, worker: worker)
        do {
            codec = try HTTP2ClientSession(
                limits: pool.plan.multiplexing, isSecure: pool.plan.tls != nil, delegate: self)
        } catch {
            throw .connectError
        }
    }

    // MARK: Opening

    /// Whether it is yet to be seen what becomes of it.
    var isConnecting: Bool { phase == .connecting && !isClosed }

    /// Whether a request can be sent now.
    var takesRequests: Bool {
        phase == .open && !isClosed && !hasInputEnded && !isRetired && codec?.takesRequests == true
    }

    /// Exchanges in flight.
    var openStreams: Int { streams.count }

    /// An exchange has shown how the server does.
    func used(_ fault: ServerFault?) {
        pool.used(server, fault)
    }

    /// The server has answered an exchange.
    func answered(_ exchange: Exchange, _ fault: ServerFault?) {
        pool.answered(server, exchange, fault)
    }

    override func opened() {
        timer?.cancel()
        server.trouble = nil
        phase = .open
        hasBeenOpen = true
        pool.opened(self)
    }

    // MARK: Requests

    /// Makes a stream for `exchange`, and has it send its request.
    func begin(_ exchange: Exchange) {
        let stream = MultiplexedUpstreamStream(connection: self, exchange: exchange)
        stream.index = streams.count
        streams.append(stream)
        tick()
        exchange.upstreamReady(.http2(stream))
        lookAgain()
    }

    /// Sends the request that is in `exchange`, the verified identity behind all its fields.
    func send(_ exchange: Exchange, to receiver: MultiplexedUpstreamStream) throws(HTTP2Error) -> HTTP2Stream {
        guard let codec, phase == .open else { throw .closed }
        return try codec.send(exchange.request, extra: exchange.identityFields(), to: receiver)
    }

    /// When the upstream is late with more of a response.
    var readDeadline: MonotonicTime { worker.loop.now + pool.plan.readTimeout }

    /// A stream is over.
    func release(_ stream: MultiplexedUpstreamStream) {
        if streams.indices.contains(stream.index), streams[stream.index] === stream {
            let last = streams.removeLast()
            if last !== stream {
                streams[stream.index] = last
                last.index = stream.index
            }
        }
        stream.index = -1
        lookAgain()
    }

    /// Looks at the streams' deadlines once a second, as long as there are any.
    private func tick() {
        guard !isTicking else { return }
        isTicking = true
        timer?.schedule(after: Limits.multiplexedTick)
    }

    override func timerFired(_ token: Int) {
        guard phase == .open else {
            if phase == .connecting { fail(.connectTimeout) }
            return
        }
        isTicking = false
        let now = worker.loop.now
        for stream in streams { stream.checkDeadline(at: now) }
        if !streams.isEmpty { tick() }
    }

    // MARK: The connection's words

    override func received() {
        guard let codec, phase == .open else {
            input.removeAll()
            return
        }
        let now = worker.loop.now.nanoseconds
        // What is wrong is in the codec's `failure`, and said when GOAWAY has left.
        input.withBytes { bytes in try? codec.receive(bytes, at: now) }
        input.removeAll()
        lookAgain()
    }

    override func fillOutput() -> Bool {
        guard let codec, phase == .open else { return false }
        var bytes: [UInt8] = []
        swap(&bytes, &worker.scratch)
        bytes.removeAll(keepingCapacity: true)
        codec.writeOutput(into: &bytes, limit: Limits.multiplexedWrite)
        put(bytes.span)
        let hasWritten = !bytes.isEmpty
        swap(&bytes, &worker.scratch)
        if codec.isFinished || (isRetired && streams.isEmpty) {
            end()
            closeAfterFlush()
        } else if takesRequests {
            pool.serveWaiting(by: self)
        }
        return hasWritten
    }

    override func inputEnded() { connectionLost(.connectError) }

    override func failed(_ failure: TransportFailure) {
        if phase == .connecting { pool.connectingFailed(failure, to: server) }
        connectionLost(failure.whileConnecting)
    }

    private func connectionLost(_ failure: UpstreamFailure) {
        if phase == .connecting { fail(failure) } else { close() }
    }

    private func fail(_ failure: UpstreamFailure) {
        phase = .over
        used(.failed(failure))
        close()
        pool.connectingFailed(self, failure)
    }

    private var isRetired = false

    /// Closes it when its last stream is over.
    func retire() {
        isRetired = true
        lookAgain()
        if phase == .connecting { close() }
    }

    private func end() {
        phase = .over
        // Each stream hears that it is over, and its exchange with it.
        codec?.close()
    }

    override func closed() {
        end()
        timer = nil
        pool.forget(self)
    }

    // MARK: What the codec says

    func sessionReceivedGoaway(lastStream: Int32, code: HTTP2ErrorCode) {}
    func sessionReceivedPingAck(_ token: UInt64) {}
    func sessionReceivedSettings() {}
}
