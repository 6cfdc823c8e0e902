internal import Configuration
internal import EventLoop
internal import Logging
internal import Revocation
internal import Trust

/// The control thread's part of a running gateway.
///
/// Compiles the configuration, binds, starts the workers, and then waits for signals and for news of revocation.
/// Everything that blocks, reading files and resolving names, happens here and never on a worker.
final class ControlThread: SignalHandler, WakeupHandler, TimerHandler {
    private let loop: EventLoop
    private let log: Logger
    private let loadConfiguration: () throws(ConfigurationErrors) -> GatewayConfiguration
    private let tickets = TicketKeyrings()
    private let inbox: ControlInbox
    private let logs: LogFiles
    private let revocation: RevocationDesk
    private let admin: AdminDesk
    private var adminServer: LocalServer?
    private var rotation: Timer?
    private let names: NameDesk
    private var refresh: Timer?
    private let workers: [WorkerInbox]
    private var snapshots: [String: RevocationSnapshot] = [:]
    private var configuration: GatewayConfiguration
    private var epoch: Epoch
    private var threads: [ThreadHandle] = []
    private var signals: SignalWatcher?
    private var wakeup: WakeupWatcher?
    private var isDraining = false
    private var running = 0

    private static let served: [Signal] = [.hangup, .terminate, .interrupt, .user1]

    /// Prepares: compiles the configuration, opens the logs.
    ///
    /// Nothing is bound yet.
    init(
        _ configuration: GatewayConfiguration, logStyle: LogStyle,
        reload: @escaping () throws(ConfigurationErrors) -> GatewayConfiguration, log: Logger
    ) throws(StartupProblem) {
        self.log = log
        self.configuration = configuration
        loadConfiguration = reload
        var compiler = EpochCompiler(configuration, number: 1, tickets: tickets)
        epoch = try compiler.compile()
        logs = try LogFiles(configuration.logging, style: logStyle)
        do {
            loop = try EventLoop()
            inbox = try ControlInbox()
            var workers: [WorkerInbox] = []
            for _ in 0..<configuration.workerCount { workers.append(try WorkerInbox()) }
            self.workers = workers
        } catch {
            throw StartupProblem(location: nil, message: "\(error)", remedy: nil)
        }
        revocation = RevocationDesk(inbox: inbox)
        names = NameDesk(loop: loop, inbox: inbox)
        admin = AdminDesk(epoch: epoch, logs: logs)
        for warning in configuration.warnings {
            log.warning("\(configuration.file):\(warning.location): \(warning.message)")
        }
    }

    /// Serves until SIGTERM or SIGINT has drained the workers.
    func run(ready: ([(listener: String, address: String)]) -> Void) throws(StartupProblem) {
        Signal.block(Self.served)
        Signal.ignoreBrokenPipes()
        RevocationThread.prepareProcess()
        let bound = try BoundSockets(for: configuration)
        if let section = configuration.admin { adminServer = try startAdmin(section) }
        try Privileges.drop(to: configuration.user)
        try revocation.adopt(configuration, trusts: epoch.trusts)
        do {
            signals = try SignalWatcher(loop: loop, signals: Self.served, handler: self)
            wakeup = WakeupWatcher(loop: loop, wakeup: inbox.bell, handler: self)
            for writer in logs.writers { threads.append(try spawnThread(name: "log", writer)) }
            // Nobody is judged before what is at hand of revocation has been read.
            while epoch.trusts.contains(where: { snapshots[$0.name] == nil }), !isDraining { try loop.turn() }
            for number in workers.indices { try startWorker(number, sockets: bound.sockets[number]) }
            if isDraining { post(.drain(configuration.drainTimeout)) }
            rotation = Timer(loop: loop, handler: self, token: TimerToken.rotation)
            rotation?.schedule(after: Limits.ticketKeyRotation)
            names.watch(epoch.upstreams)
            refresh = Timer(loop: loop, handler: self, token: TimerToken.refresh)
            refresh?.schedule(after: Limits.ticketKeyRefresh)
            Expiry.warn(of: configuration, epoch: epoch, log: log)
            ready(bound.addresses + (adminServer.map { [(listener: "admin", address: $0.address)] } ?? []))
            try loop.run()
        } catch {
            throw StartupProblem(location: nil, message: "\(error)", remedy: nil)
        }
        revocation.stop()
        adminServer?.stop()
        adminServer?.wait()
        logs.close()
        for thread in threads { thread.join() }
    }

    private func startWorker(_ number: Int, sockets: [String: Int32]) throws(EventLoopError) {
        let seed = WorkerSeed(
            number: number, inbox: workers[number], epoch: epoch, revocations: snapshots, sockets: sockets,
            journal: logs.settings, control: inbox, scoreboard: admin.scoreboard)
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

    private func post(_ message: WorkerMessage) {
        for worker in workers { worker.post(message) }
    }

    private func startAdmin(_ section: AdminConfiguration) throws(StartupProblem) -> LocalServer {
        guard let address = SocketAddress(parsing: "\(section.address)") else {
            throw StartupProblem(
                location: section.location, message: "\(section.address) is not an address",
                remedy: "Give HOST:PORT with an IP address, or unix:PATH.")
        }
        return try LocalServer(.admin(admin), name: "admin", on: address)
    }

    // MARK: What is heard

    private enum TimerToken {
        static var rotation: Int { 0 }
        static var refresh: Int { 1 }
    }

    func timerFired(_ token: Int) {
        if token == TimerToken.rotation {
            // A key that is stolen later opens no more than a day's sessions.
            tickets.rotate()
            rotation?.schedule(after: Limits.ticketKeyRotation)
        } else {
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
            case .news(let news, let worker):
                log.log(level: news.level, "\(news)", metadata: ["worker": "\(worker)"])
            case .lookedUp(let lookups):
                for change in names.take(lookups, log: log) {
                    post(.addresses(change.addresses, of: change.name, in: change.plan))
                }
            case .workerEnded:
                running -= 1
                // After a drain that is the end; otherwise the others are asked to follow.
                drain()
                if running == 0 { loop.stop() }
            }
        }
    }

    func received(_ signal: Signal, from sender: Int32) {
        switch signal {
        case .hangup: reload()
        case .user1: logs.reopen()
        case .terminate, .interrupt:
            log.notice("draining", metadata: ["signal": "\(signal)", "from": "\(sender)"])
            drain()
        default: break
        }
    }

    private func drain() {
        guard !isDraining else { return }
        isDraining = true
        admin.drain()
        post(.drain(configuration.drainTimeout))
    }

    /// Takes the configuration as it is on disk now: whole, or not at all.
    private func reload() {
        do {
            let configuration = try loadConfiguration()
            var compiler = EpochCompiler(configuration, number: epoch.number + 1, tickets: tickets)
            let next = try compiler.compile()
            for change in Reloading.ignoredChanges(from: self.configuration, to: configuration) {
                log.warning("not changed by a reload: \(change)")
            }
            try revocation.adopt(configuration, trusts: next.trusts)
            epoch = next
            self.configuration = configuration
            post(.adopt(next))
            names.watch(next.upstreams)
            admin.adopt(next)
            Expiry.warn(of: configuration, epoch: next, log: log)
            log.notice("configuration reloaded", metadata: ["epoch": "\(next.number)"])
        } catch {
            log.error("reload refused, the configuration in force stays\n\(error)")
        }
    }
}

extension RevocationEvent {
    /// How much it matters to an operator.
    fileprivate var level: Logger.Level {
        switch self {
        case .offered(.accepted, _): .notice
        case .offered(.refused, _), .unreadable, .fetchFailed, .notKept, .expiring: .warning
        case .stale, .missing: .error
        case .offered, .notModified, .published: .debug
        }
    }
}

extension WorkerNews: CustomStringConvertible {
    var description: String {
        switch self {
        case .server(.wentOut, let name, let upstream): "upstream \(upstream): \(name) fails its health checks"
        case .server(.cameBack, let name, let upstream): "upstream \(upstream): \(name) is healthy again"
        case .server(.ejected, let name, let upstream): "upstream \(upstream): \(name) is left alone for a while"
        }
    }

    fileprivate var level: Logger.Level {
        switch self {
        case .server(.cameBack, _, _): .notice
        case .server(.wentOut, _, _), .server(.ejected, _, _): .warning
        }
    }
}
