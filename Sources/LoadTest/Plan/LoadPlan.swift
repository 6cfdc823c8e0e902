public import EventLoop
public import TLS

/// What a load test does: to whom, what, how often and for how long.
public struct LoadPlan: Sendable {
    /// What the callers do.
    public enum Mode: Hashable, Sendable {
        /// A new connection with a full handshake for each attempt.
        case handshake
        /// A new connection for each attempt, resuming the session of the one before.
        case resume
        /// Requests on connections that stay open.
        case request
        /// Connections that are opened and then held idle.
        case connections
        /// Connections of callers that are admitted, resumed and refused, in these shares.
        case mixed(RoleShares)
    }

    /// When an attempt begins.
    public enum Pace: Hashable, Sendable {
        /// Closed loop: as soon as a connection of the ``LoadPlan/connections`` is free.
        case asFastAsAnswered
        /// Open loop: so many a second in all, whether the server keeps up or not.
        ///
        /// Times are then counted from when an attempt was to begin, not from when a connection was free for it, or a
        /// server that stalls would hide its stall by holding the clients back ("coordinated omission").
        case perSecond(Rate)
    }

    /// What is spoken over TLS, which ALPN agrees on.
    public enum Speech: Hashable, Sendable {
        /// HTTP/1.1.
        case http1
        /// HTTP/2, or the attempt has failed.
        case http2
        /// HTTP/2 where the server agrees, HTTP/1.1 otherwise.
        case either
    }

    /// The server.
    public var target: SocketAddress
    /// The name asked for by SNI and in `Host`; none is sent by SNI if there is none.
    public var serverName: String?
    /// What the callers do.
    public var mode: Mode
    /// When they do it.
    public var pace = Pace.asFastAsAnswered
    /// In a closed loop, the time over which connections join one after the other; none: all begin at once.
    public var ramp: Duration?
    /// The connections open at most at a time, over all threads.
    public var connections = 64
    /// What is spoken on them.
    public var speech = Speech.http1
    /// Requests at a time on each connection, where HTTP/2 is spoken.
    public var streams = 1
    /// The client's threads.
    public var threads = 1
    /// How long attempts are begun.
    public var duration: Duration?
    /// How many attempts are begun.
    public var count: Int?
    /// What a connection or a request may take before it counts as failed.
    public var timeout = Duration.seconds(10)
    /// What a slow caller may take before it counts as one that the server lets hang on.
    public var slowPatience = Duration.seconds(60)
    /// The bytes a second that a slow caller sends or reads.
    public var slowPace = 20.0
    /// Whether a connection that does not stay open makes one request, or says goodbye after its handshake.
    public var makesRequest = true
    /// The request's target.
    public var path = "/"
    /// Further field lines of the request, as `Name: value`.
    public var fields: [String] = []
    /// The size of the body that the request has, which is a POST then.
    public var uploadSize = 0
    /// The versions of TLS offered.
    public var versions: ClosedRange<TLSVersion> = .tls12 ... .tls13
    /// The server's process, whose processor time and memory are read.
    public var serverProcess: Int32?

    /// A plan with the usual bounds; give it a duration or a count, or a signal alone ends it.
    public init(target: SocketAddress, mode: Mode) {
        self.target = target
        self.mode = mode
    }

    /// Whether the target is this machine, so that nobody else can be harmed.
    public var isTargetLocal: Bool { target.ip?.unmapped.isLoopback ?? true }

    /// The connections of callers that are not slow: at least one for each thread.
    var ordinaryConnections: Int {
        let slow = CallerRole.allCases.reduce(0) { $0 + roles.slowConnections($1, of: connections) }
        return max(connections - slow, threads)
    }

    /// Whether the rate or the connections rise.
    var isRamped: Bool {
        guard case .perSecond(let rate) = pace else { return ramp != nil }
        return rate.ramp > 0
    }

    /// Whether connections stay open from one attempt to the next.
    var keepsConnections: Bool {
        switch mode {
        case .request, .connections: true
        case .handshake, .resume, .mixed: false
        }
    }

    /// The roles that callers take in this plan.
    var roles: RoleShares {
        switch mode {
        case .handshake, .request, .connections: RoleShares([.full: 1])
        case .resume: RoleShares([.resumed: 1])
        case .mixed(let shares): shares
        }
    }
}
