extension UpstreamConfiguration {
    /// One entry of `upstreams`, under its name.
    static func read(_ value: Value) -> UpstreamConfiguration {
        let section = value.section()
        let servers = section.required("servers")?.someItems().map { Server.read($0.section()) } ?? []
        var places: [Endpoint: SourceLocation] = [:]
        for server in servers where server.address != .unreadable {
            if let first = places.updateValue(server.location, forKey: server.address) {
                section.findings.error(
                    at: server.location, "two servers have the address \(server.address)",
                    hint: "the first one is at line \(first.line); weight: gives a server more requests")
            }
        }
        let version = section["protocol"]?.choice() ?? Defaults.upstreamVersion
        let upstream = UpstreamConfiguration(
            name: value.key,
            location: value.keyLocation,
            servers: servers,
            version: version,
            tls: UpstreamTLSConfiguration.read(section["tls"]?.section(), servers: servers),
            proxyProtocol: readProxyProtocol(section, version: version),
            balance: section["balance"].flatMap(readBalance) ?? Defaults.balance,
            keepalive: section["keepalive"]?.integer(in: Limits.keepalive) ?? Defaults.keepalive,
            maxConnections: section["max_connections"]?.integer(in: Limits.connections)
                ?? Defaults.upstreamMaxConnections,
            connectTimeout: section["connect_timeout"]?.duration(in: Limits.peerTimeout) ?? Defaults.connectTimeout,
            readTimeout: section["read_timeout"]?.duration(in: Limits.peerTimeout) ?? Defaults.readTimeout,
            retries: RetryConfiguration.read(section["retries"]?.section()),
            healthCheck: section["health_check"].map { HealthCheckConfiguration.read($0.section()) },
            outlier: section["outlier"].map { OutlierConfiguration.read($0.section()) })
        section.finish()
        return upstream
    }

    private static func readProxyProtocol(_ section: Section, version: HTTPConfiguration.Version) -> ProxyProtocol {
        let proxyProtocol: ProxyProtocol = section["proxy_protocol"]?.choice() ?? .off
        if proxyProtocol != .off, version == .h2 {
            section.findings.error(
                at: section.location(of: "proxy_protocol"),
                "proxy_protocol: \(proxyProtocol.rawValue) does not go with protocol: h2",
                hint: "callers share connections of HTTP/2, of which a PROXY header names one: protocol: http/1.1")
        }
        return proxyProtocol
    }

    /// `round_robin`, `least_connections`, or `{hash: structure}`.
    private static func readBalance(_ value: Value) -> Balance? {
        enum Choice: String, CaseIterable {
            case roundRobin = "round_robin"
            case leastConnections = "least_connections"
        }
        if value.node.scalar != nil {
            if value.isWord("hash") {
                value.mismatch("what to hash", hint: "balance: {hash: structure}")
                return nil
            }
            switch value.choice(Choice.self) {
            case .roundRobin: return .roundRobin
            case .leastConnections: return .leastConnections
            case nil: return nil
            }
        }
        enum HashKey: String, CaseIterable {
            case structure
        }
        let section = value.section()
        let key = section.required("hash")?.choice(HashKey.self)
        section.finish()
        guard key != nil else { return nil }
        value.requireSupport(of: "hash")
        return .hashOfStructure
    }
}

extension UpstreamConfiguration.Server {
    static func read(_ section: Section) -> UpstreamConfiguration.Server {
        let server = UpstreamConfiguration.Server(
            address: section.required("address")?.endpoint(.addressOrName) ?? .unreadable,
            weight: section["weight"]?.integer(in: Limits.weight) ?? Defaults.weight,
            location: section.location)
        section.finish()
        return server
    }
}

extension UpstreamTLSConfiguration {
    /// `tls`: on when the section is there, unless it says `enabled: false`.
    static func read(_ section: Section?, servers: [UpstreamConfiguration.Server]) -> UpstreamTLSConfiguration? {
        guard let section else { return nil }
        let isEnabled = section["enabled"]?.boolean() ?? true
        let serverName = section["server_name"].flatMap { value -> String? in
            guard let name = value.text("a host name") else { return nil }
            guard Grammar.isHostName(name) else {
                value.mismatch("a host name")
                return nil
            }
            return name.lowercased()
        }
        let tls = UpstreamTLSConfiguration(
            authorities: section["ca"]?.file(), serverName: serverName,
            clientCertificate: readClientCertificate(section), location: section.location)
        section.finish()
        guard isEnabled else { return nil }
        for case .unix(let path) in servers.map(\.address) where !section.has("server_name") {
            section.findings.error(
                at: section.location, "\"server_name\" is missing",
                hint: "unix:\(path) has no host name to verify the certificate against")
        }
        return tls
    }

    private static func readClientCertificate(_ section: Section) -> ClientCertificate? {
        let passphrase = section["key_passphrase_file"]
        switch (section["certificate"], section["key"]) {
        case (let chain?, let key?):
            return ClientCertificate(
                chain: chain.file() ?? .unreadable, key: key.file() ?? .unreadable, passphraseFile: passphrase?.file())
        case (nil, nil):
            if let passphrase {
                section.findings.error(
                    at: passphrase.keyLocation, "\"key_passphrase_file\" has no effect without a key")
            }
        case (let chain?, nil):
            section.findings.error(at: chain.keyLocation, "\"certificate\" needs \"key\" beside it")
        case (nil, let key?):
            section.findings.error(at: key.keyLocation, "\"key\" needs \"certificate\" beside it")
        }
        return nil
    }
}

extension RetryConfiguration {
    static func read(_ section: Section?) -> RetryConfiguration {
        let conditions = section?["on"].map { value in value.distinct(value.someItems()) { $0.choice(Condition.self) } }
        let methods = section?["methods"].map { value in value.distinct(value.someItems()) { $0.method() } }
        let retries = RetryConfiguration(
            attempts: section?["attempts"]?.integer(in: Limits.retries) ?? Defaults.retryAttempts,
            conditions: conditions.map(Set.init) ?? Defaults.retryConditions,
            methods: methods ?? Defaults.retryMethods)
        // RFC 9110 §9.2.2: "A proxy MUST NOT automatically retry non-idempotent requests."
        let idempotent: Set<String> = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]
        if let section, retries.attempts > 0, retries.conditions.contains(.resetBeforeResponse),
            let method = retries.methods.first(where: { !idempotent.contains($0) })
        {
            section.findings.error(
                at: section.location(of: "methods"),
                "\(method) may have had its effect before the reset: it is not retried",
                hint: "take it out, or retry on: [connect_error] alone")
        }
        section?.finish()
        return retries
    }
}

extension HealthCheckConfiguration {
    static func read(_ section: Section) -> HealthCheckConfiguration {
        let check = HealthCheckConfiguration(
            path: section["path"]?.requestPath() ?? Defaults.path,
            interval: section["interval"]?.duration(in: Limits.peerTimeout) ?? Defaults.healthInterval,
            timeout: section["timeout"]?.duration(in: Limits.peerTimeout) ?? Defaults.healthTimeout,
            healthy: section["healthy"]?.integer(in: Limits.consecutive) ?? Defaults.healthy,
            unhealthy: section["unhealthy"]?.integer(in: Limits.consecutive) ?? Defaults.unhealthy,
            expect: section["expect"].map { value in value.distinct(value.someItems()) { $0.integer(in: 100...599) } }
                ?? Defaults.healthStatuses)
        section.finish()
        return check
    }
}

extension OutlierConfiguration {
    static func read(_ section: Section) -> OutlierConfiguration {
        let outlier = OutlierConfiguration(
            consecutiveFailures: section["consecutive_failures"]?.integer(in: Limits.consecutive)
                ?? Defaults.consecutiveFailures,
            ejection: section["eject_for"]?.duration(in: Limits.peerTimeout) ?? Defaults.ejection)
        section.finish()
        return outlier
    }
}
