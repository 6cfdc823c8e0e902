internal import EventLoop
internal import HTTP
internal import HTTP1
internal import HTTP2
internal import TLS
internal import Trust

/// What one configuration says of one listener, compiled for the workers.
final class ListenerPlan: Sendable {
    /// Whether a caller must show a certificate.
    enum CertificateMode: Sendable { case required, optional, none }

    let name: String
    /// The certificates, the first one for callers that name no server; empty on a listener in the clear.
    let certificates: [ServerCertificate]
    let certificateMode: CertificateMode
    /// Whose PROXY headers are taken; everybody else speaks for itself.
    let trustedProxies: [AddressRange]
    /// Whose callers are admitted; nil without client certificates.
    let trust: TrustSnapshot?
    let accept: Trust.AcceptedKinds
    /// Whether a refused caller learns of it by HTTP instead of an alert.
    let refusesByHTTP: Bool
    let cutsOnRevocation: Bool
    let cutsOnExpiry: Bool
    /// What the `type` of a problem document begins with; the code of the refusal follows.
    let problemTypeBase: String
    let headLimits: HTTP.Limits
    /// Bytes of a request's body; nil for no limit.
    let maxBodySize: UInt64?
    let headerTimeout: Interval
    let bodyTimeout: Interval
    /// How slowly bodies may move; nil for as slowly as `bodyTimeout` lets them.
    let pace: Pace?
    let handshakeTimeout: Duration
    let keepaliveTimeout: Interval
    let maxRequestsPerConnection: Int
    /// Open at once, of one worker.
    let maxConnections: Int
    /// Open at once, of one address or structure.
    let connectionLimits: ConnectionLimits
    /// Whether HTTP/2 is spoken: by ALPN, in the clear by prior knowledge.
    let speaksHTTP2: Bool
    /// What a connection of HTTP/2 may cost.
    let multiplexing: HTTP2Limits
    let router: Router
    let forwarding: RequestForwarding
    /// Where the rules of its handshakes are written.
    let rules: HandshakeRules

    init(
        name: String, certificates: [ServerCertificate], certificateMode: CertificateMode, trust: TrustSnapshot?,
        accept: Trust.AcceptedKinds, refusesByHTTP: Bool, cutsOnRevocation: Bool, cutsOnExpiry: Bool,
        problemTypeBase: String = "",
        trustedProxies: [AddressRange] = [], limits: ListenerLimits,
        router: Router, forwarding: RequestForwarding, rules: HandshakeRules = .none
    ) {
        self.name = name
        self.certificates = certificates
        self.certificateMode = certificateMode
        self.trustedProxies = trustedProxies
        self.trust = trust
        self.accept = accept
        self.refusesByHTTP = refusesByHTTP
        self.cutsOnRevocation = cutsOnRevocation
        self.cutsOnExpiry = cutsOnExpiry
        self.problemTypeBase = problemTypeBase
        headLimits = limits.head
        maxBodySize = limits.maxBodySize
        headerTimeout = Interval(limits.headerTimeout)
        bodyTimeout = Interval(limits.bodyTimeout)
        keepaliveTimeout = Interval(limits.keepaliveTimeout)
        maxRequestsPerConnection = limits.maxRequestsPerConnection
        maxConnections = limits.maxConnections
        connectionLimits = limits.connections
        pace = limits.minRate.map { Pace(bytesPerSecond: $0, window: limits.bodyTimeout) }
        handshakeTimeout = limits.handshakeTimeout
        speaksHTTP2 = limits.speaksHTTP2
        multiplexing = limits.multiplexing
        self.router = router
        self.forwarding = forwarding
        self.rules = rules
    }

    /// Whether a connection from there begins with a PROXY header.
    func trustsProxy(at address: SocketAddress) -> Bool {
        guard !trustedProxies.isEmpty, let ip = address.ip else { return false }
        return trustedProxies.contains { $0.contains(ip) }
    }

    /// The certificate for callers that name no server.
    var defaultCertificate: ServerCertificate? { certificates.first }

    /// The certificate for a caller that asks for `serverName`; the default one when none has the name.
    func certificate(for serverName: String?) -> ServerCertificate? {
        Self.choose(among: certificates, \.names, for: serverName)
    }

    /// Which of several certificates, by their names, is shown to a caller that asks for `serverName`.
    static func choose<Certificate>(
        among certificates: [Certificate], _ names: (Certificate) -> CertificateNames, for serverName: String?
    ) -> Certificate? {
        guard let serverName else { return certificates.first }
        return certificates.first { names($0).covers(serverName) } ?? certificates.first
    }

    /// Reads a request's body; trailers that claim an identity do not pass.
    func bodyDecoder(for framing: BodyFraming) -> BodyDecoder {
        let forwarding = self.forwarding
        return BodyDecoder(framing, limits: headLimits) { name in forwarding.claimsIdentity(name) }
    }
}

/// A listener's bounds and deadlines.
struct ListenerLimits: Sendable {
    var head = HTTP.Limits()
    var maxBodySize: UInt64?
    var headerTimeout: Duration = .seconds(10)
    var bodyTimeout: Duration = .seconds(60)
    var keepaliveTimeout: Duration = .seconds(75)
    var maxRequestsPerConnection = 10_000
    var maxConnections = 10_000
    var connections = ConnectionLimits.none
    var minRate: Int?
    var handshakeTimeout: Duration = .seconds(10)
    var speaksHTTP2 = false
    var maxConcurrentStreams = 128

    /// The same bounds, as HTTP/2 keeps them.
    var multiplexing: HTTP2Limits {
        var limits = HTTP2Limits()
        limits.message = head
        limits.concurrentStreams = UInt32(clamping: maxConcurrentStreams)
        return limits
    }
}

/// One of a listener's certificates, with the names it answers for.
struct ServerCertificate: Sendable {
    let context: TLSServerContext
    let names: CertificateNames

    init(context: TLSServerContext, names: [String]) {
        self.context = context
        self.names = CertificateNames(names)
    }

    /// Whether `host`, lower-cased, is one of the certificate's names.
    func covers(_ host: String) -> Bool { names.covers(host) }

    func covers(_ host: Span<UInt8>) -> Bool { names.covers(host) }
}

/// The host names that a certificate answers for (RFC 9525 §6.3: `*` stands for one label).
struct CertificateNames: Sendable {
    private let names: [HostPattern]

    /// Takes names, lower-cased.
    ///
    /// A `*` alone, which for a route is every host, is none here: a wildcard is the first label of a longer name.
    init(_ names: [String]) {
        self.names = names.filter { $0 != "*" }.map { HostPattern($0) }
    }

    /// Whether `host`, lower-cased, is one of them.
    func covers(_ host: String) -> Bool {
        covers(Array(host.utf8).span)
    }

    func covers(_ host: Span<UInt8>) -> Bool {
        for name in names where name.matches(host) {
            guard case .wildcard(let suffix) = name else { return true }
            let label = host.extracting(0..<(host.count - suffix.count))
            var isOneLabel = true
            for index in 0..<label.count where label[index] == UInt8(ascii: ".") { isOneLabel = false }
            if isOneLabel { return true }
        }
        return false
    }
}
