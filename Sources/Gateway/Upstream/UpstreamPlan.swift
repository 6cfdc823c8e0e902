internal import EventLoop
internal import HTTP
internal import HTTP1
internal import HTTP2
internal import TLS

/// An upstream as workers use it: compiled once per configuration.
final class UpstreamPlan: Sendable {
    let name: String
    /// The servers at the addresses that were known when the configuration was compiled.
    let servers: [UpstreamServerPlan]
    /// Those of the configured servers that are names, whose addresses may change.
    let names: [UpstreamName]
    let balance: Balancer.Method
    /// Open at once, of one worker.
    let maxConnections: Int
    /// Idle ones kept, of one worker.
    let keepalive: Int
    let connectTimeout: Duration
    let readTimeout: Interval
    let retries: RetryPlan
    let tls: TLSClientContext?
    /// What a server is told of the caller before anything else; its connections then serve one caller each.
    let introduction: CallerIntroduction.Form?
    let healthCheck: HealthCheckPlan?
    let outlier: OutlierState.Settings?
    let headLimits: HTTP.Limits
    /// Whether its servers speak HTTP/2, and nothing else.
    let speaksHTTP2: Bool
    /// What a connection of HTTP/2 may cost.
    let multiplexing: HTTP2Limits

    init(
        name: String, servers: [UpstreamServerPlan], names: [UpstreamName], balance: Balancer.Method,
        maxConnections: Int, keepalive: Int, connectTimeout: Duration, readTimeout: Duration, retries: RetryPlan,
        tls: TLSClientContext?, introduction: CallerIntroduction.Form?, healthCheck: HealthCheckPlan?,
        outlier: OutlierState.Settings?, headLimits: HTTP.Limits, speaksHTTP2: Bool
    ) {
        self.name = name
        self.servers = servers
        self.names = names
        self.balance = balance
        self.healthCheck = healthCheck
        self.outlier = outlier
        self.maxConnections = maxConnections
        self.keepalive = keepalive
        self.connectTimeout = connectTimeout
        self.readTimeout = Interval(readTimeout)
        self.retries = retries
        self.tls = tls
        self.introduction = introduction
        self.headLimits = headLimits
        self.speaksHTTP2 = speaksHTTP2
        var limits = HTTP2Limits()
        limits.message = headLimits
        // Callers share a connection: one that does not read must not keep the others' responses from coming.
        limits.holdsConnectionWindow = false
        multiplexing = limits
    }

    /// Exchanges that may wait, of one worker: a longer queue would only time out.
    var queueLimit: Int { min(Limits.pendingExchanges, max(1, maxConnections) * Limits.pendingPerConnection) }

    /// Reads a response's body; its trailers are the operator's own.
    func bodyDecoder(for framing: BodyFraming) -> BodyDecoder {
        BodyDecoder(framing, limits: headLimits) { _ in false }
    }
}

/// A configured server that is given by name.
struct UpstreamName: Sendable {
    /// Its place among the configured servers.
    let entry: Int
    let host: String
    let port: UInt16
    /// A server of this name, at whatever address.
    fileprivate let model: UpstreamServerPlan

    init(host: String, port: UInt16, model: UpstreamServerPlan) {
        entry = model.entry
        self.host = host
        self.port = port
        self.model = model
    }

    /// The server of this name at one of its addresses.
    func server(at address: SocketAddress) -> UpstreamServerPlan {
        var server = model
        server.address = address
        return server
    }
}

/// One server of an upstream, at one address.
struct UpstreamServerPlan: Hashable, Sendable {
    /// Its place among the configured servers: those of one name share it.
    let entry: Int
    /// As written in the configuration; for the log.
    let name: String
    var address: SocketAddress
    let weight: Int
    /// Sent and verified when TLS is on.
    let serverName: String?

    /// For the log: the name, and which of its addresses.
    var label: String {
        let address = "\(address)"
        return name == address ? name : "\(name) (\(address))"
    }
}

/// How the servers of an upstream are probed.
struct HealthCheckPlan: Equatable, Sendable {
    /// The request, whole.
    let request: [UInt8]
    let interval: Duration
    let timeout: Duration
    let thresholds: HealthState.Thresholds
    /// The statuses of a server that does well.
    let expect: Set<UInt16>
}

/// When a request is sent a second time.
struct RetryPlan: Sendable {
    /// After the first.
    let attempts: Int
    let onConnectError: Bool
    let onResetBeforeResponse: Bool
    let methods: [[UInt8]]

    func permits(_ request: RequestHead, after reason: UpstreamFailure.RetryReason) -> Bool {
        switch reason {
        case .connectError: guard onConnectError else { return false }
        case .resetBeforeResponse: guard onResetBeforeResponse else { return false }
        }
        var name: [UInt8] = []
        request.appendMethod(to: &name)
        return methods.contains(name)
    }
}
