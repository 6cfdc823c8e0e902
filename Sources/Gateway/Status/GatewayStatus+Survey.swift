internal import DER
internal import EventLoop
internal import Revocation
internal import Trust
internal import X509

// What the desk has, put together.

extension GatewayStatus.Connections {
    init(_ reports: [WorkerReport]) {
        var listeners: [Listener] = []
        var structures = ConnectedStructures()
        for report in reports {
            for listener in report.listeners {
                if let index = listeners.firstIndex(where: { $0.name == listener.name }) {
                    listeners[index].open += listener.connections
                } else {
                    listeners.append(Listener(name: listener.name, open: listener.connections))
                }
            }
            structures.add(report.standing.structures)
        }
        self.init(total: reports.reduce(0) { $0 + $1.connections }, listeners: listeners, structures: structures)
    }
}

extension GatewayStatus.Upstream {
    /// The upstreams of all workers, each once.
    static func all(of reports: [WorkerReport]) -> [GatewayStatus.Upstream] {
        var seen: [String: [UpstreamReport]] = [:]
        for upstream in reports.flatMap(\.upstreams) { seen[upstream.name, default: []].append(upstream) }
        return seen.sorted { $0.key < $1.key }.map { name, views in
            GatewayStatus.Upstream(
                name: name, waiting: views.reduce(0) { $0 + $1.queue }, servers: servers(of: views.flatMap(\.servers)))
        }
    }

    private static func servers(of views: [UpstreamReport.Server]) -> [GatewayStatus.Server] {
        var labels: [String] = []
        var seen: [String: [UpstreamReport.Server]] = [:]
        for view in views {
            if seen[view.label] == nil { labels.append(view.label) }
            seen[view.label, default: []].append(view)
        }
        return labels.map { label in
            let views = seen[label] ?? []
            return GatewayStatus.Server(
                name: label, state: GatewayStatus.Server.State(views.map(\.standing)),
                trouble: views.lazy.compactMap(\.trouble).first,
                openConnections: views.reduce(0) { $0 + $1.connections },
                load: views.reduce(0) { $0 + $1.load })
        }
    }
}

extension GatewayStatus.Server.State {
    /// What workers that see it differently make of it together.
    init(_ views: [ServerStanding.Standing]) {
        if views.allSatisfy({ $0 == .serving }) {
            self = .serving
        } else if views.contains(.serving) {
            self = .partly
        } else {
            self = views.contains(.ejected) ? .ejected : .out
        }
    }
}

extension GatewayStatus.List {
    /// The CRLs that admissions under these trusts ask, in the order of the configuration.
    static func all(
        of trusts: [TrustSnapshot], snapshots: [String: RevocationSnapshot], reports: [String: RevocationReport],
        at moment: Timestamp
    ) -> [GatewayStatus.List] {
        trusts.flatMap { trust -> [GatewayStatus.List] in
            guard trust.revocation != .off else { return [] }
            let snapshot = snapshots[trust.name] ?? .empty
            let sources = reports[trust.name]?.sources ?? []
            return trust.askedAuthorities.flatMap { authority -> [GatewayStatus.List] in
                let key = IssuerKey(of: authority)
                let fetch = Fetch(sources.filter { IssuerKey(of: $0.authority) == key })
                let indexes = snapshot.authorities[key]?.indexes ?? []
                guard !indexes.isEmpty else {
                    return [GatewayStatus.List(authority, of: trust.name, .missing, nil, fetch)]
                }
                return indexes.map { index in
                    let overdue = moment.seconds(since: index.nextUpdate)
                    let isTolerated = overdue <= snapshot.staleness.graceSeconds
                    let facts = Facts(
                        number: index.base.number, deltaNumber: index.delta?.number, thisUpdate: index.thisUpdate,
                        nextUpdate: index.nextUpdate, entries: index.base.count + (index.delta?.count ?? 0))
                    let state: State = overdue <= 0 ? .fresh : isTolerated ? .tolerated : .stale
                    return GatewayStatus.List(authority, of: trust.name, state, facts, fetch)
                }
            }
        }
    }

    private init(_ authority: Certificate, of trust: String, _ state: State, _ facts: Facts?, _ fetch: Fetch?) {
        let subject = "\(authority.subject)"
        self.init(
            trust: trust, authority: subject, name: authority.subject.values(of: .commonName).first ?? subject,
            state: state, facts: facts, fetch: fetch)
    }
}

extension GatewayStatus.List.Fetch {
    /// The source that was asked last, of those of one CA; nil when none was.
    init?(_ sources: [RevocationReport.Source]) {
        let asked = sources.filter { $0.lastAttempt != nil }
        let last = asked.max { ($0.lastAttempt ?? .distantPast) < ($1.lastAttempt ?? .distantPast) }
        guard let last, let attempt = last.lastAttempt else { return nil }
        self.init(
            source: "\(last.source)", attempt: attempt, success: asked.compactMap(\.lastSuccess).max(),
            failure: last.failure.map { "\($0)" }, next: sources.compactMap(\.nextAttempt).min(),
            isFailing: asked.allSatisfy { $0.failure != nil })
    }
}

extension Timestamp {
    /// Before everything that was asked.
    fileprivate static var distantPast: Timestamp { Timestamp(secondsSinceEpoch: .min) }
}
