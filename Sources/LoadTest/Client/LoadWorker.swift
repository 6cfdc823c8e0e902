import EventLoop
import HTTP
import HTTP1
import HTTP2
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
    let request: LoadRequest
    /// Nanoseconds that an attempt may take, and one of a slow caller.
    let patience, slowPatience: UInt64
    var tally = LoadTally()

    private let post: WorkerPost
    private var contexts: CallerContexts
    private var dealer: RoleDealer
    private var pacer: Pacer?
    private var phase = Phase.preparing
    private var origin = MonotonicTime.now()
    private var clients: [LoadClient] = []
    /// Those that take attempts, the one that rested last at the end: a few busy connections say more of a server at a
    /// low rate than many that are asleep.
    private var free: [LoadClient] = []
    private var inHand = 0
    private var slowClients: [LoadClient] = []
    private var slowFree: [(client: LoadClient, role: CallerRole)] = []
    private var preparation: Preparation
    private var joining: Joining?
    private var isDispatchAsked = false
    private var timer: Timer?
    private var bell: WakeupWatcher?
    private var block = [UInt8](repeating: 0, count: 64 * 1024)
    private var head = ResponseHead()

    init(plan: LoadPlan, callers: CallerSet, connections: Int, post: WorkerPost) throws(LoadError) {
        do throws(EventLoopError) {
            loop = try EventLoop()
        } catch {
            throw .system(error.description)
        }
        self.plan = plan
        self.post = post
        request = try LoadRequest(plan)
        patience = plan.timeout.wholeNanoseconds
        slowPatience = plan.slowPatience.wholeNanoseconds
        contexts = try CallerContexts(callers, plan: plan)
        dealer = RoleDealer(plan.roles.ordinary)
        preparation = Preparation(plan, connections: connections)
        timer = Timer(loop: loop, handler: self)
        bell = WakeupWatcher(loop: loop, wakeup: post.bell, handler: self)
        // Each has a caller of its own where it resumes that one's session.
        let hasOwnCallers = plan.roles[.resumed] > 0
        for _ in 0..<connections {
            clients.append(LoadClient(worker: self, own: hasOwnCallers ? contexts.next(.full) : nil))
        }
        for role in CallerRole.allCases {
            let count = plan.roles.slowConnections(role, of: plan.connections)
            for _ in 0..<post.share(of: count, among: plan.threads) {
                let client = LoadClient(worker: self, own: nil, isSlow: true)
                slowClients.append(client)
                slowFree.append((client, role))
            }
        }
    }

    /// Does the work of the thread, until the plan is fulfilled or the bell says to stop.
    func run() {
        prepareMore()
        // Fails only if the kernel takes the epoll descriptor away.
        try? loop.run()
        tally.heldConnections = clients.count { $0.isResting }
        for client in slowClients {
            for attempt in client.attemptsInHand { record(attempt, .unfinished) }
        }
        for client in clients + slowClients { client.dropConnection() }
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

    /// Shows a session the first bytes of the thread's block.
    func feed(_ count: Int, to codec: HTTP2ClientSession) {
        let block = block
        try? codec.receive(block.span.extracting(0..<count), at: loop.now.nanoseconds)
    }

    /// Whether an attempt is part of what is measured: where connections are, making them ready is.
    func counts(_ attempt: Attempt) -> Bool {
        !attempt.isPreparation || plan.mode == .connections
    }

    func firstByteCame(of attempt: Attempt) {
        guard counts(attempt), !attempt.role.isSlow else { return }
        tally.firstByte.record(nanoseconds: MonotonicTime.now().nanoseconds(since: attempt.intended))
    }

    func ended(_ client: LoadClient, _ attempt: Attempt, _ outcome: LoadOutcome) {
        if attempt.isPreparation {
            preparation.ended(outcome)
            if outcome.isSuccess { post.gauge.add(.ready, 1) }
        }
        if counts(attempt) { record(attempt, outcome) }
        if attempt.role.isSlow {
            slowFree.append((client, attempt.role))
        } else if !attempt.isPreparation {
            inHand -= 1
        }
        offer(client)
        askForDispatch()
    }

    private func record(_ attempt: Attempt, _ outcome: LoadOutcome) {
        tally.record(outcome, of: attempt.role)
        if case .status = outcome { tally.responses += 1 }
        let isExpected = attempt.role.expects(outcome)
        post.gauge.add(isExpected ? .expected : .unexpected, 1)
        guard !attempt.role.isSlow else { return }
        let now = MonotonicTime.now()
        let time = now.nanoseconds(since: attempt.intended)
        tally.whole.record(nanoseconds: time)
        tally.timeline.record(after: now.nanoseconds(since: origin), took: time, isExpected: isExpected)
    }

    func connectionOpened() { post.gauge.add(.open, 1) }
    func connectionClosed() { post.gauge.add(.open, -1) }

    /// The server ended a connection on which nothing was being done.
    func lostConnection() { tally.lostConnections += 1 }

    // MARK: Who does what next

    /// Takes a client for an attempt to come, if it takes one.
    func offer(_ client: LoadClient) {
        guard phase == .running, !client.isListed, !client.isSlow, client.takesAttempt else { return }
        client.isListed = true
        free.append(client)
    }

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
            finish()
        } else if phase == .ready, let start = post.startTime {
            phase = .running
            if plan.mode == .connections {
                timer?.schedule(at: start + (plan.duration ?? .seconds(0)))
            } else {
                begin(at: start)
            }
        }
    }

    private func begin(at start: MonotonicTime) {
        origin = start
        let rate: Rate? = if case .perSecond(let rate) = plan.pace { rate.shared(among: plan.threads) } else { nil }
        pacer = Pacer(
            start: start, rate: rate, duration: plan.duration,
            limit: plan.count.map { post.share(of: $0, among: plan.threads) }, patience: patience)
        joining = Joining(of: clients.count, since: start, over: rate == nil ? plan.ramp : nil)
        dispatch()
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
        while let index = preparation.next(at: loop.now) {
            clients[index].begin(Attempt(role: .full, intended: loop.now, isPreparation: true))
        }
        if let time = preparation.waitsUntil { timer?.schedule(at: time) }
        guard preparation.isComplete, phase == .preparing else { return }
        phase = .ready
        post.announceReady(failure: preparation.firstFailure)
    }

    private func beginAttempts() {
        if let more = joining?.next(at: loop.now) {
            for index in more.indices { offer(clients[index]) }
            if let time = more.nextTime { timer?.schedule(at: time) }
        }
        // As many as can be in hand: what fails at once is free again before this ends.
        for _ in 0..<max(clients.count * plan.streams, 1) {
            guard let client = nextFree() else { return beginSlowAttempts() }
            switch pacer?.next(at: loop.now) ?? .finished {
            case .begin(let intended):
                inHand += 1
                client.begin(Attempt(role: dealer.next(), intended: intended))
                offer(client)
            case .wait(let next):
                offer(client)
                timer?.schedule(at: next)
                return beginSlowAttempts()
            case .finished:
                offer(client)
                if inHand == 0 { finish() }
                return
            }
        }
        beginSlowAttempts()
    }

    private func nextFree() -> LoadClient? {
        while let client = free.popLast() {
            client.isListed = false
            if client.takesAttempt { return client }
        }
        return nil
    }

    private func beginSlowAttempts() {
        let free = slowFree
        slowFree = []
        for (client, role) in free { client.begin(Attempt(role: role, intended: loop.now)) }
    }

    private func finish() {
        tally.unsent = pacer?.unsent ?? 0
        phase = .finished
        loop.stop()
    }
}
