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
    /// Whether its name does not stand for it any more: nothing new goes there.
    private(set) var isRetired = false
    private var checker: HealthChecker?

    init(_ plan: UpstreamServerPlan, of upstream: UpstreamPlan) {
        self.plan = plan
        label = stableHash("\(plan.name) \(plan.address)".utf8)
        standing = ServerStanding(health: upstream.healthCheck?.thresholds, outlier: upstream.outlier)
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

    /// An idle connection that can still be used.
    func takeIdle() -> UpstreamConnection? {
        while let connection = idle.popLast() {
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

    /// Ends the probes and what is idle; what is at work ends by itself.
    func retire() {
        isRetired = true
        checker = nil
        for connection in idle { connection.close() }
        for connection in multiplexed { connection.retire() }
    }
}
