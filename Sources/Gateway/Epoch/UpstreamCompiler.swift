internal import Configuration
internal import EventLoop
internal import HTTP
internal import TLS
internal import X509

/// Turns an upstream of the configuration into one that workers use; names are resolved here, off the workers.
enum UpstreamCompiler {
    static func plan(
        for upstream: UpstreamConfiguration, workers: Int
    ) throws(StartupProblem) -> UpstreamPlan {
        var servers: [UpstreamServerPlan] = []
        var names: [UpstreamName] = []
        for (entry, server) in upstream.servers.enumerated() {
            var addresses = try addresses(of: server)
            guard let first = addresses.popFirst() else { continue }
            let model = UpstreamServerPlan(
                entry: entry, name: "\(server.address)", address: first, weight: server.weight,
                serverName: serverName(for: server, in: upstream))
            servers.append(model)
            guard case .tcp(let host, let port) = server.address, IPAddress(host) == nil else { continue }
            let name = UpstreamName(host: host, port: port, model: model)
            names.append(name)
            servers += addresses.map { name.server(at: $0) }
        }
        return UpstreamPlan(
            name: upstream.name, servers: servers, names: names, balance: Balancer.Method(upstream.balance),
            maxConnections: max(1, upstream.maxConnections / max(1, workers)),
            keepalive: upstream.keepalive, connectTimeout: upstream.connectTimeout, readTimeout: upstream.readTimeout,
            retries: RetryPlan(
                attempts: upstream.retries.attempts,
                onConnectError: upstream.retries.conditions.contains(.connectError),
                onResetBeforeResponse: upstream.retries.conditions.contains(.resetBeforeResponse),
                methods: upstream.retries.methods.map { Array($0.utf8) }),
            tls: try upstream.tls.map { settings throws(StartupProblem) in
                try context(for: settings, version: upstream.version)
            },
            introduction: CallerIntroduction.Form(upstream.proxyProtocol),
            healthCheck: upstream.healthCheck.map { HealthCheckPlan($0, of: upstream) },
            outlier: upstream.outlier.map { outlier in
                OutlierState.Settings(
                    consecutiveFailures: outlier.consecutiveFailures, ejection: outlier.ejection)
            },
            headLimits: responseLimits, speaksHTTP2: upstream.version == .h2)
    }

    /// An upstream is the operator's own: its heads may be as large as a cookie-happy application makes them.
    private static var responseLimits: HTTP.Limits {
        var limits = HTTP.Limits()
        limits.head = 64 * 1024
        limits.fieldLine = 32 * 1024
        limits.fieldLines = 200
        return limits
    }

    private static func addresses(
        of server: UpstreamConfiguration.Server
    ) throws(StartupProblem) -> ArraySlice<SocketAddress> {
        switch server.address {
        case .tcp(let host, let port):
            if let address = SocketAddress(parsing: "\(server.address)") { return [address] }
            do {
                return try SocketAddress.resolve(host: host, port: port).prefix(Limits.addressesOfName)
            } catch {
                throw StartupProblem(location: server.location, message: "\(host): \(error)", remedy: nil)
            }
        case .unix(let path):
            return [.unix(path)]
        case .systemd:
            throw StartupProblem(
                location: server.location, message: "an upstream cannot be a socket of systemd's", remedy: nil)
        }
    }

    private static func serverName(
        for server: UpstreamConfiguration.Server, in upstream: UpstreamConfiguration
    ) -> String? {
        guard let tls = upstream.tls else { return nil }
        if let name = tls.serverName { return name }
        guard case .tcp(let host, _) = server.address else { return nil }
        return host
    }

    private static func context(
        for settings: UpstreamTLSConfiguration, version: HTTPConfiguration.Version
    ) throws(StartupProblem) -> TLSClientContext {
        guard let authorities = settings.authorities else {
            throw StartupProblem(
                location: settings.location, message: "tls of an upstream needs `ca`",
                remedy: "Name the CA that issued the upstream's certificate.")
        }
        let anchors = try TrustFiles.certificates(in: authorities).map(\.der)
        var client = TLSClientSettings(trust: .anchors(anchors))
        client.applicationProtocols = [version.rawValue]
        if let own = settings.clientCertificate {
            client.identity = try KeyFiles.identity(chain: own.chain, key: own.key, passphraseFile: own.passphraseFile)
        }
        do {
            return try TLSClientContext(client)
        } catch {
            throw StartupProblem(location: settings.location, message: error.description, remedy: nil)
        }
    }
}

extension Balancer.Method {
    fileprivate init(_ balance: UpstreamConfiguration.Balance) {
        switch balance {
        case .roundRobin: self = .roundRobin
        case .leastConnections: self = .leastConnections
        case .hashOfStructure: self = .hashOfStructure
        }
    }
}

extension CallerIntroduction.Form {
    fileprivate init?(_ configured: UpstreamConfiguration.ProxyProtocol) {
        switch configured {
        case .off: return nil
        case .version2Addresses: self = .addresses
        case .version2: self = .withoutCertificate
        case .version2WithCertificate: self = .withCertificate
        }
    }
}

extension HealthCheckPlan {
    fileprivate init(_ check: HealthCheckConfiguration, of upstream: UpstreamConfiguration) {
        let host = upstream.servers.lazy.compactMap { server -> String? in
            guard case .tcp = server.address else { return nil }
            return "\(server.address)"
        }.first
        let lines = [
            "GET \(check.path) HTTP/1.1", "Host: \(upstream.tls?.serverName ?? host ?? "localhost")",
            "User-Agent: poterne-health", "Connection: close", "", "",
        ]
        request = Array(lines.joined(separator: "\r\n").utf8)
        interval = check.interval
        timeout = check.timeout
        thresholds = HealthState.Thresholds(healthy: check.healthy, unhealthy: check.unhealthy)
        expect = Set(check.expect.map { UInt16(clamping: $0) })
    }
}
