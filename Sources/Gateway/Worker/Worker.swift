internal import CLinux
internal import DER
internal import EventLoop
internal import HTTP
internal import IGCSante
internal import Observability
internal import Revocation
internal import Trust

/// One thread's share of the gateway: a loop, its listeners, its connections and its upstream pools.
///
/// Workers share nothing but immutable snapshots, and the counts of limits that hold for the whole process. Nothing of
/// a worker is touched by another thread: what others want of it they put in its `WorkerInbox`.
final class Worker: AfterEventsHandler, WakeupHandler, TimerHandler {
    let number: Int
    let loop: EventLoop
    let blocks = BlockPool()
    let journal: Journal
    var connections = ConnectionTable()

    /// Bytes being composed, a head mostly, before they are queued.
    ///
    /// Of no meaning between two calls.
    var scratch: [UInt8] = []

    /// Whose callers are connected.
    var structures = ConnectedStructures()

    /// Who judges the access tokens of requests.
    private(set) var tokens = TokenJudges()

    private let inbox: WorkerInbox
    private var wakeup: WakeupWatcher?
    private var listeners: [Listener] = []
    private var pools: [String: UpstreamPool] = [:]
    /// The one that was asked for last, which mostly is the one asked for next.
    private var lastPool: UpstreamPool?
    private var revocations: [String: RevocationSnapshot]
    private var attention: [Connection] = []
    private var attending: [Connection] = []
    private var connectionNumbers: UInt64 = 0
    private var drainTimer: DrainTimer?
    private let control: ControlInbox?
    private let scoreboard: Scoreboard
    private let spans: SpanQueue?
    private var reportTimer: Timer?
    private var reportDue: MonotonicTime?

    /// The configuration in force.
    private(set) var epoch: Epoch
    /// Its enrolment lists, as they are now.
    private(set) var enrolments: [EnrolmentTable]
    /// How often what callers are rendered by has changed.
    private var edition = 0

    /// Whether connections end as their exchanges do, and no new ones are accepted.
    private(set) var isDraining = false

    /// To be made on the thread that will run it.
    init(_ seed: WorkerSeed) throws(EventLoopError) {
        number = seed.number
        loop = try EventLoop()
        inbox = seed.inbox
        control = seed.control
        scoreboard = seed.scoreboard
        epoch = seed.epoch
        enrolments = seed.epoch.enrolments
        revocations = seed.revocations
        journal = Journal(seed.journal)
        journal.makeRoom(for: epoch.meters)
        spans = seed.spans
        journal.adopt(epoch.tracing, into: spans)
        scratch.reserveCapacity(BlockPool.blockSize)
        for plan in epoch.listeners {
            guard let sockets = seed.sockets[plan.name] else { continue }
            listeners.append(Listener(plan: plan, sockets: sockets, worker: self))
        }
        for listener in listeners { equip(listener) }
        tokens.adopt(epoch.tokens, worker: self)
        reportTimer = Timer(loop: loop, handler: self)
        wakeup = WakeupWatcher(loop: loop, wakeup: inbox.bell, handler: self)
    }

    /// Serves until it is told to stop, or has drained.
    func run() throws(EventLoopError) {
        for plan in epoch.upstreams { replacePool(by: plan) }
        for listener in listeners { listener.start() }
        timerFired(0)
        try loop.run()
        journal.tellOmissions(isEnd: true)
        tellCallers()
    }

    /// The wall clock.
    var now: Timestamp { .now() }

    func nextConnectionNumber() -> UInt64 {
        connectionNumbers += 1
        return UInt64(number) << 48 | connectionNumbers
    }

    /// The pool of an upstream.
    ///
    /// A request that began before a reload goes on by the configuration that is in force now; where that has no
    /// upstream of the name any more, by its own, with a pool that probes nobody and that the next reload takes away.
    func pool(for plan: UpstreamPlan) -> UpstreamPool {
        if let lastPool, lastPool.plan === plan { return lastPool }
        let pool = pools[plan.name] ?? UpstreamPool(leaving: plan, worker: self)
        pools[plan.name] = pool
        lastPool = pool
        return pool
    }

    private func replacePool(by plan: UpstreamPlan) {
        let former = pools[plan.name]
        let pool = UpstreamPool(plan: plan, worker: self, after: former)
        pools[plan.name] = pool
        lastPool = nil
        former?.retire()
    }

    /// Closes what upstream connections are a caller's own.
    func callerGone(_ caller: DownstreamConnection) {
        for pool in pools.values where pool.plan.introduction != nil { pool.callerGone(caller.number) }
    }

    /// Tells the operator.
    func report(_ news: WorkerNews) {
        control?.post(.news(news, from: number))
    }

    /// Tells of the callers that were admitted since the last time.
    private func tellCallers() {
        let seen = journal.takeCallers()
        if !seen.isEmpty { control?.post(.seen(seen)) }
    }

    // MARK: Settling

    /// Has `connection` looked after at the end of this iteration of the loop.
    func attend(to connection: Connection) {
        if attention.isEmpty { loop.afterEvents(self) }
        attention.append(connection)
    }

    func eventsHandled() {
        // What comes up while settling waits for the next iteration, which does not sleep: no connection can keep the
        // others from being read.
        swap(&attention, &attending)
        for connection in attending { connection.attend() }
        attending.removeAll(keepingCapacity: true)
        shed()
        if isDraining { stopIfDrained() }
    }

    // MARK: What other threads ask

    func wokenUp() {
        for message in inbox.take() {
            switch message {
            case .adopt(let epoch): adopt(epoch)
            case .revocation(let trust, let snapshot): adopt(snapshot, of: trust)
            case .enrolments(let tables): adopt(tables)
            case .keys(let keys, let source): tokens.adopt(keys, of: source)
            case .addresses(let addresses, let name, let plan):
                guard let pool = pools[plan.name], pool.plan === plan else { continue }
                pool.adopt(addresses, of: name.entry)
            case .clockSet: recheckConnections()
            case .drain(let timeout, let manner): drain(within: timeout, manner)
            }
        }
    }

    private func adopt(_ epoch: Epoch) {
        let isRenderedAlike =
            epoch.identity == self.epoch.identity && epoch.enrolments.elementsEqual(enrolments) { $0 === $1 }
        self.epoch = epoch
        journal.makeRoom(for: epoch.meters)
        revocations = revocations.filter { kept in epoch.trusts.contains { $0.name == kept.key } }
        enrolments = epoch.enrolments
        if !isRenderedAlike { edition += 1 }
        tokens.adopt(epoch.tokens, worker: self)
        journal.adopt(epoch.tracing, into: spans)
        for listener in listeners {
            guard let plan = epoch.listener(named: listener.plan.name) else { continue }
            listener.adopt(plan)
            equip(listener)
        }
        for plan in epoch.upstreams { replacePool(by: plan) }
        for name in Array(pools.keys) where !epoch.upstreams.contains(where: { $0.name == name }) {
            pools.removeValue(forKey: name)?.retire()
            lastPool = nil
        }
        recheckConnections()
    }

    private func adopt(_ snapshot: RevocationSnapshot, of trust: String) {
        revocations[trust] = snapshot
        for listener in listeners where listener.plan.trust?.name == trust {
            listener.verifier?.revocation = snapshot
        }
        recheckConnections()
    }

    /// Renders callers by other enrolment lists; those of open connections at their next request.
    private func adopt(_ tables: [EnrolmentTable]) {
        enrolments = tables
        edition += 1
        for listener in listeners { listener.verifier?.render(edition: edition, by: renderer) }
    }

    /// Writes the headers of a caller, and looks it up in the enrolment lists: as they all are now.
    private var renderer: (VerifiedPeer) -> RenderedIdentity {
        let (renderings, tables, edition, structures) = (epoch.identity, enrolments, edition, epoch.structures)
        return { peer in
            renderings.render(
                peer, in: tables, edition: edition, meter: structures.number(of: peer.structure?.raw))
        }
    }

    /// Gives a listener the verifier that its plan asks for; a changed trust means a new one, with an empty cache.
    private func equip(_ listener: Listener) {
        let plan = listener.plan
        guard let trust = plan.trust else {
            listener.verifier = nil
            return
        }
        let snapshot = revocations[trust.name] ?? .empty
        if let verifier = listener.verifier,
            verifier.decides(by: trust, accepted: plan.accept, scope: plan.name)
        {
            // A reload that leaves the trust alone must not cost the signatures of every open connection's path.
            verifier.revocation = snapshot
            verifier.render(edition: edition, by: renderer)
            return
        }
        let verifier = ClientVerifier(
            trust: trust, accepted: plan.accept, scope: plan.name, revocation: snapshot, render: renderer)
        verifier.render(edition: edition, by: renderer)
        listener.verifier = verifier
    }

    /// Ends the connections whose callers may not go on, now that something else is known or trusted.
    private func recheckConnections() {
        for connection in connections.all {
            (connection as? DownstreamConnection)?.recheck()
        }
    }

    /// Time to say how things stand.
    func timerFired(_ token: Int) {
        journal.tellOmissions()
        tellCallers()
        var cache = CacheTotals()
        for listener in listeners {
            guard let counters = listener.verifier?.cacheCounters else { continue }
            cache.hits += counters.hits
            cache.misses += counters.misses
            cache.evictions += counters.evictions
            cache.entries += counters.entries
            cache.bytes += counters.bytes
        }
        let lag = reportDue.map { max(.zero, loop.now - $0) } ?? .zero
        scoreboard.put(
            WorkerReport(
                metrics: journal.metrics, connections: connections.count,
                listeners: listeners.map { (name: $0.plan.name, connections: $0.openConnections) },
                upstreams: pools.values.map(\.report), buffers: blocks.lentBytes, cache: cache,
                standing: WorkerStanding(structures: structures, refusals: journal.recentRefusals), lag: lag),
            of: number)
        for connection in connections.all { connection.rest() }
        // The allocator gives back by itself only what lies at the end of its heap.
        if blocks.shed() >= Limits.shedBlocks { clinux_trim_heap() }
        reportDue = loop.now + Limits.reportInterval
        reportTimer?.schedule(after: Limits.reportInterval)
    }

    // MARK: Ending

    private func drain(within timeout: Duration, _ manner: DrainManner) {
        guard !isDraining else { return }
        isDraining = true
        for listener in listeners { listener.stop(manner) }
        drainTimer = DrainTimer(worker: self, after: timeout, manner)
        for connection in connections.all {
            guard let connection = connection as? DownstreamConnection else { continue }
            switch manner {
            case .ending: connection.finish()
            case .handingOver: connection.finishAfterNext()
            }
        }
        stopIfDrained()
    }

    /// Idle connections have had their time.
    fileprivate func finishConnections() {
        for connection in connections.all { (connection as? DownstreamConnection)?.finish() }
        stopIfDrained()
    }

    private func stopIfDrained() {
        let isServing = connections.all.contains { $0 is DownstreamConnection }
        if !isServing { loop.stop() }
    }

    fileprivate func cutEverything() {
        for connection in connections.all { (connection as? DownstreamConnection)?.cancel() }
        loop.stop()
    }
}

/// Ends a worker's draining when its time is over.
private final class DrainTimer: TimerHandler {
    private unowned let worker: Worker
    private var timer: Timer?

    private var softTimer: Timer?

    private enum Token {
        static var cut: Int { 0 }
        static var finish: Int { 1 }
    }

    init(worker: Worker, after timeout: Duration, _ manner: DrainManner) {
        self.worker = worker
        timer = Timer(loop: worker.loop, handler: self, token: Token.cut)
        timer?.schedule(after: timeout)
        guard case .handingOver = manner else { return }
        softTimer = Timer(loop: worker.loop, handler: self, token: Token.finish)
        softTimer?.schedule(after: timeout / Limits.softDrainShare)
    }

    func timerFired(_ token: Int) {
        if token == Token.cut { worker.cutEverything() } else { worker.finishConnections() }
    }
}
