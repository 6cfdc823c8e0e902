import EventLoop
import HTTP
import HTTP1
import Observability
import TLS

/// One thread of a load test: its loop, its clients, and who of them does what next.
final class LoadWorker: AfterEventsHandler, TimerHandler, WakeupHandler {
    private enum Phase {
        /// Clients are made ready: connections opened, sessions gained.
        case preparing
        /// Waiting for the other threads to be ready.
        case ready
        case running
        case finished
    }

    let loop: EventLoop
    let plan: LoadPlan
    /// The request, ready to be sent.
    let request: [UInt8]
    /// Nanoseconds that an attempt may take.
    let patience: UInt64
    var tally = LoadTally()

    private let post: WorkerPost
    private var contexts: CallerContexts
    private var dealer: RoleDealer
    private var pacer: Pacer?
    private var phase = Phase.preparing
    private var clients: [LoadClient] = []
    /// Those with nothing to do, the one that rested last at the end: a few busy connections say more of a server at a
    /// low rate than many that are asleep.
    private var free: [LoadClient] = []
    private var unprepared = 0
    private var beingPrepared = 0
    private var firstFailure: LoadOutcome?
    private var isDispatchAsked = false
    private var timer: Timer?
    private var bell: WakeupWatcher?
    private var block = [UInt8](repeating: 0, count: 64 * 1024)
    private var head = ResponseHead()

    /// How many connections are opened at a time beforehand: more only fills the server's accept queue.
    private static let preparationWidth = 32

    init(plan: LoadPlan, callers: CallerSet, connections: Int, post: WorkerPost) throws(LoadError) {
        do throws(EventLoopError) {
            loop = try EventLoop()
        } catch {
            throw .system(error.description)
        }
        self.plan = plan
        self.post = post
        request = LoadRequest(plan).bytes
        patience = plan.timeout.wholeNanoseconds
        contexts = try CallerContexts(callers, plan: plan)
        dealer = RoleDealer(plan.roles)
        timer = Timer(loop: loop, handler: self)
        bell = WakeupWatcher(loop: loop, wakeup: post.bell, handler: self)
        for _ in 0..<connections {
            clients.append(LoadClient(worker: self, own: hasOwnCallers ? contexts.next(.full) : nil))
        }
    }

    /// Whether each client has a caller of its own, whose session it resumes.
    private var hasOwnCallers: Bool { plan.roles[.resumed] > 0 }

    /// Does the work of the thread, until the plan is fulfilled or the bell says to stop.
    func run() {
        if plan.keepsConnections || hasOwnCallers { unprepared = clients.count }
        prepareMore()
        // Fails only if the kernel takes the epoll descriptor away.
        try? loop.run()
        for client in clients { client.dropConnection() }
        post.deliver(tally)
    }

    // MARK: What clients ask and tell

    func nextContext(_ role: CallerRole) -> TLSClientContext {
        contexts.next(role)
    }

    /// Reads into the thread's block.
    func read(_ tls: inout TLSConnection?) throws(TLSError) -> TLSConnection.Progress {
        // Out of the class, whose properties cannot lend a span beyond one statement.
        var block: [UInt8] = []
        swap(&block, &self.block)
        defer { swap(&block, &self.block) }
        var room = block.mutableSpan
        return try tls?.read(into: &room) ?? .closed
    }

    /// Shows a response the first bytes of the thread's block.
    func take(_ count: Int, _ response: inout ResponseReader) throws(MessageError) -> Bool {
        let block = block
        return try response.take(block.span.extracting(0..<count), scratch: &head)
    }

    func ended(_ client: LoadClient, _ attempt: Attempt, _ outcome: LoadOutcome) {
        if attempt.isPreparation {
            beingPrepared -= 1
            if !outcome.isSuccess, firstFailure == nil { firstFailure = outcome }
            if outcome.isSuccess, client.isResting || !plan.keepsConnections { post.gauge.add(.open, 1) }
        } else {
            tally.record(outcome, of: attempt.role)
            if case .status = outcome { tally.responses += 1 }
            tally.whole.record(nanoseconds: MonotonicTime.now().nanoseconds(since: attempt.intended))
            post.gauge.add(outcome.isSuccess ? .succeeded : .failed, 1)
        }
        free.append(client)
        askForDispatch()
    }

    func lostConnection() {
        tally.lostConnections += 1
        post.gauge.add(.open, -1)
    }

    // MARK: Who does what next

    /// Not at once, for an attempt that fails at once would begin the next one for ever.
    private func askForDispatch() {
        guard !isDispatchAsked else { return }
        isDispatchAsked = true
        loop.afterEvents(self)
    }

    func eventsHandled() {
        isDispatchAsked = false
        dispatch()
    }

    func timerFired(_ token: Int) {
        dispatch()
    }

    func wokenUp() {
        if post.isStopping {
            phase = .finished
            loop.stop()
        } else if phase == .ready, let start = post.startTime {
            pacer = plan.mode == .connections ? nil : makePacer(start)
            phase = .running
            if plan.mode == .connections {
                timer?.schedule(at: start + (plan.duration ?? .seconds(0)))
            } else {
                dispatch()
            }
        }
    }

    private func makePacer(_ start: MonotonicTime) -> Pacer {
        let rate: Double? = if case .perSecond(let rate) = plan.pace { rate / Double(plan.threads) } else { nil }
        return Pacer(
            start: start, perSecond: rate, duration: plan.duration,
            limit: plan.count.map { post.share(of: $0, among: plan.threads) }, patience: patience)
    }

    private func dispatch() {
        switch phase {
        case .preparing: prepareMore()
        case .ready, .finished: return
        case .running where plan.mode == .connections: finish()
        case .running: beginAttempts()
        }
    }

    private func prepareMore() {
        if clients.count == unprepared { free = [] }
        while unprepared > 0, beingPrepared < Self.preparationWidth {
            let client = clients[clients.count - unprepared]
            unprepared -= 1
            beingPrepared += 1
            client.begin(Attempt(role: .full, intended: .now(), isPreparation: true))
        }
        guard unprepared == 0, beingPrepared == 0 else { return }
        free = clients
        phase = .ready
        post.announceReady(failure: firstFailure)
    }

    private func beginAttempts() {
        // Each at most once: what fails at once is free again before this ends.
        for _ in 0..<free.count {
            switch pacer?.next(at: loop.now) ?? .finished {
            case .begin(let intended):
                guard let client = free.popLast() else { return }
                client.begin(Attempt(role: dealer.next(), intended: intended))
            case .wait(let next):
                timer?.schedule(at: next)
                return
            case .finished:
                if free.count == clients.count { finish() }
                return
            }
        }
    }

    private func finish() {
        tally.unsent = pacer?.unsent ?? 0
        phase = .finished
        loop.stop()
    }
}
