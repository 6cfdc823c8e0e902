import EventLoop
import HTTP2
import Observability
import TLS

/// One connection's worth of callers: makes attempts, and tells the worker what they came to.
final class LoadClient: TimerHandler {
    unowned let worker: LoadWorker
    /// What its own caller connects with, where it has one.
    private let own: TLSClientContext?
    private var session: TLSSession?

    /// The attempt for which a connection is being made.
    private var opening: Attempt?
    private var connectionBegan = MonotonicTime(nanoseconds: 0)
    private var conversation: (any LoadConversation)?
    private var deadline: Timer?
    private(set) lazy var transport = LoadTransport(client: self, worker: worker)

    /// Whether it stands in the worker's list of those that take attempts.
    var isListed = false

    /// Whether its callers are slow ones, which it is kept for.
    let isSlow: Bool

    init(worker: LoadWorker, own: TLSClientContext?, isSlow: Bool = false) {
        self.worker = worker
        self.isSlow = isSlow
        self.own = own
        deadline = Timer(loop: worker.loop, handler: self)
    }

    /// Whether another attempt can begin.
    var takesAttempt: Bool { opening == nil && conversation?.takesAttempt ?? true }

    /// Whether it holds a connection and has nothing to do on it.
    var isResting: Bool { conversation?.isResting ?? false }

    /// What has begun and not ended.
    var attemptsInHand: [Attempt] { (opening.map { [$0] } ?? []) + (conversation?.attemptsInHand ?? []) }

    /// Begins an attempt; the worker hears of its end in a later iteration of the loop, or in this call.
    func begin(_ attempt: Attempt) {
        var attempt = attempt
        let patience = attempt.role.isSlow ? worker.slowPatience : worker.patience
        attempt.deadline = worker.loop.now.advanced(byNanoseconds: patience)
        // Of several attempts the one that began first is late first.
        if deadline?.deadline == nil { deadline?.schedule(at: attempt.deadline) }
        guard let conversation else { return connect(attempt) }
        conversation.begin(attempt)
    }

    /// Gives the connection up.
    func dropConnection() {
        deadline?.cancel()
        opening = nil
        let conversation = forgetConversation()
        conversation?.takeLeave()
        transport.close()
    }

    private func forgetConversation() -> (any LoadConversation)? {
        guard let conversation else { return nil }
        self.conversation = nil
        worker.connectionClosed()
        return conversation
    }

    func timerFired(_ token: Int) {
        if let attempt = opening {
            // Armed for another one that has ended since.
            guard attempt.deadline <= worker.loop.now else {
                deadline?.schedule(at: attempt.deadline)
                return
            }
            let outcome = LoadOutcome.timedOut(transport.step)
            dropConnection()
            worker.ended(self, attempt, outcome)
        } else if let next = conversation?.expire(at: worker.loop.now) {
            deadline?.schedule(at: next)
        }
    }

    // MARK: The connection

    private func connect(_ attempt: Attempt) {
        opening = attempt
        let isOfNow = attempt.isPreparation || worker.plan.keepsConnections
        connectionBegan = isOfNow ? .now() : attempt.intended
        let context = usesOwn(attempt) ? own ?? worker.nextContext(.full) : worker.nextContext(attempt.role)
        transport.connect(
            context, resuming: attempt.role == .resumed ? session : nil, slowly: SlowLine.Slowness(attempt.role))
    }

    /// Whether its own caller makes the attempt, whose session is resumed or is to be.
    private func usesOwn(_ attempt: Attempt) -> Bool {
        switch attempt.role {
        case .resumed: true
        case .full: attempt.isPreparation
        case .revoked, .wrongKind, .slowHandshake, .slowHead, .slowReader: false
        }
    }

    func transportConnected() {
        guard let attempt = opening, worker.counts(attempt), !attempt.role.isSlow else { return }
        worker.tally.connect.record(nanoseconds: transport.connected.nanoseconds(since: connectionBegan))
    }

    func transportOpened() {
        guard let attempt = opening else { return }
        recordHandshake(of: attempt)
        opening = nil
        guard let conversation = makeConversation(for: attempt) else {
            dropConnection()
            return worker.ended(self, attempt, .otherProtocol)
        }
        self.conversation = conversation
        worker.connectionOpened()
        if worker.plan.makesRequest || !worker.plan.keepsConnections {
            conversation.begin(attempt)
        } else {
            concluded(attempt, .greeted, keepsConnection: true)
            transport.wait(for: .read)
        }
        // There may be room for others beside it.
        worker.offer(self)
    }

    private func makeConversation(for attempt: Attempt) -> (any LoadConversation)? {
        let plan = worker.plan
        guard plan.makesRequest || plan.keepsConnections else { return FarewellConversation(self, attempt) }
        let isHTTP2 = transport.facts?.applicationProtocol == "h2"
        switch plan.speech {
        case .http1: return HTTP1Conversation(self)
        case .http2 where !isHTTP2: return nil
        case .http2, .either: return isHTTP2 ? try? HTTP2Conversation(self) : HTTP1Conversation(self)
        }
    }

    private func recordHandshake(of attempt: Attempt) {
        guard worker.counts(attempt), !attempt.role.isSlow else { return }
        let duration = MonotonicTime.now().nanoseconds(since: transport.connected)
        if transport.facts?.isResumed == true {
            worker.tally.resumedHandshake.record(nanoseconds: duration)
        } else {
            worker.tally.fullHandshake.record(nanoseconds: duration)
            if attempt.role == .resumed { worker.tally.notResumed += 1 }
        }
    }

    func transportReady() {
        conversation?.ready()
    }

    // MARK: Ends

    /// The connection has failed, or the server has ended it.
    func connectionEnded(_ outcome: LoadOutcome) {
        let attempt = opening
        opening = nil
        deadline?.cancel()
        let conversation = forgetConversation()
        transport.close()
        if let attempt { worker.ended(self, attempt, outcome) }
        conversation?.connectionEnded(outcome)
        worker.offer(self)
    }

    /// An attempt has come to its end.
    func concluded(_ attempt: Attempt, _ outcome: LoadOutcome, keepsConnection: Bool) {
        if own != nil, usesOwn(attempt), outcome.isSuccess { session = transport.resumableSession ?? session }
        if !keepsConnection || !worker.plan.keepsConnections { dropConnection() }
        if conversation?.isResting ?? true { deadline?.cancel() }
        worker.ended(self, attempt, outcome)
    }
}
