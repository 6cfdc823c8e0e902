internal import DER
internal import EventLoop
internal import Observability
internal import Revocation
internal import Synchronization
internal import Trust

/// What the operator's endpoint knows: the workers' reports and what is known of revocation.
final class AdminDesk: Sendable {
    let scoreboard = Scoreboard()
    private let logs: LogFiles
    private let state: Mutex<State>

    private struct State: Sendable {
        var trusts: [TrustSnapshot]
        var snapshots: [String: RevocationSnapshot] = [:]
        var epoch: UInt64
        var isDraining = false
        var enrolments: [(file: String, callers: Int, isStale: Bool)] = []
        var reloads = ReloadCounts()
        var revocation = RevocationCounts()
    }

    init(epoch: Epoch, logs: LogFiles) {
        self.logs = logs
        state = Mutex(State(trusts: epoch.trusts, epoch: epoch.number))
    }

    func adopt(_ epoch: Epoch) {
        state.withLock { state in
            state.trusts = epoch.trusts
            state.epoch = epoch.number
        }
    }

    func adopt(_ snapshot: RevocationSnapshot, of trust: String) {
        state.withLock { $0.snapshots[trust] = snapshot }
    }

    /// Something happened to the CRLs of a trust.
    func note(_ event: RevocationEvent, of trust: String) {
        state.withLock { $0.revocation.note(event, of: trust) }
    }

    /// A reload came to this.
    func noteReload(_ outcome: ReloadOutcome) {
        state.withLock { $0.reloads.note(outcome, at: .now()) }
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

    /// What keeps the gateway from judging callers; empty when it is ready.
    var obstacles: [String] {
        let state = state.withLock { $0 }
        if state.isDraining { return ["draining"] }
        return ServiceReadiness(trusts: state.trusts, snapshots: state.snapshots, now: .now()).missing
    }

    /// The metrics of this moment, in Prometheus text format.
    func appendMetrics(to text: inout [UInt8]) {
        var metrics = MetricsSnapshot()
        let now = MonotonicTime.now()
        for (worker, report) in scoreboard.all {
            Metrics.add(report, to: &metrics)
            LoopMetrics.add(report, of: worker, at: now, to: &metrics)
        }
        let state = state.withLock { $0 }
        metrics.add(Double(state.epoch), to: Metrics.epoch)
        state.reloads.add(to: &metrics)
        state.revocation.add(to: &metrics)
        for (trust, snapshot) in state.snapshots { Metrics.add(snapshot, of: trust, to: &metrics) }
        for list in state.enrolments {
            Metrics.add(callers: list.callers, isStale: list.isStale, of: list.file, to: &metrics)
        }
        for statistics in logs.statistics { Metrics.add(statistics, to: &metrics) }
        metrics.appendPrometheusText(to: &text)
    }
}
