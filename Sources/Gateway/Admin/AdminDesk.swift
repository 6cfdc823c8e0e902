internal import DER
internal import EventLoop
internal import Observability
internal import Revocation
internal import Synchronization
internal import Token
internal import Trust

/// What the operator's endpoint knows: the workers' reports and what is known of revocation.
final class AdminDesk: Sendable {
    let scoreboard = Scoreboard()
    private let logs: LogFiles
    private let process: ProcessMetrics
    private let tracing: TracingDesk?
    private let state: Mutex<AdminState>
    private let started = Timestamp.now()
    private let version: String
    /// By which names it may be asked.
    let hosts: AdminHosts

    init(epoch: Epoch, logs: LogFiles, version: String, hosts: AdminHosts, tracing: TracingDesk? = nil) {
        self.logs = logs
        self.tracing = tracing
        self.hosts = hosts
        self.version = version
        process = ProcessMetrics(version: version)
        state = Mutex(AdminState(epoch))
    }

    func adopt(_ epoch: Epoch) {
        state.withLock { $0.adopt(epoch) }
    }

    /// A source has so many keys, and with it these token issuers; one that nobody has any more is not counted.
    func adopt(keys count: Int, of source: KeySetSource, for issuers: [String]) {
        guard !issuers.isEmpty else { return }
        state.withLock { state in
            state.sourceKeys[source] = count
            for issuer in issuers { state.tokenKeys[issuer] = count }
        }
    }

    /// The keys of signed identities as a JWK Set; nil where none are signed.
    var webKeys: [UInt8]? { state.withLock { $0.epoch.webKeys } }

    func adopt(_ snapshot: RevocationSnapshot, of trust: String) {
        state.withLock { $0.snapshots[trust] = snapshot }
    }

    /// Something happened to the CRLs of a trust.
    func note(_ event: RevocationEvent, of trust: String) {
        state.withLock { $0.revocation.note(event, of: trust) }
    }

    /// A reload came to this.
    func noteReload(_ outcome: ReloadOutcome) {
        state.withLock { state in
            let now = Timestamp.now()
            state.reloads.note(outcome, at: now)
            state.lastReload = GatewayStatus.LastReload(outcome: outcome, moment: now)
        }
    }

    /// An upgrade has failed.
    func noteFailedUpgrade() {
        state.withLock { $0.reloads.noteFailedUpgrade() }
    }

    func adopt(_ standings: [(file: String, callers: Int, isStale: Bool)]) {
        state.withLock { $0.enrolments = standings }
    }

    func drain() {
        state.withLock { $0.isDraining = true }
    }

    /// The callers that were seen lately are these.
    func adopt(callers: [ExpiringThing]) {
        state.withLock { $0.callers = callers }
    }

    /// Everything that is watched for its end: own certificates, CAs, CRLs and callers, what ends first first.
    func expiries(at moment: Timestamp = .now()) -> ExpiryList {
        state.withLock { $0 }.expiries(at: moment)
    }

    /// A second is over: the counts are sampled, and the sources of CRLs stand like this.
    func sample(sources: [(trust: String, report: RevocationReport)], at moment: MonotonicTime) {
        let sample = RecentTraffic.Sample(
            StatusCounts(scoreboard.all.map(\.report.metrics)), logs: logs.statistics, at: moment)
        state.withLock { state in
            state.traffic.note(sample)
            state.sources = Dictionary(sources.map { ($0.trust, $0.report) }) { _, last in last }
        }
    }

    /// Everything that is known, for whoever looks.
    func status(at moment: Timestamp = .now()) -> GatewayStatus {
        let reports = scoreboard.all
        let state = state.withLock { $0 }
        let now = MonotonicTime.now()
        let standings = reports.map(\.report)
        let statistics = logs.statistics
        return GatewayStatus(
            moment: moment, process: .own(started: started, version: version),
            epoch: GatewayStatus.EpochFacts(number: state.epoch.number, since: state.epochSince),
            isDraining: state.isDraining, reloads: state.reloads, lastReload: state.lastReload,
            obstacles: state.obstacles(at: moment),
            workers: reports.map { worker, report in
                GatewayStatus.Worker(
                    number: worker, connections: report.connections, lag: Watchdog.lag(of: report, now: now))
            },
            counts: StatusCounts(standings.map(\.metrics)),
            cache: standings.reduce(into: CacheTotals()) { $0 += $1.cache },
            connections: GatewayStatus.Connections(standings), traffic: state.traffic,
            lists: GatewayStatus.List.all(
                of: state.epoch.trusts, snapshots: state.snapshots, reports: state.sources, at: moment),
            expiries: state.expiries(at: moment), upstreams: GatewayStatus.Upstream.all(of: standings),
            refusals: RecentRefusals.newest(of: standings.map(\.standing.refusals)),
            tokenIssuers: state.tokenKeys.sorted { $0.key < $1.key }
                .map { GatewayStatus.TokenIssuer(name: $0.key, keys: $0.value) },
            enrolments: state.enrolments.map {
                GatewayStatus.Enrolment(file: $0.file, callers: $0.callers, isStale: $0.isStale)
            },
            logs: GatewayStatus.Logs(
                droppedLines: statistics.reduce(0) { $0 &+ $1.droppedLines },
                failures: statistics.reduce(0) { $0 &+ $1.failures }))
    }

    /// Whether there are token issuers whose keys have not been had yet.
    var awaitsTokenKeys: Bool { state.withLock { $0.awaitsTokenKeys } }

    /// What keeps the gateway from judging callers; empty when it is ready.
    var obstacles: [String] { state.withLock { $0 }.obstacles(at: .now()) }

    /// The metrics of this moment, in Prometheus text format.
    func appendMetrics(to text: inout [UInt8]) {
        var metrics = MetricsSnapshot()
        let now = MonotonicTime.now()
        let state = state.withLock { $0 }
        let traffic = TrafficMetrics(routes: state.epoch.meters.names, structures: state.epoch.structures.names)
        for (worker, report) in scoreboard.all {
            Metrics.add(report, to: &metrics)
            traffic.add(report.metrics.requests, to: &metrics)
            LoopMetrics.add(report, of: worker, at: now, to: &metrics)
            for upstream in report.upstreams { UpstreamMetrics.add(upstream, to: &metrics) }
        }
        metrics.add(Double(state.epoch.number), to: Metrics.epoch)
        state.reloads.add(to: &metrics)
        state.revocation.add(to: &metrics)
        for (trust, snapshot) in state.snapshots {
            RevocationMetrics.add(snapshot, of: trust, at: .now(), to: &metrics)
        }
        process.add(to: &metrics)
        for list in state.enrolments {
            Metrics.add(callers: list.callers, isStale: list.isStale, of: list.file, to: &metrics)
        }
        for (issuer, count) in state.tokenKeys { Metrics.add(keys: count, of: issuer, to: &metrics) }
        ExpiryMetrics.add(state.expiries(at: .now()), to: &metrics)
        tracing?.add(to: &metrics)
        for statistics in logs.statistics { Metrics.add(statistics, to: &metrics) }
        metrics.appendPrometheusText(to: &text)
    }
}
