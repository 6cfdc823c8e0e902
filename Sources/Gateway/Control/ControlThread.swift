internal import Configuration
internal import EventLoop
internal import Fetching
internal import Logging
internal import Revocation
internal import Token
internal import Trust

/// The control thread's part of a running gateway.
///
/// Compiles the configuration, binds, starts the workers, and then waits for signals and for news of revocation.
/// Everything that blocks, reading files and resolving names, happens here and never on a worker.
final class ControlThread: SignalHandler, WakeupHandler, TimerHandler {
    let loop: EventLoop
    let log: Logger
    let loadConfiguration: () throws(ConfigurationErrors) -> GatewayConfiguration
    let tickets = TicketKeyrings()
    let enrolments = EnrolmentDesk()
    let revocation: RevocationDesk
    let tokens: TokenDesk
    let tracing: TracingDesk
    let admin: AdminDesk
    let names: NameDesk
    let surveillance: ExpirySurveillance
    let manager: ServiceManager
    let seed: SuccessorSeed
    private let inbox: ControlInbox
    private let logs: LogFiles
    private let workers: [WorkerInbox]
    private var snapshots: [String: RevocationSnapshot] = [:]
    private var threads: [ThreadHandle] = []
    private var signals: SignalWatcher?
    private var wakeup: WakeupWatcher?
    private var rotation: Timer?
    private var refresh: Timer?
    private var enrolmentWatch: EnrolmentWatch?
    private var watchdog: Watchdog?
    private var sampler: StatusSampler?
    private var adminServer: LocalServer?
    private var running = 0
    private(set) var isDraining = false
    /// When what is in hand has to have ended; nil while nothing does.
    private var drainDeadline: MonotonicTime?

    /// What is in force.
    var configuration: GatewayConfiguration
    var epoch: Epoch
    /// The files that the epoch was made of, as they were before they were read.
    var readState: [String: FileFingerprint]
    var files: FileWatch?
    var door: ControlSocket?
    /// Every listening socket, for a process that is to take over.
    var sockets: [(name: String, number: Int32)] = []
    /// That process, while it is not ready yet.
    var successor: Successor?

    private static let served: [Signal] = [.hangup, .terminate, .interrupt, .user1, .user2]

    /// Prepares: compiles the configuration, opens the logs.
    ///
    /// Nothing is bound yet.
    init(
        _ configuration: GatewayConfiguration, launch: Launch, logStyle: LogStyle,
        reload: @escaping () throws(ConfigurationErrors) -> GatewayConfiguration, log: Logger,
        operatorLog: OperatorLog? = nil
    ) throws(StartupProblem) {
        self.log = log
        self.configuration = configuration
        loadConfiguration = reload
        manager = ServiceManager(environment: launch.environment, process: Process.own)
        seed = SuccessorSeed(arguments: launch.arguments, environment: launch.environment)
        readState = FileWatch.fingerprints(of: WatchedFiles.paths(of: configuration))
        var compiler = EpochCompiler(configuration, number: 1, tickets: tickets, enrolments: enrolments)
        epoch = try compiler.compile()
        logs = try LogFiles(
            configuration.logging, style: logStyle, workers: configuration.workerCount,
            operatorLog: operatorLog?.sink)
        do {
            loop = try EventLoop()
            inbox = try ControlInbox()
            var workers: [WorkerInbox] = []
            for _ in 0..<configuration.workerCount { workers.append(try WorkerInbox()) }
            self.workers = workers
        } catch {
            throw StartupProblem(location: nil, message: "\(error)", remedy: nil)
        }
        revocation = RevocationDesk(inbox: inbox, stateDirectory: configuration.stateDirectory.path)
        tokens = TokenDesk(inbox: inbox)
        names = NameDesk(loop: loop, inbox: inbox)
        tracing = try TracingDesk(log: log)
        admin = AdminDesk(
            epoch: epoch, logs: logs, version: launch.version, hosts: AdminHosts(configuration.admin?.hosts ?? []),
            tracing: tracing)
        admin.adopt(enrolments.standings)
        surveillance = ExpirySurveillance(
            loop: loop, admin: admin, stateDirectory: configuration.stateDirectory.path, log: log)
        for warning in configuration.warnings {
            log.warning("\(configuration.file):\(warning.location): \(warning.message)")
        }
    }

    /// Serves until SIGTERM or SIGINT has drained the workers, or another process has taken over.
    func run(ready: ([(listener: String, address: String)]) -> Void) throws(StartupProblem) {
        Signal.block(Self.served)
        Signal.ignoreBrokenPipes()
        Fetcher.prepareProcess()
        var inherited = InheritedSockets(environment: seed.environment, process: Process.own)
        let predecessor = inherited.take(InheritedSockets.Name.ready).first.map { Predecessor(descriptor: $0) }
        let bound = try BoundSockets(for: configuration, inheriting: &inherited)
        sockets = bound.passedOn
        let adminSocket = try bindAdmin(&inherited)
        try Privileges.drop(to: configuration.user, givingAway: configuration.logging.files)
        openDoor(&inherited)
        try Confinement(configuration, executable: seed.executable).apply(log: log)
        if let adminSocket { adminServer = try LocalServer(.admin(admin), name: "admin", socket: adminSocket) }
        try revocation.adopt(try revocation.plan(configuration, trusts: epoch.trusts))
        try tokens.prepare(for: epoch.tokens)
        tokens.adopt(epoch.tokens)
        try tracing.adopt(epoch.spanExport)
        do {
            signals = try SignalWatcher(loop: loop, signals: Self.served, handler: self)
            wakeup = WakeupWatcher(loop: loop, wakeup: inbox.bell, handler: self)
            for writer in logs.writers { threads.append(try spawnThread(name: "log", writer)) }
            // Nobody is judged before what is at hand of revocation has been read.
            while epoch.trusts.contains(where: { snapshots[$0.name] == nil }), !isDraining { try loop.turn() }
            if predecessor != nil { try awaitTokenKeys() }
            for number in workers.indices { try startWorker(number, sockets: bound.sockets[number]) }
            if isDraining { post(.drain(configuration.drainTimeout, .ending)) }
            startTimers()
            surveillance.start(telling: configuration.expiryWebhook)
            door?.start()
            ready(bound.addresses + (adminServer.map { [(listener: "admin", address: $0.address)] } ?? []))
            manager.ready(status)
            predecessor?.tellReady()
            try loop.run()
        } catch {
            throw StartupProblem(location: nil, message: "\(error)", remedy: nil)
        }
        end()
    }

    /// The process before this one has the issuers' keys: while it serves there is time to fetch them, within reason.
    private func awaitTokenKeys() throws(EventLoopError) {
        let deadline = MonotonicTime.now() + Limits.upgradeKeyPatience
        var alarm = Timer(loop: loop, handler: self, token: TimerToken.patience)
        alarm.schedule(after: Limits.upgradeKeyPatience)
        while admin.awaitsTokenKeys, !isDraining, MonotonicTime.now() < deadline { try loop.turn() }
        alarm.cancel()
    }

    /// What was known of trusts that are no more is let go.
    func forgetTrusts() {
        snapshots = snapshots.filter { kept in epoch.trusts.contains { $0.name == kept.key } }
    }

    private func end() {
        files?.stop()
        surveillance.stop()
        revocation.stop()
        tokens.stop()
        adminServer?.stop()
        adminServer?.wait()
        let soon = MonotonicTime.now() + Limits.spanFlush
        tracing.stop(by: max(soon, drainDeadline ?? soon))
        logs.close()
        for thread in threads { thread.join() }
    }

    private func bindAdmin(_ inherited: inout InheritedSockets) throws(StartupProblem) -> SocketShare? {
        guard let section = configuration.admin else { return nil }
        let socket = try BoundSockets.open(section, inheriting: &inherited, file: configuration.file)
        sockets.append((name: InheritedSockets.Name.admin, number: socket.number))
        return socket
    }

    private func startTimers() {
        rotation = Timer(loop: loop, handler: self, token: TimerToken.rotation)
        rotation?.schedule(after: Limits.ticketKeyRotation)
        refresh = Timer(loop: loop, handler: self, token: TimerToken.refresh)
        refresh?.schedule(after: Limits.ticketKeyRefresh)
        enrolmentWatch = EnrolmentWatch(enrolments, loop: loop, log: log) { [unowned self] in
            adoptEnrolments(hasChanged: $0)
        }
        names.watch(epoch.upstreams)
        watchdog = Watchdog(loop: loop, scoreboard: admin.scoreboard, manager: manager, log: log) {
            [unowned self] jump in
            log.warning("the wall clock was set by \(jump) seconds: every caller is looked at again")
            post(.clockSet)
            surveillance.look()
        }
        watchdog?.start()
        if configuration.admin != nil { sampler = StatusSampler(loop: loop, desk: admin, revocation: revocation) }
        files = FileWatch(loop: loop) { [unowned self] in reload(because: .files($0)) }
        files?.watch(WatchedFiles.paths(of: configuration), since: readState)
    }

    private func startWorker(_ number: Int, sockets: [String: [SocketShare]]) throws(EventLoopError) {
        let seed = WorkerSeed(
            number: number, inbox: workers[number], epoch: epoch, revocations: snapshots, sockets: sockets,
            journal: logs.settings, control: inbox, scoreboard: admin.scoreboard, spans: tracing.queue)
        let inbox = self.inbox
        let log = self.log
        running += 1
        let thread = try spawnThread(name: "worker-\(number)") {
            do {
                try Worker(seed).run()
            } catch {
                log.critical("worker \(number) ended: \(error)")
            }
            inbox.post(.workerEnded(number))
        }
        threads.append(thread)
    }

    func post(_ message: WorkerMessage) {
        for worker in workers { worker.post(message) }
    }

    /// For who started the process, in words.
    var status: String {
        "serving by configuration \(epoch.number), \(epoch.listeners.count) listeners, \(workers.count) workers"
    }

    // MARK: What is heard

    private enum TimerToken {
        static var rotation: Int { 0 }
        static var refresh: Int { 1 }
        /// Only ends a wait.
        static var patience: Int { 2 }
    }

    func timerFired(_ token: Int) {
        if token == TimerToken.rotation {
            // A key that is stolen later opens no more than a day's sessions.
            tickets.rotate()
            rotation?.schedule(after: Limits.ticketKeyRotation)
        } else if token == TimerToken.refresh {
            for problem in tickets.refresh() { log.warning("\(problem)") }
            refresh?.schedule(after: Limits.ticketKeyRefresh)
        }
    }

    func wokenUp() {
        for message in inbox.take() {
            switch message {
            case .snapshot(let trust, let snapshot):
                snapshots[trust] = snapshot
                admin.adopt(snapshot, of: trust)
                post(.revocation(trust: trust, snapshot))
            case .revocation(let trust, let event):
                // A trust with `check: off` asks for no CRL, and has said so at the start.
                let isAsked = epoch.trusts.contains { $0.name == trust && $0.revocation != .off }
                log.log(level: isAsked ? event.level : .debug, "\(event)", metadata: ["trust": "\(trust)"])
                admin.note(event, of: trust)
            case .keys(let keys, let source):
                admin.adopt(keys: keys.count, of: source, for: tokens.names(of: source))
                post(.keys(keys, of: source))
            case .keyEvent(let event, let source):
                for issuer in tokens.names(of: source) {
                    log.log(level: event.level, "\(event)", metadata: ["token_issuer": "\(issuer)"])
                }
            case .news(let news, let worker):
                if case .keysWanted(let issuer) = news { tokens.want(issuer) }
                log.log(level: news.level, "\(news)", metadata: ["worker": "\(worker)"])
            case .seen(let callers):
                surveillance.note(callers)
            case .lookedUp(let lookups):
                for change in names.take(lookups, log: log) {
                    post(.addresses(change.addresses, of: change.name, in: change.plan))
                }
            case .workerEnded:
                running -= 1
                // After a drain that is the end; otherwise the others are asked to follow.
                drain(.ending)
                if running == 0 { loop.stop() }
            }
        }
    }

    func received(_ signal: Signal, from sender: Int32) {
        switch signal {
        case .hangup: reload(because: .signal(from: sender))
        case .user1: logs.reopen()
        case .user2: upgrade()
        case .terminate, .interrupt:
            log.notice("draining", metadata: ["signal": "\(signal)", "from": "\(sender)"])
            drain(.ending)
        default: break
        }
    }

    /// Lets what is in hand end, and ends.
    func drain(_ manner: DrainManner) {
        guard !isDraining else { return }
        isDraining = true
        drainDeadline = .now() + configuration.drainTimeout
        watchdog = nil
        files?.stop()
        admin.drain()
        switch manner {
        case .ending:
            manager.stopping()
            door?.close()
        case .handingOver:
            // Who asks from now on asks the new process, which has these sockets too.
            door?.handOver()
            adminServer?.stop(.handingOver)
        }
        post(.drain(configuration.drainTimeout, manner))
    }
}
