internal import EventLoop
internal import Observability

/// How the servers of one upstream stand in one worker, as it last said.
struct UpstreamReport: Sendable {
    struct Server: Sendable {
        /// The name, and which of its addresses.
        let label: String
        let standing: ServerStanding.Standing
        /// Why no connection could be made last, or TLS failed; nil when neither has, or has worked since.
        let trouble: String?
        /// Open or being opened.
        let connections: Int
        /// Exchanges in flight.
        let load: Int
        let outcomes: UpstreamOutcomes
    }

    let name: String
    let servers: [Server]
    /// Exchanges that wait for a connection.
    let queue: Int
    /// From the asking for a connection to the response's head.
    let durations: Histogram
}

/// What became of the exchanges with one server.
struct UpstreamOutcomes: Sendable {
    private(set) var good = Counter()
    private(set) var bad = Counter()

    mutating func record(success: Bool) {
        if success { good.increment() } else { bad.increment() }
    }
}

extension UpstreamPool {
    /// How things stand.
    var report: UpstreamReport {
        let now = worker.loop.now
        return UpstreamReport(
            name: plan.name,
            servers: servers.map { server in
                UpstreamReport.Server(
                    label: server.plan.label, standing: server.standing.standing(at: now), trouble: server.trouble,
                    connections: server.openConnections, load: server.load, outcomes: server.outcomes)
            },
            queue: queueLength, durations: durations)
    }
}
