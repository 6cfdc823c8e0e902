extension ListenerConfiguration {
    /// One entry of `listeners`.
    static func read(_ section: Section, references: inout References) -> ListenerConfiguration {
        let address = section.required("address")
        let clientCertificate = ClientCertificateConfiguration.read(
            section["client_certificate"]?.section(), listener: section, references: &references)
        let scope = RouteScope(clientCertificate: clientCertificate)
        let routeValues = section.required("routes")?.someItems() ?? []
        let routes = routeValues.map { RouteConfiguration.read($0.section(), scope: scope, references: &references) }
        reportShadowed(routes, to: section.findings)
        let listener = ListenerConfiguration(
            name: section.required("name").flatMap(readName) ?? "",
            location: section.location,
            address: address?.endpoint(.address) ?? .unreadable,
            addressLocation: address?.location ?? section.location,
            proxyProtocol: readProxyProtocol(section),
            tls: ListenerTLSConfiguration.read(section.required("tls")?.section(), location: section.location),
            clientCertificate: clientCertificate,
            http: HTTPConfiguration.read(section["http"]?.section()),
            maxConnections: section["max_connections"]?.integer(in: Limits.connections) ?? Defaults.maxConnections,
            maxConnectionsPerAddress: section["max_connections_per_address"].flatMap(readCount),
            maxConnectionsPerStructure: section["max_connections_per_structure"].flatMap(readCount),
            routes: routes)
        section.finish()
        return listener
    }

    /// A number of connections, or `off`.
    private static func readCount(_ value: Value) -> Int? {
        value.isWord("off") ? nil : value.integer(in: Limits.counted, or: "off")
    }

    private static func readName(_ value: Value) -> String? {
        guard let name = value.text("a name") else { return nil }
        guard Grammar.isToken(name), name.utf8.count <= Limits.nameSize else {
            value.mismatch("a name: letters, digits and -._ , up to \(Limits.nameSize) of them")
            return nil
        }
        return name
    }

    private static func readProxyProtocol(_ section: Section) -> ProxyProtocol {
        enum Choice: String, CaseIterable {
            case off, accept
        }
        let choice: Choice = section["proxy_protocol"]?.choice() ?? .off
        let networks = section["trusted_proxies"].map { value in
            value.distinct(value.someItems()) { item -> String? in
                guard let text = item.text("a network") else { return nil }
                guard Grammar.isNetwork(text) else {
                    item.mismatch("a network", hint: "an address and a prefix length: 10.0.0.0/8")
                    return nil
                }
                return text
            }
        }
        switch (choice, networks) {
        case (.off, nil): return .off
        case (.off, .some):
            section.findings.error(
                at: section.location(of: "trusted_proxies"),
                "trusted_proxies has no effect without proxy_protocol: accept")
            return .off
        case (.accept, let networks):
            if networks == nil {
                section.findings.error(
                    at: section.location(of: "proxy_protocol"), "proxy_protocol: accept needs trusted_proxies",
                    hint: "from anybody else a PROXY header is a lie: trusted_proxies: [10.0.0.0/8]")
            }
            return .accept(trustedProxies: networks ?? [])
        }
    }

    /// Reports routes that no request can reach: an earlier one has the same host and path and takes every method.
    private static func reportShadowed(_ routes: [RouteConfiguration], to findings: Findings) {
        struct Place: Hashable {
            let host: RouteConfiguration.Host
            let path: String
        }
        var earlier: [Place: [RouteConfiguration]] = [:]
        for route in routes where route.hasReadablePlace {
            let place = Place(host: route.host, path: route.path)
            let taken = earlier[place] ?? []
            let shadow = taken.first { $0.methods.isEmpty } ?? (taken.coversMethods(of: route) ? taken.first : nil)
            if let shadow {
                findings.error(
                    at: route.location, "no request reaches this route",
                    hint: "the one at line \(shadow.location.line) has the same host and path, and comes first")
            }
            earlier[place] = taken + [route]
        }
    }
}

extension [RouteConfiguration] {
    /// Whether every method of a route is one of these routes'.
    fileprivate func coversMethods(of route: RouteConfiguration) -> Bool {
        !route.methods.isEmpty && Set(route.methods).isSubset(of: flatMap(\.methods))
    }
}

extension HTTPConfiguration {
    static func read(_ section: Section?) -> HTTPConfiguration {
        let protocols = section?["protocols"].map { value in
            value.distinct(value.someItems()) { $0.choice(Version.self) }
        }
        let maxBodySize = section?["max_body_size"]
        let minRate = section?["min_rate"]
        let http = HTTPConfiguration(
            protocols: protocols ?? Defaults.protocols,
            maxHeaderSize: section?["max_header_size"]?.size(in: Limits.headerSize) ?? Defaults.maxHeaderSize,
            maxHeaders: section?["max_headers"]?.integer(in: Limits.headers) ?? Defaults.maxHeaders,
            maxBodySize: maxBodySize?.isWord("off") == true
                ? nil : maxBodySize?.size(in: Limits.bodySize, or: "off") ?? Defaults.maxBodySize,
            headerTimeout: section?["header_timeout"]?.duration(in: Limits.peerTimeout) ?? Defaults.headerTimeout,
            bodyTimeout: section?["body_timeout"]?.duration(in: Limits.peerTimeout) ?? Defaults.bodyTimeout,
            minRate: minRate?.isWord("off") == true
                ? nil : minRate?.size(in: Limits.minRate, or: "off") ?? Defaults.minRate,
            keepaliveTimeout: section?["keepalive_timeout"]?.duration(in: Limits.idleTimeout)
                ?? Defaults.keepaliveTimeout,
            maxRequestsPerConnection: section?["max_requests_per_connection"]?.integer(in: Limits.requestsPerConnection)
                ?? Defaults.maxRequestsPerConnection,
            maxConcurrentStreams: section?["max_concurrent_streams"]?.integer(in: Limits.concurrentStreams)
                ?? Defaults.maxConcurrentStreams)
        section?.finish()
        return http
    }
}
