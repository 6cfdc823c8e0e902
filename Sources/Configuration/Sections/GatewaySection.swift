/// What the sections of a file refer to each other by.
struct References {
    var trusts: [TrustConfiguration] = []
    var upstreams: [UpstreamConfiguration] = []
    var usedTrusts: Set<String> = []
    var usedUpstreams: Set<String> = []
    var tokenIssuers: [TokenIssuerConfiguration] = []
    var usedTokenIssuers: Set<String> = []
    /// Whether `signed_identity` is there, and whether a route has use for it.
    var hasSignedIdentity = false
    var usesSignedIdentity = false
}

extension GatewayConfiguration {
    /// The whole file, from its root mapping.
    static func read(_ root: Section, file: String) -> GatewayConfiguration {
        let findings = root.findings
        var references = References()
        // Names first, wherever in the file they are: the listeners refer to them.
        references.trusts = root["trust"]?.namedSections("trust").map(TrustConfiguration.read) ?? []
        references.upstreams = root["upstreams"]?.namedSections("upstream").map(UpstreamConfiguration.read) ?? []

        references.tokenIssuers =
            root["token_issuers"]?.namedSections("token issuer").map {
                TokenIssuerConfiguration.read($0, references: &references)
            } ?? []
        let signedIdentity = root["signed_identity"].map { SignedIdentityConfiguration.read($0.section()) }
        references.hasSignedIdentity = signedIdentity != nil

        let listenerValues = root.required("listeners")?.someItems() ?? []
        let listeners = listenerValues.map { ListenerConfiguration.read($0.section(), references: &references) }
        let admin = root["admin"].map { AdminConfiguration.read($0.section()) } ?? nil
        reportRepetitions(of: listeners, admin: admin, to: findings)
        // A name that could not be read may be the very use that is missing.
        if !findings.hasErrors {
            reportUnused(references, to: findings)
            if let signedIdentity { reportUse(of: signedIdentity, references, admin: admin, to: findings) }
        }

        let configuration = GatewayConfiguration(
            file: file,
            workers: root["workers"].flatMap(readWorkers) ?? Defaults.workers,
            user: root["user"].flatMap(readUser),
            stateDirectory: root["state_directory"]?.file()
                ?? FileReference(path: Defaults.stateDirectory, location: root.location),
            trusts: references.trusts,
            listeners: listeners,
            upstreams: references.upstreams,
            tokenIssuers: references.tokenIssuers,
            signedIdentity: signedIdentity,
            admin: admin,
            logging: LoggingConfiguration.read(root["logging"]?.section()),
            tracing: TracingConfiguration.read(root["tracing"]?.section()),
            expiryWarning: root["expiry_warning"]?.duration(in: Limits.expiryWarning) ?? Defaults.expiryWarning,
            expiryHeader: root["expiry_header"].flatMap { $0.isWord("off") ? nil : $0.fieldName(.response) },
            expiryWebhook: root["expiry_webhook"].flatMap { ExpiryWebhookConfiguration.read($0.section()) },
            drainTimeout: root["drain_timeout"]?.duration(in: Limits.drain) ?? Defaults.drainTimeout,
            reloadOnChange: root["reload_on_change"]?.choice() ?? Defaults.reloadOnChange,
            bufferMemory: readBufferMemory(root["buffer_memory"]),
            problemTypeBase: root["problem_type_base"].flatMap(readProblemTypeBase) ?? Defaults.problemTypeBase,
            hardening: HardeningConfiguration.read(root["hardening"]?.section()),
            warnings: [])
        root.finish()
        return configuration
    }

    /// The same configuration with what there is to know about it.
    func with(warnings: [Diagnostic]) -> GatewayConfiguration {
        GatewayConfiguration(
            file: file, workers: workers, user: user, stateDirectory: stateDirectory, trusts: trusts,
            listeners: listeners, upstreams: upstreams, tokenIssuers: tokenIssuers, signedIdentity: signedIdentity,
            admin: admin, logging: logging, tracing: tracing, expiryWarning: expiryWarning,
            expiryHeader: expiryHeader, expiryWebhook: expiryWebhook, drainTimeout: drainTimeout,
            reloadOnChange: reloadOnChange, bufferMemory: bufferMemory, problemTypeBase: problemTypeBase,
            hardening: hardening, warnings: warnings)
    }

    private static func readWorkers(_ value: Value) -> Workers? {
        value.isWord("auto") ? .automatic : value.integer(in: Limits.workers, or: "auto").map(Workers.count)
    }

    private static func readUser(_ value: Value) -> String? {
        guard let user = value.text("a user's name") else { return nil }
        // useradd(8), plus the dots that directory services have.
        guard user.utf8.count <= 32, user.utf8.first != UInt8(ascii: "-"),
            user.utf8.allSatisfy({ $0.isLetterOrDigit || "-_.".utf8.contains($0) })
        else {
            value.mismatch("a user's name")
            return nil
        }
        return user
    }

    private static func readBufferMemory(_ value: Value?) -> Int? {
        guard let value else { return Defaults.bufferMemory }
        return value.isWord("off") ? nil : value.size(in: Limits.bufferMemory, or: "off") ?? Defaults.bufferMemory
    }

    private static func readProblemTypeBase(_ value: Value) -> String? {
        guard let base = value.text("the beginning of a URI") else { return nil }
        let isURI = base.hasPrefix("https://") || base.hasPrefix("http://") || base.hasPrefix("urn:")
        guard isURI, base.utf8.count <= Limits.redirectTarget,
            base.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`{|}".utf8.contains($0) })
        else {
            value.mismatch(
                "the beginning of a URI, to which codes are added", hint: "https://docs.example.fr/refusals#")
            return nil
        }
        return base
    }

    private static func reportRepetitions(
        of listeners: [ListenerConfiguration], admin: AdminConfiguration?, to findings: Findings
    ) {
        var names: [String: SourceLocation] = [:]
        var addresses: [Endpoint: SourceLocation] = [:]
        for listener in listeners {
            if !listener.name.isEmpty, let first = names.updateValue(listener.location, forKey: listener.name) {
                findings.error(
                    at: listener.location, "two listeners are named \(listener.name.quoted)",
                    hint: "the first one is at line \(first.line)")
            }
            if listener.address.isShareable { continue }
            if let first = addresses.updateValue(listener.addressLocation, forKey: listener.address) {
                findings.error(
                    at: listener.addressLocation, "two listeners have the address \(listener.address)",
                    hint:
                        "the first one is at line \(first.line); one listener can have several certificates and routes")
            }
        }
        if let admin, !admin.address.isShareable, let first = addresses[admin.address] {
            findings.error(
                at: admin.location, "the admin endpoint has the address of a listener",
                hint: "the listener is at line \(first.line)")
        }
    }

    private static func reportUnused(_ references: References, to findings: Findings) {
        for trust in references.trusts where !references.usedTrusts.contains(trust.name) {
            findings.warning(at: trust.location, "no listener uses the trust \(trust.name.quoted)")
        }
        for upstream in references.upstreams where !references.usedUpstreams.contains(upstream.name) {
            findings.warning(at: upstream.location, "no route uses the upstream \(upstream.name.quoted)")
        }
        for issuer in references.tokenIssuers where !references.usedTokenIssuers.contains(issuer.name) {
            findings.warning(at: issuer.location, "no route uses the token issuer \(issuer.name.quoted)")
        }
    }
}

extension GatewayConfiguration {
    private static func reportUse(
        of signedIdentity: SignedIdentityConfiguration, _ references: References, admin: AdminConfiguration?,
        to findings: Findings
    ) {
        if !references.usesSignedIdentity {
            findings.warning(at: signedIdentity.location, "no route has signed in its identity")
        } else if admin == nil {
            findings.warning(
                at: signedIdentity.location, "without admin nobody can fetch the keys of signed identities",
                hint: "admin serves them under /jwks.json")
        }
    }
}

extension AdminConfiguration {
    static func read(_ section: Section) -> AdminConfiguration? {
        defer { section.finish() }
        guard let value = section.required("address"), let address = value.endpoint(.address) else { return nil }
        if case .tcp(let host, _) = address, !host.hasPrefix("127."), host != "::1" {
            section.findings.warning(
                at: value.location,
                "the admin endpoint asks nobody who they are, and \(host) is not the loopback address",
                hint: "listen on 127.0.0.1 or on a Unix socket, or keep others out by the network")
        }
        let hosts = section["hosts"]?.items().compactMap(readHost) ?? []
        return AdminConfiguration(address: address, hosts: hosts, location: value.location)
    }

    private static func readHost(_ value: Value) -> String? {
        guard let name = value.text("a host name")?.lowercased() else { return nil }
        guard Grammar.isHostName(name) else {
            value.mismatch("a host name", hint: "write a name alone, without a scheme or a port")
            return nil
        }
        return name
    }
}

extension ExpiryWebhookConfiguration {
    static func read(_ section: Section) -> ExpiryWebhookConfiguration? {
        defer { section.finish() }
        let authorities = section["ca"]?.file()
        guard let url = section.required("url")?.url(schemes: ["https", "http"]) else { return nil }
        return ExpiryWebhookConfiguration(url: url, authorities: authorities)
    }
}

extension Endpoint {
    /// Whether several sockets may be written with it: the kernel chooses a port for each.
    fileprivate var isShareable: Bool {
        if case .tcp(_, port: 0) = self { true } else { false }
    }

    /// Stands in for an address that was reported.
    static let unreadable = Endpoint.tcp(host: "0.0.0.0", port: 0)
}

extension Value {
    /// The mappings under names that the operator chose, with the values that hold them.
    func namedSections(_ what: String) -> [Value] {
        let section = section()
        let values = section.named()
        for value in values where !Grammar.isToken(value.key) || value.key.utf8.count > Limits.nameSize {
            context.findings.error(
                at: value.keyLocation, "\(value.key.quoted) is no name for \(what == "upstream" ? "an" : "a") \(what)",
                hint: "letters, digits and -._ , up to \(Limits.nameSize) of them")
        }
        return values
    }
}
