internal import Configuration
internal import EventLoop
internal import Logging
internal import Revocation

/// The control thread's part of a running gateway.
///
/// Compiles the configuration, binds, starts the workers, and then waits for signals. Everything that blocks, reading
/// files and resolving names, happens here and never on a worker.
final class ControlThread: SignalHandler, WakeupHandler {
    private let loop: EventLoop
    private let log: Logger
    private let loadConfiguration: () throws(ConfigurationErrors) -> GatewayConfiguration
    private let tickets = TicketKeyrings()
    private let finished: WorkerInboxes
    private var configuration: GatewayConfiguration
    private var epoch: Epoch
    private var revocation: RevocationDesk
    private var threads: [ThreadHandle] = []
    private var signals: SignalWatcher?
    private var wakeup: WakeupWatcher?
    private var isDraining = false

    /// Prepares a gateway: compiles the configuration and loads what is known of revocation. Nothing is bound yet.
    ///
    /// - Parameters:
    ///   - configuration: what to serve.
    ///   - reload: reads the configuration again, for SIGHUP.
    ///   - log: the operator's log.
    /// - Throws: `StartupProblem`, naming the line of the configuration.
    init(
        _ configuration: GatewayConfiguration,
        reload: @escaping () throws(ConfigurationErrors) -> GatewayConfiguration, log: Logger
    ) throws(StartupProblem) {
        self.log = log
        self.configuration = configuration
        loadConfiguration = reload
        do {
            loop = try EventLoop()
            finished = try WorkerInboxes(count: configuration.workerCount)
        } catch {
            throw StartupProblem(location: nil, message: "\(error)", remedy: nil)
        }
        var compiler = EpochCompiler(configuration, number: 1, tickets: tickets)
        epoch = try compiler.compile()
        revocation = try RevocationDesk(configuration, trusts: epoch.trusts, log: log)
        for warning in configuration.warnings { log.warning("\(warning)") }
    }

    /// Binds, starts the workers and serves until SIGTERM or SIGINT has drained them.
    ///
    /// - Parameter ready: called when callers are accepted, with each listener's name and bound address.
    /// - Throws: `StartupProblem` when an address cannot be had.
    func run(ready: ([(listener: String, address: String)]) -> Void) throws(StartupProblem) {
        let served: [Signal] = [.hangup, .terminate, .interrupt, .user1]
        Signal.block(served)
        Signal.ignoreBrokenPipes()
        let bound = try BoundSockets(for: configuration)
        try Privileges.drop(to: configuration.user)
        do {
            signals = try SignalWatcher(loop: loop, signals: served, handler: self)
            wakeup = WakeupWatcher(loop: loop, wakeup: finished.ended, handler: self)
            for (number, inbox) in finished.inboxes.enumerated() {
                threads.append(
                    try start(
                        WorkerSeed(
                            number: number, inbox: inbox, epoch: epoch, revocations: revocation.snapshots,
                            sockets: bound.sockets[number], journal: JournalSettings())))
            }
            revocation.start(publishing: finished.inboxes)
            ready(bound.addresses)
            try loop.run()
        } catch {
            throw StartupProblem(location: nil, message: "\(error)", remedy: nil)
        }
        for thread in threads { thread.join() }
        revocation.stop()
    }

    private func start(_ seed: WorkerSeed) throws(EventLoopError) -> ThreadHandle {
        let ended = finished.ended
        let log = self.log
        return try spawnThread(name: "worker-\(seed.number)") {
            do {
                try Worker(seed).run()
            } catch {
                log.critical("worker \(seed.number) ended: \(error)")
            }
            ended.signal()
        }
    }

    /// A worker has ended: after a drain that is the end, otherwise the others are asked to follow.
    func wokenUp() {
        drain()
        loop.stop()
    }

    /// What the operator asks by a signal.
    func received(_ signal: Signal, from sender: Int32) {
        switch signal {
        case .hangup: reload()
        case .user1: finished.post(.reopenLogs)
        case .terminate, .interrupt:
            log.notice("draining", metadata: ["signal": "\(signal)", "from": "\(sender)"])
            drain()
        default: break
        }
    }

    private func drain() {
        guard !isDraining else { return }
        isDraining = true
        finished.post(.drain(configuration.drainTimeout))
    }

    /// Takes the configuration as it is on disk now: whole, or not at all.
    private func reload() {
        do {
            let configuration = try loadConfiguration()
            var compiler = EpochCompiler(configuration, number: epoch.number + 1, tickets: tickets)
            let next = try compiler.compile()
            let desk = try RevocationDesk(configuration, trusts: next.trusts, log: log, inheriting: revocation)
            for change in Reloading.ignoredChanges(from: self.configuration, to: configuration) {
                log.warning("not changed by a reload: \(change)")
            }
            revocation.stop()
            revocation = desk
            epoch = next
            self.configuration = configuration
            for (trust, snapshot) in desk.snapshots {
                finished.post(.revocation(trust: trust, snapshot))
            }
            finished.post(.adopt(next))
            desk.start(publishing: finished.inboxes)
            log.notice("configuration reloaded", metadata: ["epoch": "\(next.number)"])
        } catch let errors as ConfigurationErrors {
            log.error("reload refused, the configuration in force stays:\n\(errors)")
        } catch {
            log.error("reload refused, the configuration in force stays: \(error)")
        }
    }
}

/// The inboxes of all workers, and the bell that a worker rings when it ends.
final class WorkerInboxes: Sendable {
    let inboxes: [WorkerInbox]
    let ended: Wakeup

    init(count: Int) throws(EventLoopError) {
        ended = try Wakeup()
        var inboxes: [WorkerInbox] = []
        for _ in 0..<count { inboxes.append(try WorkerInbox()) }
        self.inboxes = inboxes
    }

    func post(_ message: WorkerMessage) {
        for inbox in inboxes { inbox.post(message) }
    }
}
