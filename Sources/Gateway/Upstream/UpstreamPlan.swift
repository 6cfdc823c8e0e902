internal import EventLoop
internal import HTTP
internal import HTTP1
internal import TLS

/// An upstream as workers use it: compiled once per configuration.
final class UpstreamPlan: Sendable {
    let name: String
    let servers: [UpstreamServerPlan]
    /// Open at once, of one worker.
    let maxConnections: Int
    /// Idle ones kept, of one worker.
    let keepalive: Int
    let connectTimeout: Duration
    let readTimeout: Duration
    let retries: RetryPlan
    let tls: TLSClientContext?
    let headLimits: HTTP.Limits

    init(
        name: String, servers: [UpstreamServerPlan], maxConnections: Int, keepalive: Int, connectTimeout: Duration,
        readTimeout: Duration, retries: RetryPlan, tls: TLSClientContext?, headLimits: HTTP.Limits
    ) {
        self.name = name
        self.servers = servers
        self.maxConnections = maxConnections
        self.keepalive = keepalive
        self.connectTimeout = connectTimeout
        self.readTimeout = readTimeout
        self.retries = retries
        self.tls = tls
        self.headLimits = headLimits
    }

    /// Reads a response's body; its trailers are the operator's own.
    func bodyDecoder(for framing: BodyFraming) -> BodyDecoder {
        BodyDecoder(framing, limits: headLimits) { _ in false }
    }
}

/// One server of an upstream.
struct UpstreamServerPlan: Sendable {
    /// As written in the configuration; for the log.
    let name: String
    let address: SocketAddress
    let weight: Int
    /// Sent and verified when TLS is on.
    let serverName: String?
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
