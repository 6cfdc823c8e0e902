extension TokenIssuerConfiguration {
    /// One entry of `token_issuers`.
    static func read(_ value: Value, references: inout References) -> TokenIssuerConfiguration {
        let section = value.section()
        let keys = readKeys(section)
        let issuer = TokenIssuerConfiguration(
            name: value.key,
            keys: keys,
            refresh: section["jwks_refresh"]?.duration(in: Limits.keyRefresh) ?? Defaults.keyRefresh,
            issuer: section["issuer"].flatMap { $0.text("what iss says") },
            audiences: section["audience"].map { audience in
                audience.distinct(audience.itemsOrItself()) { $0.text("what aud says") }
            } ?? [],
            algorithms: section["algorithms"].map { list in list.distinct(list.someItems()) { $0.choice() } }
                ?? Algorithm.allCases,
            clockSkew: section["clock_skew"]?.duration(in: Limits.clockSkew) ?? Defaults.clockSkew,
            acceptsHexThumbprint: section["hex_thumbprint"]?.boolean() ?? false,
            introspection: section["introspection"].map {
                IntrospectionConfiguration.read($0.section(), references: &references)
            },
            location: value.keyLocation)
        reportIdle(section, of: issuer)
        section.finish()
        return issuer
    }

    private static func readKeys(_ section: Section) -> KeySource? {
        let authorities = section["jwks_ca"]?.file()
        guard let value = section["jwks"], let text = value.text("a path or a URL") else { return nil }
        guard text.contains("://") else { return value.file().map(KeySource.file) }
        guard let url = value.url(schemes: ["https", "http"]) else { return nil }
        if url.lowercased().hasPrefix("http:") {
            section.findings.warning(
                at: value.location, "\"jwks\": keys fetched in the clear are those of whoever answers first",
                hint: "use https")
        }
        return .url(url, authorities: authorities)
    }

    /// Reports keys that cannot do what they say.
    private static func reportIdle(_ section: Section, of issuer: TokenIssuerConfiguration) {
        func report(_ keys: [String], _ reason: String) {
            for key in keys where section.has(key) {
                section.findings.error(at: section.location(of: key), "\(key.quoted) has no effect \(reason)")
            }
        }
        if !section.has("jwks"), !section.has("introspection") {
            report(["issuer", "audience"], "without jwks or introspection: anybody can write these claims")
        }
        if !section.has("jwks") { report(["algorithms"], "without jwks") }
        guard section.has("jwks") else { return report(["jwks_refresh", "jwks_ca"], "without jwks") }
        if case .file = issuer.keys { report(["jwks_refresh", "jwks_ca"], "on a file, which is watched") }
    }
}

extension IntrospectionConfiguration {
    /// `introspection`.
    static func read(_ section: Section, references: inout References) -> IntrospectionConfiguration {
        let upstream = section.required("upstream", hint: "the authorization server, under upstreams")
        let name = upstream?.text("the name of an upstream") ?? ""
        references.usedUpstreams.insert(name)
        if let upstream, !name.isEmpty, !references.upstreams.contains(where: { $0.name == name }) {
            section.findings.unknown(
                "upstream", name, at: upstream.location, among: references.upstreams.map(\.name))
        }
        let configuration = IntrospectionConfiguration(
            upstream: name,
            path: section.required("path")?.requestPath() ?? "/",
            client: readClient(section),
            cache: section["cache"]?.duration(in: Limits.introspectionCache) ?? Defaults.introspectionCache,
            timeout: section["timeout"]?.duration(in: Limits.peerTimeout) ?? Defaults.introspectionTimeout,
            location: section.location)
        section.finish()
        return configuration
    }

    private static func readClient(_ section: Section) -> Client? {
        let identifier = section["client_id"]?.text("a client's id")
        let secret = section["client_secret_file"]?.file()
        if section.has("client_secret") {
            section.findings.error(
                at: section.location(of: "client_secret"), "secrets do not belong into the configuration",
                hint: "write it into a file of its own and name that in \"client_secret_file\"")
            _ = section["client_secret"]
        }
        switch (identifier, secret) {
        case (let identifier?, let secret?): return Client(identifier: identifier, secretFile: secret)
        case (nil, nil): return nil
        default:
            section.findings.error(at: section.location, "\"client_id\" and \"client_secret_file\" go together")
            return nil
        }
    }
}

extension SignedIdentityConfiguration {
    /// `signed_identity`.
    static func read(_ section: Section) -> SignedIdentityConfiguration {
        let header = section["header"].flatMap { $0.fieldName(.identity) } ?? Defaults.signedIdentityHeader
        let identity = SignedIdentityConfiguration(
            keys: section.required("keys", hint: "PEM files of P-256 keys; the first one signs")?.someFiles() ?? [],
            issuer: section.required("issuer", hint: "what iss says: a URL of the gateway")?.text() ?? "",
            lifetime: section["lifetime"]?.duration(in: Limits.signedIdentityLifetime)
                ?? Defaults.signedIdentityLifetime,
            header: header,
            scope: section["per"]?.choice() ?? .connection,
            location: section.location)
        section.finish()
        return identity
    }
}
