internal import EventLoop
internal import HTTP
internal import HTTP2

/// The server's side of one stream of HTTP/2: turns what the codec says of it into what `Exchange` understands and back.
///
/// Used again for another stream when this one is over.
final class MultiplexedStream: HTTP2StreamReceiver {
    unowned let session: MultiplexedSession
    private var stream: HTTP2Stream?

    /// The exchange of this stream.
    private(set) lazy var exchange = Exchange(caller: DownstreamStream(self), worker: connection.worker)

    /// Where it stands among the session's streams; the session's own business.
    var index = -1

    /// Content that came before anybody could take it; the stream's window bounds it.
    private var pending: [UInt8] = []
    private var endIsPending = false
    private var hasBody = false
    private var isMalformed = false
    /// When content of the request is late; nil when none is awaited.
    private var bodyDeadline: MonotonicTime?
    private var pace = PaceWatch()
    private var takingPace = PaceWatch()
    /// How much the caller had taken when it was last looked at, and since when it has taken no more.
    private var taken: UInt64 = 0
    private var stalled: MonotonicTime?

    init(session: MultiplexedSession) {
        self.session = session
    }

    var connection: DownstreamConnection { session.connection }

    /// Whether more waits for the caller than its source should add to.
    var isOutputFull: Bool { stream?.isFull ?? false }

    /// Takes up the request whose head is in the exchange.
    func begin(on stream: HTTP2Stream, endsHere: Bool) {
        self.stream = stream
        if !endsHere { awaitBody() }
        exchange.begin()
    }

    /// Takes up a request that cannot be read, for the log and the answer.
    ///
    /// What is malformed is answered by a reset (RFC 9113 §8.1.1), what is too large with its status.
    func refuse(on stream: HTTP2Stream, because error: MessageError) {
        self.stream = stream
        isMalformed = error.status == 400
        exchange.refuseUnread(.malformed(error))
    }

    private func awaitBody() {
        bodyDeadline = connection.worker.loop.now + connection.plan.bodyTimeout
    }

    /// Ends what takes too long: a body that does not come, a response that is not taken.
    func checkDeadlines(at now: MonotonicTime) {
        guard let stream else { return }
        if let deadline = bodyDeadline, deadline <= now {
            // Time in which the body waits for the upstream is not the caller's.
            if pending.isEmpty {
                bodyDeadline = nil
                exchange.refuse(.requestTimeout)
            } else {
                awaitBody()
            }
        }
        if stream.bufferedBytes == 0 {
            takingPace.pause(at: now, having: Int(clamping: stream.sentBytes &- taken))
        } else if !takingPace.take(Int(clamping: stream.sentBytes &- taken), at: now, of: connection.plan.pace) {
            connection.worker.journal.count { $0.limited.record("too_slow") }
            connection.worker.journal.streamStalled(stream.bufferedBytes, of: exchange, on: connection)
            stream.reset(.cancel)
            return
        }
        guard stream.bufferedBytes > 0, stream.sentBytes == taken else {
            taken = stream.sentBytes
            stalled = nil
            return
        }
        if let stalled {
            guard now >= stalled + connection.plan.bodyTimeout else { return }
            connection.worker.journal.streamStalled(stream.bufferedBytes, of: exchange, on: connection)
            stream.reset(.cancel)
        } else {
            stalled = now
        }
    }

    /// The connection is gone or must be: nothing more is said to the caller.
    func abandon() {
        exchange.abandon()
    }

    // MARK: What the codec says

    func streamReceived(_ bytes: Span<UInt8>) {
        awaitBody()
        guard pending.isEmpty, exchange.takesBody else {
            pace.pause(at: connection.worker.loop.now, having: bytes.count)
            pending.append(copying: bytes)
            return
        }
        let keepsPace =
            exchange.isConversation
            || pace.take(bytes.count, at: connection.worker.loop.now, of: connection.plan.pace)
        guard keepsPace else {
            exchange.refuse(.tooSlow)
            return
        }
        exchange.receiveBody(bytes)
        stream?.consume(bytes.count)
    }

    func streamEnded(trailers: inout FieldSection) {
        bodyDeadline = nil
        swap(&exchange.requestTrailers, &trailers)
        let forwarding = connection.plan.forwarding
        exchange.requestTrailers.removeForbiddenTrailers { name in forwarding.claimsIdentity(name) }
        guard pending.isEmpty else {
            endIsPending = true
            return
        }
        exchange.receiveEnd()
    }

    func streamDrained() {
        exchange.downstreamDrained()
    }

    func streamClosed(_ code: HTTP2ErrorCode) {
        exchange.abandon()
        stream = nil
        exchange.reset()
        pending = []
        endIsPending = false
        isMalformed = false
        bodyDeadline = nil
        taken = 0
        stalled = nil
        pace.reset()
        takingPace.reset()
        session.release(self)
    }
}

// MARK: - What the exchange says

extension MultiplexedStream {
    /// The upstream is ready for more of the body.
    func resumeBody() {
        if !pending.isEmpty, exchange.takesBody {
            var bytes: [UInt8] = []
            swap(&bytes, &pending)
            exchange.receiveBody(bytes.span)
            stream?.consume(bytes.count)
            session.wantsWrite()
        }
        guard endIsPending, pending.isEmpty else { return }
        endIsPending = false
        exchange.receiveEnd()
    }

    func sendInformational() {
        stream?.respondInformational(exchange.response)
        session.wantsWrite()
    }

    func sendHead() {
        session.wantsWrite()
        guard !isMalformed else {
            stream?.reset(.protocolError)
            return
        }
        let isBodiless = exchange.request.method == .head || exchange.response.status.isAlwaysBodiless
        hasBody = !isBodiless && exchange.response.framing != .none && exchange.response.framing != .length(0)
        stream?.respond(exchange.response, endsHere: !hasBody)
    }

    func sendBody(_ bytes: Span<UInt8>) {
        guard hasBody else { return }
        stream?.send(bytes)
        session.wantsWrite()
    }

    func endResponse() {
        guard hasBody else { return }
        stream?.end(trailers: exchange.responseTrailers)
        session.wantsWrite()
    }

    func abortResponse() {
        stream?.reset(.internalError)
        session.wantsWrite()
    }

    /// What is left of the request is nobody's any more: it is dropped, and the caller asked to stop.
    func responseConcluded() {
        guard !exchange.isRequestComplete else { return }
        stream?.ignoreRest()
        session.wantsWrite()
        bodyDeadline = nil
        pending = []
        endIsPending = false
        exchange.receiveEnd()
    }
}
