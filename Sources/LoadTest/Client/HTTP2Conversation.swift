import EventLoop
import HTTP
import HTTP2
import TLS

/// Requests of HTTP/2, several at a time.
///
/// What streams tell while the session takes or gives bytes is gathered and told to the client afterwards, since the
/// session may not be let go of from inside.
final class HTTP2Conversation: LoadConversation, HTTP2SessionDelegate, AfterEventsHandler {
    private unowned let client: LoadClient
    private let worker: LoadWorker
    private var codec: HTTP2ClientSession?

    private var exchanges: [HTTP2Exchange] = []
    private var spare: [HTTP2Exchange] = []
    private var concluded: [(Attempt, LoadOutcome)] = []
    /// Streams that took too long and are not over yet.
    private var abandoned = 0

    private var output: [UInt8] = []
    private var outputStart = 0
    private var isFlushAsked = false
    private var isOver = false

    /// What content is made of.
    let content = LoadRequest.content(16 * 1024)

    init(_ client: LoadClient) throws(HTTP2Error) {
        self.client = client
        worker = client.worker
        codec = try HTTP2ClientSession(limits: Self.limits(worker.plan), isSecure: true, delegate: self)
    }

    /// Windows that do not hold a large body up on this machine, for all streams together less than for each.
    private static func limits(_ plan: LoadPlan) -> HTTP2Limits {
        var limits = HTTP2Limits()
        limits.concurrentStreams = UInt32(clamping: plan.streams)
        limits.streamWindow = 1 << 20
        limits.connectionWindow = 16 << 20
        return limits
    }

    // MARK: Attempts

    var takesAttempt: Bool {
        guard !isOver, let codec, exchanges.count < worker.plan.streams else { return false }
        // One that has nothing in hand must not wait for ever: the attempt will say what is wrong.
        return codec.takesRequests || exchanges.isEmpty
    }

    var isResting: Bool { exchanges.isEmpty && !isOver }
    var attemptsInHand: [Attempt] { exchanges.map(\.attempt) }

    func begin(_ attempt: Attempt) {
        let exchange = spare.popLast() ?? HTTP2Exchange(attempt, self)
        exchange.take(attempt)
        exchange.index = exchanges.count
        exchanges.append(exchange)
        do throws(HTTP2Error) {
            guard let codec else { throw .closed }
            let stream = try codec.send(worker.request.head, to: exchange)
            exchange.sent(on: stream, contentSize: worker.request.contentSize)
            askToFlush()
        } catch {
            remove(exchange)
            client.concluded(attempt, .reset(.refusedStream), keepsConnection: false)
        }
    }

    func expire(at now: MonotonicTime) -> MonotonicTime? {
        for exchange in exchanges where exchange.attempt.deadline <= now {
            remove(exchange)
            abandoned += 1
            exchange.cancel()
            concluded.append((exchange.attempt, .timedOut(.receiving)))
        }
        flush()
        return exchanges.lazy.map(\.attempt.deadline).min()
    }

    func firstByteCame(of attempt: Attempt) {
        worker.firstByteCame(of: attempt)
    }

    /// A stream's last word.
    func streamIsOver(_ exchange: HTTP2Exchange, _ outcome: LoadOutcome) {
        if exchange.index == nil {
            abandoned -= 1
        } else {
            remove(exchange)
            // When the whole session ends, it is that which every attempt has come to.
            concluded.append((exchange.attempt, outcome))
        }
        spare.append(exchange)
    }

    private func remove(_ exchange: HTTP2Exchange) {
        guard let index = exchange.index, let last = exchanges.popLast() else { return }
        if last !== exchange {
            exchanges[index] = last
            last.index = index
        }
        exchange.index = nil
    }

    // MARK: Bytes

    func ready() {
        do throws(TLSError) {
            reading: while let codec {
                switch try client.transport.read() {
                case .done(let count):
                    worker.tally.receivedBytes += count
                    // What is wrong is in the session's `failure`, and said when GOAWAY has left.
                    worker.feed(count, to: codec)
                case .wantsRead, .wantsWrite: break reading
                case .closed: return client.connectionEnded(.closed)
                }
            }
        } catch {
            return client.connectionEnded(LoadOutcome(error))
        }
        flush()
    }

    /// Once for all requests that begin in an iteration of the loop.
    private func askToFlush() {
        guard !isFlushAsked else { return }
        isFlushAsked = true
        worker.loop.afterEvents(self)
    }

    func eventsHandled() {
        isFlushAsked = false
        flush()
    }

    private func flush() {
        guard !isOver, let codec else { return }
        do throws(TLSError) {
            try write(codec)
        } catch {
            return client.connectionEnded(LoadOutcome(error))
        }
        settle(codec)
    }

    private func write(_ codec: HTTP2ClientSession) throws(TLSError) {
        while true {
            while outputStart < output.count {
                // A second reference, not a copy: a property cannot lend a span across the call.
                let bytes = output
                switch try client.transport.write(bytes.span.extracting(outputStart..<bytes.count)) {
                case .done(let count): outputStart += count
                case .wantsRead: return client.transport.wait(for: .read)
                case .wantsWrite: return client.transport.wait(for: [.read, .write])
                case .closed: throw .truncated
                }
            }
            output.removeAll(keepingCapacity: true)
            outputStart = 0
            codec.writeOutput(into: &output, limit: 64 * 1024)
            if output.isEmpty { return client.transport.wait(for: .read) }
        }
    }

    /// Tells what has come of attempts, and lets go of a connection that is of no use any more.
    private func settle(_ codec: HTTP2ClientSession) {
        let isBroken = codec.failure != nil || codec.isFinished
        let isUseless = exchanges.isEmpty && (!codec.mayOpenStreams || abandoned > 0)
        let ended = concluded
        concluded.removeAll(keepingCapacity: true)
        for (attempt, outcome) in ended {
            client.concluded(attempt, outcome, keepsConnection: !isUseless)
        }
        guard !isOver, isBroken || isUseless else { return }
        if ended.isEmpty || isBroken { client.connectionEnded(codec.failure == nil ? .closed : .malformedResponse) }
    }

    // MARK: The end

    func takeLeave() {
        guard !isOver, let codec else { return }
        isOver = true
        codec.terminate(.noError)
        try? write(codec)
        end()
    }

    func connectionEnded(_ outcome: LoadOutcome) {
        let wasResting = exchanges.isEmpty
        let attempts = attemptsInHand
        let ended = concluded
        isOver = true
        for exchange in exchanges { exchange.index = nil }
        exchanges = []
        concluded = []
        end()
        if wasResting, ended.isEmpty { worker.lostConnection() }
        for (attempt, outcome) in ended { client.concluded(attempt, outcome, keepsConnection: false) }
        for attempt in attempts { client.concluded(attempt, outcome, keepsConnection: false) }
    }

    private func end() {
        codec?.close()
        codec = nil
    }

    // MARK: What the session says

    func sessionReceivedGoaway(lastStream: Int32, code: HTTP2ErrorCode) {
        worker.tally.goaways[code, default: 0] += 1
    }
    func sessionReceivedPingAck(_ token: UInt64) {}
    func sessionReceivedSettings() {}
}
