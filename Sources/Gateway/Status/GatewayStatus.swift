internal import DER
internal import EventLoop
internal import Revocation

/// Everything that the gateway knows of itself at one moment: what `/status.json` and the status page say.
///
/// Made for each question from what workers and the control thread have left at the desk; nobody is waited for.
struct GatewayStatus: Sendable {
    let moment: Timestamp
    let process: ProcessFacts
    let epoch: EpochFacts
    let isDraining: Bool
    let reloads: ReloadCounts
    let lastReload: LastReload?
    /// What keeps it from judging callers, in words; empty when it is ready.
    let obstacles: [String]
    let workers: [Worker]
    /// What all workers have counted together.
    let counts: StatusCounts
    let cache: CacheTotals
    let connections: Connections
    let traffic: RecentTraffic
    let lists: [List]
    let expiries: ExpiryList
    let upstreams: [Upstream]
    let refusals: [RecentRefusals.Entry]
    let tokenIssuers: [TokenIssuer]
    let enrolments: [Enrolment]
    let logs: Logs

    /// Who the process is.
    struct ProcessFacts: Sendable {
        let version: String
        /// The name of the machine.
        let node: String
        let number: Int32
        let started: Timestamp

        static func own(started: Timestamp, version: String) -> ProcessFacts {
            ProcessFacts(version: version, node: Process.node, number: Process.own, started: started)
        }
    }

    /// Which configuration is in force.
    struct EpochFacts: Sendable {
        let number: UInt64
        let since: Timestamp
    }

    /// What the last reload came to.
    struct LastReload: Sendable {
        let outcome: ReloadOutcome
        let moment: Timestamp
    }

    /// How a worker does.
    struct Worker: Sendable {
        let number: Int
        let connections: Int
        let lag: Duration

        /// Whether its loop has not turned for so long that callers notice.
        var isStalled: Bool { lag > Limits.stalledLoop }
    }

    /// Who is connected.
    struct Connections: Sendable {
        /// Callers' and upstreams'.
        let total: Int
        let listeners: [Listener]
        let structures: ConnectedStructures

        /// A listener and its callers' connections.
        struct Listener: Sendable {
            let name: String
            var open: Int
        }

        /// Callers' alone.
        var callers: Int { listeners.reduce(0) { $0 + $1.open } }

        /// The structures with the most connections, the first first.
        var busiest: [(identifier: String, entry: ConnectedStructures.Entry)] {
            let all = structures.entries.map { (identifier: $0.key, entry: $0.value) }
            let sorted = all.sorted { ($1.entry.open, $0.identifier) < ($0.entry.open, $1.identifier) }
            return Array(sorted.prefix(Limits.shownStructures))
        }
    }

    /// The CRL of a CA that admissions ask, within one scope, or its absence.
    struct List: Sendable {
        /// Whether it may be relied on.
        enum State: String, Sendable {
            case fresh
            /// Past its nextUpdate, and still counted because the configuration grants a while.
            case tolerated
            case stale
            case missing
        }

        let trust: String
        /// The CA's subject as RFC 2253 writes it.
        let authority: String
        /// Its common name.
        let name: String
        let state: State
        let facts: Facts?
        let fetch: Fetch?

        /// What a CRL says of itself.
        struct Facts: Sendable {
            let number: CRLNumber
            let deltaNumber: CRLNumber?
            let thisUpdate: Timestamp
            let nextUpdate: Timestamp
            let entries: Int
        }

        /// How the source that was asked last answered.
        struct Fetch: Sendable {
            let source: String
            let attempt: Timestamp
            let success: Timestamp?
            let failure: String?
            let next: Timestamp?
            /// Whether no source of it has answered well when it was asked last.
            let isFailing: Bool
        }
    }

    /// An upstream, as all workers together see it.
    struct Upstream: Sendable {
        let name: String
        let waiting: Int
        let servers: [Server]
    }

    /// A server, as all workers together see it.
    struct Server: Sendable {
        /// What may be made of it.
        enum State: String, Sendable {
            case serving
            /// Some workers give it requests and others do not.
            case partly
            /// Left alone for a while: too many exchanges failed in a row.
            case ejected
            /// Its probes fail.
            case out
        }

        let name: String
        let state: State
        let trouble: String?
        let openConnections: Int
        let load: Int
    }

    /// An issuer of access tokens and how many keys of it are known.
    struct TokenIssuer: Sendable {
        let name: String
        let keys: Int
    }

    /// A list of enrolled callers.
    struct Enrolment: Sendable {
        let file: String
        let callers: Int
        /// Whether the file cannot be used, so that an older one is in force.
        let isStale: Bool
    }

    /// What became of log lines.
    struct Logs: Sendable {
        let droppedLines: UInt64
        let failures: UInt64
    }
}
