internal import DER
internal import EventLoop
internal import Logging

/// Looks whether every worker's loop still turns: tells the operator of one that does not, and feeds the service manager's
/// watchdog only as long as all do.
final class Watchdog: TimerHandler {
    private let loop: EventLoop
    private let scoreboard: Scoreboard
    private let manager: ServiceManager
    private let log: Logger
    private var timer: Timer?
    private var stalled: Set<Int> = []
    private let limit: Duration
    private var clock = ClockWatch()
    private let clockSet: (Int64) -> Void

    init(
        loop: EventLoop, scoreboard: Scoreboard, manager: ServiceManager, log: Logger,
        clockSet: @escaping (Int64) -> Void = { _ in }
    ) {
        self.clockSet = clockSet
        self.loop = loop
        self.scoreboard = scoreboard
        self.manager = manager
        self.log = log
        // Half of the manager's patience, or it would act before the loop counts as stalled.
        limit = min(Limits.stalledLoop, manager.watchdog.map { $0 / 2 } ?? Limits.stalledLoop)
        timer = Timer(loop: loop, handler: self)
    }

    /// Looks from now on, and often enough for the manager.
    func start() {
        timer?.schedule(after: min(.seconds(1), manager.watchdog.map { $0 / 4 } ?? .seconds(1)))
    }

    func timerFired(_ token: Int) {
        start()
        look(at: scoreboard.all, now: loop.now)
        if let jump = clock.look(wall: .now(), monotonic: .now()) { clockSet(jump) }
    }

    /// Judges by the workers' last reports.
    func look(at reports: [(worker: Int, report: WorkerReport)], now: MonotonicTime) {
        for (worker, report) in reports {
            let isStalled = now - report.moment > limit
            if isStalled, stalled.insert(worker).inserted {
                log.critical("the loop of worker \(worker) has not turned for \(limit): its callers are not served")
            } else if !isStalled, stalled.remove(worker) != nil {
                log.notice("the loop of worker \(worker) turns again")
            }
        }
        if stalled.isEmpty { manager.feedWatchdog() }
    }
}

extension Watchdog {
    /// How late a worker's loop is at this moment.
    static func lag(of report: WorkerReport, now: MonotonicTime) -> Duration {
        max(report.lag, now - report.moment - Limits.reportInterval)
    }
}
