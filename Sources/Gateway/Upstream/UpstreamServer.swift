internal import EventLoop

/// One server of an upstream, as one worker sees it: its connections, and what is known of how it does.
final class UpstreamServer {
    let plan: UpstreamServerPlan
    /// Names it in hashes.
    let label: UInt64
    var idle: [UpstreamConnection] = []
    /// Those that speak HTTP/2, open or being opened.
    var multiplexed: [MultiplexedUpstream] = []
    var openConnections = 0
    var standing: ServerStanding
    var outcomes = UpstreamOutcomes()
    /// Whether its name does not stand for it any more: nothing new goes there.
    private(set) var isRetired = false
    /// Why no connection could be made last, or TLS failed; nil when neither has, or has worked since.
    var trouble: String?
    /// What the operator knows of its failures.
    var faultNews = FaultNews()
    private var checker: HealthChecker?

    /// A server of which nothing is known yet, but what it has shown in a former life.
    init(_ plan: UpstreamServerPlan, of upstream: UpstreamPlan, after former: ServerStanding? = nil) {
        self.plan = plan
        label = stableHash("\(plan.name) \(plan.address)".utf8)
        standing = former ?? ServerStanding(health: upstream.healthCheck?.thresholds, outlier: upstream.outlier)
    }

    /// Exchanges in flight.
    var load: Int {
        multiplexed.isEmpty ? openConnections - idle.count : multiplexed.reduce(0) { $0 + $1.openStreams }
    }

    /// Begins to probe it, if the upstream has its servers probed.
    func watch(by pool: UpstreamPool, of worker: Worker) {
        guard let check = pool.plan.healthCheck else { return }
        checker = HealthChecker(check, server: self, pool: pool, worker: worker)
    }

    /// An idle connection that can still be used, of those that belong to the given caller's connection, or to nobody.
    func takeIdle(of owner: UInt64?) -> UpstreamConnection? {
        while let index = idle.lastIndex(where: { $0.owner == owner }) {
            let connection = idle.remove(at: index)
            if !connection.isClosed, !connection.hasInputEnded { return connection }
        }
        return nil
    }

    /// Closes the connection that has been idle longest; false if there is none.
    func closeOneIdle() -> Bool {
        guard let connection = idle.first else { return false }
        connection.close()
        return true
    }

    /// Closes what is idle and belongs to a caller that is gone.
    func closeIdle(of owner: UInt64) {
        for connection in idle where connection.owner == owner { connection.close() }
    }

    /// Ends the probes and what is idle; what is at work ends by itself.
    func retire() {
        isRetired = true
        checker = nil
        for connection in idle { connection.close() }
        for connection in multiplexed { connection.retire() }
    }
}
