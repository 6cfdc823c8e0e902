/// One entry of `upstreams`: the servers of one service.
public struct UpstreamConfiguration: Hashable, Sendable {
    /// One of `servers`.
    public struct Server: Hashable, Sendable {
        /// `address`.
        public let address: Endpoint
        /// `weight`.
        public let weight: Int
        /// Where the server is written.
        public let location: SourceLocation
    }

    /// `balance`.
    public enum Balance: Hashable, Sendable {
        /// Weighted round robin.
        case roundRobin
        /// The server with the fewest exchanges in flight, by weight.
        case leastConnections
        /// Consistent hash of the caller's structure.
        case hashOfStructure
    }

    /// `proxy_protocol`: what a server is told of the caller before anything else.
    public enum ProxyProtocol: String, Hashable, Sendable, CaseIterable {
        /// Nothing.
        case off
        /// A PROXY header of version 2.
        case version2 = "v2"
        /// The same with addresses alone.
        case version2Addresses = "v2_addresses"
        /// The same with the caller's certificate in it.
        case version2WithCertificate = "v2_with_certificate"
    }

    /// Name that routes refer to.
    public let name: String
    /// Where the name is written.
    public let location: SourceLocation
    /// `servers`: at least one.
    public let servers: [Server]
    /// `protocol`.
    public let version: HTTPConfiguration.Version
    /// `tls`, when enabled.
    public let tls: UpstreamTLSConfiguration?
    /// `proxy_protocol`.
    public let proxyProtocol: ProxyProtocol
    /// `balance`.
    public let balance: Balance
    /// `keepalive`: idle connections kept per worker.
    public let keepalive: Int
    /// `max_connections`: open at once, all workers together.
    public let maxConnections: Int
    /// `connect_timeout`.
    public let connectTimeout: Duration
    /// `read_timeout`: between two reads.
    public let readTimeout: Duration
    /// `retries`.
    public let retries: RetryConfiguration
    /// `health_check`.
    public let healthCheck: HealthCheckConfiguration?
    /// `outlier`.
    public let outlier: OutlierConfiguration?
}

/// `tls` towards an upstream.
public struct UpstreamTLSConfiguration: Hashable, Sendable {
    /// `certificate` and `key`: what the gateway shows of itself.
    public struct ClientCertificate: Hashable, Sendable {
        /// `certificate`: chain, leaf first.
        public let chain: FileReference
        /// `key`.
        public let key: FileReference
        /// `key_passphrase_file`.
        public let passphraseFile: FileReference?
    }

    /// `ca`: the only anchors of the upstream's certificate; `nil` for the system's.
    public let authorities: FileReference?
    /// `server_name`: sent and verified; `nil` for the host of the server's address.
    public let serverName: String?
    /// `certificate` and `key`.
    public let clientCertificate: ClientCertificate?
    /// Where the section is written.
    public let location: SourceLocation
}

/// `retries` of an upstream.
public struct RetryConfiguration: Hashable, Sendable {
    /// What is tried again.
    public enum Condition: String, Hashable, Sendable, CaseIterable {
        /// The connection could not be made: nothing was sent.
        case connectError = "connect_error"
        /// The connection broke before a byte of the response.
        case resetBeforeResponse = "reset_before_response"
    }

    /// `attempts` after the first one; 0 for none.
    public let attempts: Int
    /// `on`.
    public let conditions: Set<Condition>
    /// `methods`.
    public let methods: [String]
}

/// `health_check` of an upstream.
public struct HealthCheckConfiguration: Hashable, Sendable {
    /// `path`.
    public let path: String
    /// `interval`.
    public let interval: Duration
    /// `timeout`.
    public let timeout: Duration
    /// `healthy`: successes in a row that bring a server back.
    public let healthy: Int
    /// `unhealthy`: failures in a row that take a server out.
    public let unhealthy: Int
    /// `expect`: statuses that are a success.
    public let expect: [Int]
}

/// `outlier` of an upstream.
public struct OutlierConfiguration: Hashable, Sendable {
    /// `consecutive_failures`.
    public let consecutiveFailures: Int
    /// `eject_for`.
    public let ejection: Duration
}
