internal import EventLoop

/// Probes one server on behalf of one worker's pool: one probe after the other, with a pause between.
///
/// Each worker probes for itself: what a worker cannot reach it does not use, and nothing is shared between workers. The
/// price is a probe per worker in each interval.
final class HealthChecker: TimerHandler {
    private let check: HealthCheckPlan
    private unowned let server: UpstreamServer
    private unowned let pool: UpstreamPool
    private unowned let worker: Worker
    private var timer: Timer?
    private var probe: HealthProbe?

    init(_ check: HealthCheckPlan, server: UpstreamServer, pool: UpstreamPool, worker: Worker) {
        self.check = check
        self.server = server
        self.pool = pool
        self.worker = worker
        timer = Timer(loop: worker.loop, handler: self)
        timer?.schedule(after: .zero)
    }

    deinit { probe?.cancel() }

    func timerFired(_ token: Int) {
        do {
            let probe = try HealthProbe.make(check, server: server.plan, of: pool.plan, checker: self, worker: worker)
            self.probe = probe
            probe.start()
        } catch {
            ended(success: false)
        }
    }

    /// The probe has come to this.
    func ended(success: Bool) {
        probe = nil
        timer?.schedule(after: check.interval)
        pool.probed(server, success: success)
    }
}
