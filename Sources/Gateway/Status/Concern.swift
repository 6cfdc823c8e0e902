internal import DER

/// Something that an operator should see to.
enum Concern: Sendable {
    /// How soon.
    enum Severity: String, Sendable {
        /// In the next days, or when there is time.
        case warning
        /// Now: callers are turned away, or soon will be.
        case critical
    }

    case draining
    case workerStalled(worker: Int)
    case listMissing(GatewayStatus.List)
    case listStale(GatewayStatus.List)
    case listTolerated(GatewayStatus.List)
    case fetchFailing(GatewayStatus.List, reason: String)
    case keysMissing(issuer: String)
    case upstreamOut(upstream: String)
    case serverOut(upstream: String, GatewayStatus.Server)
    case reloadRefused(reason: String)
    case ended(ExpiringThing)
    case endsSoon(ExpiringThing, days: Int)
    /// Callers' certificates, which only the callers can renew.
    case callersEnd(count: Int, days: Int)
    case enrolmentStale(file: String)
    case logsLost(count: UInt64)
    case manyErrors(errors: UInt64, requests: UInt64)

    var severity: Severity {
        switch self {
        case .workerStalled, .listMissing, .listStale, .keysMissing, .upstreamOut, .ended: .critical
        case .draining, .listTolerated, .fetchFailing, .serverOut, .reloadRefused, .endsSoon, .callersEnd,
            .enrolmentStale, .logsLost, .manyErrors:
            .warning
        }
    }

    /// A stable name.
    var code: String {
        switch self {
        case .draining: "draining"
        case .workerStalled: "worker_stalled"
        case .listMissing: "crl_missing"
        case .listStale: "crl_stale"
        case .listTolerated: "crl_in_grace"
        case .fetchFailing: "crl_fetch_failing"
        case .keysMissing: "token_keys_missing"
        case .upstreamOut: "upstream_out"
        case .serverOut: "server_out"
        case .reloadRefused: "reload_refused"
        case .ended: "expired"
        case .endsSoon: "expires_soon"
        case .callersEnd: "callers_expire_soon"
        case .enrolmentStale: "enrolment_stale"
        case .logsLost: "logs_lost"
        case .manyErrors: "many_errors"
        }
    }
}

extension GatewayStatus {
    /// Whether all is well, in one word.
    enum Verdict: String, Sendable {
        case well, attention, critical
    }

    var verdict: Verdict {
        let concerns = concerns
        if concerns.contains(where: { $0.severity == .critical }) { return .critical }
        return concerns.isEmpty ? .well : .attention
    }

    /// What an operator should see to, the most pressing first.
    var concerns: [Concern] {
        var found: [Concern] = []
        found += workers.filter(\.isStalled).map { .workerStalled(worker: $0.number) }
        found += lists.flatMap(Self.concerns(about:))
        found += tokenIssuers.filter { $0.keys == 0 }.map { .keysMissing(issuer: $0.name) }
        found += upstreams.flatMap(Self.concerns(about:))
        if case .refused(let reason)? = lastReload?.outcome { found.append(.reloadRefused(reason: reason)) }
        found += expiryConcerns
        found += enrolments.filter(\.isStale).map { .enrolmentStale(file: $0.file) }
        if traffic.logLosses > 0 { found.append(.logsLost(count: traffic.logLosses)) }
        if traffic.errors >= Limits.alarmingErrorsFloor,
            traffic.errors * 100 >= traffic.requests * Limits.alarmingErrors
        {
            found.append(.manyErrors(errors: traffic.errors, requests: traffic.requests))
        }
        if isDraining { found.append(.draining) }
        return found.filter { $0.severity == .critical } + found.filter { $0.severity == .warning }
    }

    private static func concerns(about list: List) -> [Concern] {
        var found: [Concern] = []
        switch list.state {
        case .fresh: break
        case .tolerated: found.append(.listTolerated(list))
        case .stale: found.append(.listStale(list))
        case .missing: found.append(.listMissing(list))
        }
        if let fetch = list.fetch, fetch.isFailing, let reason = fetch.failure {
            found.append(.fetchFailing(list, reason: reason))
        }
        return found
    }

    private static func concerns(about upstream: Upstream) -> [Concern] {
        guard !upstream.servers.isEmpty else { return [] }
        if upstream.servers.allSatisfy({ $0.state == .out }) { return [.upstreamOut(upstream: upstream.name)] }
        return upstream.servers.filter { $0.state != .serving }.map { .serverOut(upstream: upstream.name, $0) }
    }

    /// CRLs are judged as such; here they count only when they end soon.
    private var expiryConcerns: [Concern] {
        var found: [Concern] = []
        var callers = 0
        var soonest: Int?
        for thing in expiries.things {
            let level = expiries.level(of: thing)
            guard level != .fine else { continue }
            let days = expiries.daysLeft(of: thing)
            switch (thing.kind, level) {
            case (.caller, .soon):
                callers += 1
                soonest = soonest ?? days
            case (.caller, _), (.crl, .expired): continue
            case (_, .expired): found.append(.ended(thing))
            default: found.append(.endsSoon(thing, days: days))
            }
        }
        if callers > 0, let soonest { found.append(.callersEnd(count: callers, days: soonest)) }
        return found
    }
}
