internal import EventLoop
internal import HTTP
internal import HTTP2

/// One request to an upstream that speaks HTTP/2: turns what `Exchange` says into what the codec understands and back.
final class MultiplexedUpstreamStream: HTTP2ResponseReceiver {
    /// Held, since what came whole may wait for its caller longer than the connection lasts.
    private let connection: MultiplexedUpstream
    private var exchange: Exchange?
    private var stream: HTTP2Stream?
    private var phase = Phase.awaitingHead
    /// Content that came while the caller took no more; the stream's window bounds it.
    private var pending: [UInt8] = []
    private var endIsPending = false
    /// When the upstream is late; nil while it is not its turn.
    private var deadline: MonotonicTime?

    /// Where it stands among the connection's streams; the connection's own business.
    var index = -1

    private enum Phase { case awaitingHead, body, complete }

    init(connection: MultiplexedUpstream, exchange: Exchange) {
        self.connection = connection
        self.exchange = exchange
    }

    // MARK: What the exchange says

    /// Whether more of the request's body may be sent now.
    var takesBody: Bool { stream.map { !$0.isFull } ?? false }

    /// Sends the request that is in the exchange.
    func sendHead() {
        guard let exchange else { return }
        do {
            stream = try connection.send(exchange, to: self)
            awaitResponse()
        } catch {
            connection.release(self)
            fail(.streamRefused)
        }
    }

    /// Sends a piece of the request's body.
    func sendBody(_ bytes: Span<UInt8>) {
        stream?.send(bytes)
        connection.lookAgain()
        awaitResponse()
    }

    /// The request is whole.
    func endRequest() {
        stream?.end(trailers: exchange?.requestTrailers)
        connection.lookAgain()
    }

    /// The caller takes more of the response again.
    func resumeReading() {
        guard let exchange, !exchange.isDownstreamFull else { return }
        if !pending.isEmpty {
            var bytes: [UInt8] = []
            swap(&bytes, &pending)
            exchange.respondBody(bytes.span)
            stream?.consume(bytes.count)
            connection.lookAgain()
            deadline = connection.readDeadline
        }
        guard endIsPending, pending.isEmpty else { return }
        endIsPending = false
        complete()
    }

    /// The exchange is over on both sides.
    func finish() {
        exchange = nil
    }

    /// The exchange wants no more of it.
    func cancel() {
        exchange = nil
        deadline = nil
        pending = []
        stream?.reset(.cancel)
        connection.lookAgain()
    }

    // MARK: Deadlines

    private func awaitResponse() {
        guard let exchange else { return }
        deadline =
            phase == .awaitingHead
            ? connection.worker.loop.now + exchange.responseTimeout : connection.readDeadline
    }

    func checkDeadline(at now: MonotonicTime) {
        guard let deadline, deadline <= now else { return }
        fail(.responseTimeout)
    }

    // MARK: What the codec says

    func streamReceivedInformational(_ head: inout ResponseHead) {
        guard let exchange else { return }
        swap(&exchange.response, &head)
        deadline = connection.readDeadline
        do {
            try exchange.respondInformational()
        } catch {
            fail(error)
        }
    }

    func streamReceivedHead(_ head: inout ResponseHead, endsHere: Bool) {
        guard let exchange else { return }
        phase = .body
        deadline = connection.readDeadline
        connection.answered(exchange, ServerFault(head.status))
        swap(&exchange.response, &head)
        exchange.respondHead()
    }

    func streamReceived(_ bytes: Span<UInt8>) {
        guard let exchange else { return }
        guard pending.isEmpty, !exchange.isDownstreamFull else {
            // It is the caller's turn.
            deadline = nil
            pending.append(copying: bytes)
            return
        }
        deadline = connection.readDeadline
        exchange.respondBody(bytes)
        stream?.consume(bytes.count)
    }

    func streamEnded(trailers: inout FieldSection) {
        guard let exchange else { return }
        deadline = nil
        swap(&exchange.responseTrailers, &trailers)
        exchange.responseTrailers.removeForbiddenTrailers { _ in false }
        guard pending.isEmpty else {
            endIsPending = true
            return
        }
        complete()
    }

    private func complete() {
        phase = .complete
        deadline = nil
        exchange?.respondEnd()
    }

    func streamDrained() {
        exchange?.upstreamDrained()
    }

    func streamReceivedFault(_ error: MessageError) {
        fail(.malformedResponse(error))
    }

    func streamClosed(_ code: HTTP2ErrorCode) {
        stream = nil
        connection.release(self)
        // What is complete, and only waits for the caller, stays so.
        guard !endIsPending, phase != .complete else { return }
        switch phase {
        case .awaitingHead where code == .refusedStream: fail(.streamRefused)
        case .awaitingHead: fail(.resetBeforeResponse)
        case .body, .complete: fail(.truncatedResponse)
        }
    }

    private func fail(_ failure: UpstreamFailure) {
        guard let exchange else { return }
        self.exchange = nil
        deadline = nil
        pending = []
        connection.used(failure == .streamRefused ? nil : .failed(failure))
        stream?.reset(.cancel)
        connection.lookAgain()
        exchange.upstreamFailed(failure)
    }
}
