/// One entry of `listeners`: a socket, its certificates, whom it admits, and its routes.
public struct ListenerConfiguration: Hashable, Sendable {
    /// `proxy_protocol`.
    public enum ProxyProtocol: Hashable, Sendable {
        /// A PROXY header is an error.
        case off
        /// Taken from these networks (CIDR).
        case accept(trustedProxies: [String])
    }

    /// Name, unique among listeners.
    public let name: String

    /// Where the listener is written.
    public let location: SourceLocation

    /// `address`.
    public let address: Endpoint

    /// Where `address` is written.
    public let addressLocation: SourceLocation

    /// `proxy_protocol`.
    public let proxyProtocol: ProxyProtocol

    /// `tls`.
    public let tls: ListenerTLSConfiguration

    /// `client_certificate`.
    public let clientCertificate: ClientCertificateConfiguration

    /// `http`.
    public let http: HTTPConfiguration

    /// `max_connections`: open at once on this listener, all workers together.
    public let maxConnections: Int

    /// `max_connections_per_address`: open at once from one address, all workers together; `nil` for no limit.
    public let maxConnectionsPerAddress: Int?

    /// `max_connections_per_structure`: open at once by one structure, all workers together; `nil` for no limit.
    public let maxConnectionsPerStructure: Int?

    /// `routes`: in the order of the file; at least one.
    public let routes: [RouteConfiguration]
}

/// `client_certificate` of a listener: whom it admits.
public struct ClientCertificateConfiguration: Hashable, Sendable {
    /// Whether a certificate is asked for.
    public enum Mode: String, Hashable, Sendable, CaseIterable {
        /// No connection without one.
        case required
        /// Asked for; routes decide.
        case optional
        /// Not asked for.
        case none
    }

    /// How a refused caller learns of it.
    public enum Refusal: String, Hashable, Sendable, CaseIterable {
        /// By a TLS alert.
        case alert
        /// By a 403 after the handshake.
        case http
    }

    /// `mode`.
    public let mode: Mode
    /// `trust`: the name of an entry of `trust`; `nil` only with mode `none`.
    public let trust: String?
    /// `accept`.
    public let accept: AcceptedKinds
    /// `on_refusal`.
    public let onRefusal: Refusal
    /// `cut_on_revocation`.
    public let cutOnRevocation: Bool
    /// `cut_on_expiry`.
    public let cutOnExpiry: Bool
    /// Where the section is written.
    public let location: SourceLocation
    /// Where its keys are written, those that are.
    public let ruleLocations: [String: SourceLocation]
}

/// Which kinds of certificate pass.
public enum AcceptedKinds: Hashable, Sendable {
    /// `[ANY]`: whatever the trust verifies; only under a generic trust.
    case any
    /// These kinds, in the order of the file; at least one, none twice.
    case kinds([AcceptableKind])
}

/// A kind that `accept` may name; the raw value is the name.
public enum AcceptableKind: String, Hashable, Sendable, CaseIterable {
    /// An organisation's client certificate.
    case orgAuthCli = "ORG AUTH_CLI"
    /// A server's certificate.
    case servSSL = "SERV SSL"
    /// An organisation's signature certificate.
    case orgSign = "ORG SIGN"
    /// An organisation's confidentiality certificate.
    case orgConf = "ORG CONF"
    /// A professional's software authentication certificate.
    case ppAuth = "PP AUTH"
    /// A professional's software signature certificate.
    case ppSign = "PP SIGN"
    /// A professional's card authentication certificate.
    case cardAuth = "CARD AUTH"
    /// A professional's card signature certificate.
    case cardSign = "CARD SIGN"
}

/// `http` of a listener.
public struct HTTPConfiguration: Hashable, Sendable {
    /// A protocol offered by ALPN; the raw value is its ALPN name, except for `http/1.1` which is also spoken without.
    public enum Version: String, Hashable, Sendable, CaseIterable {
        /// HTTP/2.
        case h2
        /// HTTP/1.1.
        case http1 = "http/1.1"
    }

    /// `protocols`, by preference.
    public let protocols: [Version]
    /// `max_header_size`: bytes of a request head.
    public let maxHeaderSize: Int
    /// `max_headers`: field lines of a request head.
    public let maxHeaders: Int
    /// `max_body_size`: bytes of a request body; `nil` for no limit.
    public let maxBodySize: Int?
    /// `header_timeout`: for a whole head.
    public let headerTimeout: Duration
    /// `body_timeout`: between two reads of a body.
    public let bodyTimeout: Duration
    /// `min_rate`: bytes per second that a peer has to move at the least; `nil` for no such bound.
    public let minRate: Int?
    /// `keepalive_timeout`: between two requests.
    public let keepaliveTimeout: Duration
    /// `max_requests_per_connection`.
    public let maxRequestsPerConnection: Int
    /// `max_concurrent_streams`: of an HTTP/2 connection.
    public let maxConcurrentStreams: Int
}
