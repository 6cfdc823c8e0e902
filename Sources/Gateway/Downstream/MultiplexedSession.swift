internal import EventLoop
internal import HTTP
internal import HTTP2

/// The server's side of HTTP/2 on one connection: many requests at a time, each with an exchange of its own.
///
/// Every request is admitted anew: host, path, route and caller are looked at as for a connection's first.
final class MultiplexedSession: HTTP2ServerDelegate {
    unowned let connection: DownstreamConnection
    private var codec: HTTP2ServerSession?
    private var streams: [MultiplexedStream] = []
    private var spare: [MultiplexedStream] = []
    private var requests = 0
    private var phase = Phase.serving
    private var beginsNoMore = false
    private var isTicking = false
    private var idleSince: MonotonicTime
    private var headSince: MonotonicTime?
    /// What the codec was counted for holding.
    private var noted = 0

    private enum Phase {
        case serving
        /// GOAWAY without a last stream has been sent; those that were on their way are still served.
        case announcing
        /// No stream after the last one seen is served.
        case draining
        /// Nothing more is read, or said.
        case over
    }

    init(connection: DownstreamConnection) {
        self.connection = connection
        idleSince = connection.worker.loop.now
        do {
            codec = try HTTP2ServerSession(limits: connection.plan.multiplexing, delegate: self)
        } catch {
            fail(error)
        }
        connection.schedule(after: min(connection.plan.headerTimeout, connection.plan.keepaliveTimeout))
        connection.lookAgain()
    }

    /// Whether there is a request in hand.
    var isBusy: Bool { !streams.isEmpty }

    // MARK: The connection's words

    /// Takes what is in the connection's input.
    func receive() {
        guard let codec, phase != .over else {
            connection.input.removeAll()
            return
        }
        let now = connection.worker.loop.now
        do {
            try connection.input.withBytes { bytes throws(HTTP2Error) in
                try codec.receive(bytes, at: now.nanoseconds)
            }
        } catch {
            fail(error)
        }
        connection.input.removeAll()
        noteHead(isComing: codec.isReceivingHead, at: now)
        wantsWrite()
    }

    /// Writes what waits for the caller into the connection's output, as far as there is room; says whether there was
    /// anything.
    func fillOutput() -> Bool {
        guard let codec, phase != .over else { return false }
        let worker = connection.worker
        var bytes: [UInt8] = []
        swap(&bytes, &worker.scratch)
        bytes.removeAll(keepingCapacity: true)
        codec.writeOutput(into: &bytes, limit: Limits.multiplexedWrite)
        connection.put(bytes.span)
        noteMemory()
        let hasWritten = !bytes.isEmpty
        swap(&bytes, &worker.scratch)
        guard codec.isFinished else { return hasWritten }
        if let failure = codec.failure { connection.worker.journal.sessionFailed(failure, on: connection) }
        end()
        connection.closeInGoodOrder()
        return hasWritten
    }

    /// Something was said to the codec that has to leave.
    func wantsWrite() {
        noteMemory()
        connection.lookAgain()
    }

    /// Keeps count of what waits in the codec, for `buffer_memory`.
    private func noteMemory() {
        guard phase != .over, let held = codec?.bufferedBytes, held != noted else { return }
        connection.worker.blocks.note(elsewhere: held - noted)
        noted = held
    }

    /// The connection is lost, or must end now.
    func cancel() {
        guard phase != .over else { return }
        end()
    }

    /// Has the log say why the requests in hand end with the connection.
    func note(refusal code: String) {
        for stream in streams { stream.exchange.record.refusal = code }
    }

    /// Lets the exchanges in hand end, and closes then.
    func finish() {
        guard let codec, phase == .serving else { return }
        phase = .announcing
        codec.announceShutdown()
        codec.ping(0)
        tick()
        wantsWrite()
    }

    /// Begins no other exchange; those in hand end, and the connection with them.
    func beginNoMore() {
        beginsNoMore = true
        guard phase == .serving || phase == .announcing else { return }
        phase = .announcing
        shutDown()
    }

    /// The caller has ended its side: it cannot open a window or acknowledge anything more.
    func inputEnded() {
        cancel()
        connection.closeAfterFlush()
    }

    private func end() {
        phase = .over
        for stream in streams { stream.abandon() }
        codec?.close()
        connection.worker.blocks.note(elsewhere: -noted)
        noted = 0
        streams.removeAll()
        spare.removeAll()
    }

    private func fail(_ error: HTTP2Error) {
        guard codec == nil else { return }
        connection.worker.journal.sessionFailed(error, on: connection)
        phase = .over
        connection.close()
    }

    // MARK: Deadlines

    private func noteHead(isComing: Bool, at now: MonotonicTime) {
        if !isComing {
            headSince = nil
        } else if headSince == nil {
            headSince = now
            tick()
        }
    }

    /// Looks at the deadlines once a second, as long as there are any but that of idleness.
    private func tick() {
        guard !isTicking else { return }
        isTicking = true
        connection.schedule(after: Interval(Limits.multiplexedTick))
    }

    /// The tick, or the time after which an idle connection is closed.
    func timedOut() {
        isTicking = false
        let now = connection.worker.loop.now
        if let headSince, now >= headSince + connection.plan.headerTimeout {
            terminate()
            return
        }
        for stream in Array(streams) { stream.checkDeadlines(at: now) }
        switch phase {
        case .announcing: shutDown()
        case .serving where streams.isEmpty && now >= idleSince + connection.plan.keepaliveTimeout: terminate()
        case .serving, .draining, .over: break
        }
        guard phase != .over else { return }
        wantsWrite()
        if streams.isEmpty { spare.removeLast(max(0, spare.count - Limits.spareStreams)) }
        if streams.isEmpty, headSince == nil {
            connection.schedule(at: idleSince + connection.plan.keepaliveTimeout)
        } else {
            tick()
        }
    }

    /// Ends the connection in good order: nothing of use can come of it any more.
    private func terminate() {
        codec?.terminate(.noError)
        phase = .draining
        wantsWrite()
    }

    private func shutDown() {
        guard phase == .announcing else { return }
        phase = .draining
        codec?.shutDown()
        wantsWrite()
    }
}

// MARK: - What the codec says

extension MultiplexedSession {
    func sessionReceivedRequest(
        _ head: inout RequestHead, on stream: HTTP2Stream, endsHere: Bool
    ) -> (any HTTP2StreamReceiver)? {
        guard phase != .over, !beginsNoMore else { return nil }
        requests += 1
        if requests >= connection.plan.maxRequestsPerConnection { finish() }
        let request = openStream(&head)
        request.begin(on: stream, endsHere: endsHere)
        return request
    }

    func sessionReceivedFault(
        _ error: MessageError, in head: inout RequestHead, on stream: HTTP2Stream
    ) -> (any HTTP2StreamReceiver)? {
        guard phase != .over, !beginsNoMore else { return nil }
        // What was read of it is not to be trusted in a log.
        head.reset()
        let request = openStream(&head)
        request.refuse(on: stream, because: error)
        return request
    }

    func sessionReceivedGoaway(lastStream: Int32, code: HTTP2ErrorCode) {}

    func sessionReceivedPingAck(_ token: UInt64) {
        shutDown()
    }

    func sessionReceivedSettings() {}

    private func openStream(_ head: inout RequestHead) -> MultiplexedStream {
        let stream = spare.popLast() ?? MultiplexedStream(session: self)
        swap(&stream.exchange.request, &head)
        stream.index = streams.count
        streams.append(stream)
        tick()
        return stream
    }

    /// Takes a stream back that is over.
    func release(_ stream: MultiplexedStream) {
        guard streams.indices.contains(stream.index), streams[stream.index] === stream else { return }
        let last = streams.removeLast()
        if last !== stream {
            streams[stream.index] = last
            last.index = stream.index
        }
        stream.index = -1
        if streams.isEmpty { idleSince = connection.worker.loop.now }
        // What is more than an idle connection needs goes with the tick.
        spare.append(stream)
    }
}
