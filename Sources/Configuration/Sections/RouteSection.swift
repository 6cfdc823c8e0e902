/// What a route needs to know of its listener.
struct RouteScope {
    let clientCertificate: ClientCertificateConfiguration

    /// Whether the listener never asks for a certificate.
    var isAnonymous: Bool { clientCertificate.mode == .none }
}

extension RouteConfiguration {
    /// One entry of `routes`.
    static func read(_ section: Section, scope: RouteScope, references: inout References) -> RouteConfiguration {
        let clientCertificate = readClientCertificate(section, scope: scope)
        let path = section["path"].map { readPath($0) ?? unreadable } ?? Defaults.path
        let action = readAction(section, path: path, references: &references)
        let trust = references.trusts.first { $0.name == scope.clientCertificate.trust }
        let identity = section["identity"].map(IdentityConfiguration.readList) ?? []
        let route = RouteConfiguration(
            host: section["host"].map { readHost($0) ?? .exact(unreadable) } ?? .any,
            path: path,
            methods: section["methods"].map { value in value.distinct(value.someItems()) { $0.method() } } ?? [],
            action: action,
            clientCertificate: clientCertificate,
            accept: section["accept"].flatMap { readAccept($0, scope: scope, trust: trust) },
            structures: section["structures"].map(StructureRule.readList) ?? [],
            names: section["names"].map(TextPattern.readList) ?? [],
            callersFile: section["callers_file"]?.file(),
            requiresTokenBinding: readTokenBinding(section),
            tokenIssuer: readTokenIssuer(section, references: &references),
            rateLimit: section["rate_limit"].map { RateLimitConfiguration.read($0.section()) },
            concurrency: section["concurrency"].map { ConcurrencyConfiguration.read($0.section()) },
            identity: identity,
            requestHeaders: HeaderEdits.read(section["request_headers"]?.section(), of: .request, beside: identity),
            responseHeaders: HeaderEdits.read(section["response_headers"]?.section(), of: .response, beside: []),
            timeout: section["timeout"]?.duration(in: Limits.peerTimeout) ?? Defaults.routeTimeout,
            location: section.location, ruleLocations: section.locations(of: AccessRule.allCases.map(\.rawValue)))
        reportIdle(section, route: route, scope: scope)
        if identity.contains(where: \.isSigned) {
            references.usesSignedIdentity = true
            if !references.hasSignedIdentity {
                section.findings.error(
                    at: section.location(of: "identity"), "identity: signed needs the section signed_identity",
                    hint: "signed_identity: {keys: [FILE], issuer: URL}")
            }
        }
        section.finish()
        return route
    }

    /// Stands in for a host or path that was reported.
    private static let unreadable = ""

    /// Whether host and path could be read, and the route can be compared with others.
    var hasReadablePlace: Bool { path != Self.unreadable && host != .exact(Self.unreadable) }

    private static func readHost(_ value: Value) -> Host? {
        guard let text = value.text("a host name")?.lowercased() else { return nil }
        if text == "*" {
            value.mismatch("a host name", hint: "leave host out for every host")
            return nil
        }
        if text.hasPrefix("*.") {
            let suffix = String(text.dropFirst(2))
            guard Grammar.isHostName(suffix) else {
                value.mismatch("*.DOMAIN")
                return nil
            }
            return .wildcard(suffix)
        }
        if text.hasPrefix("["), text.hasSuffix("]"), Grammar.isIPv6(text.dropFirst().dropLast()) { return .exact(text) }
        guard Grammar.isHostName(text) else {
            let hint =
                text.contains(":")
                ? "without a port"
                : text.utf8.contains { $0 >= 0x80 } ? "in its ASCII form: xn--..." : "letters, digits, - and dots"
            value.mismatch("a host name or *.DOMAIN", hint: hint)
            return nil
        }
        return .exact(text)
    }

    private static func readPath(_ value: Value) -> String? {
        guard let path = value.text("a path prefix") else { return nil }
        guard let fault = Grammar.faultOfPath(path) else { return path }
        value.error("\(value.key.quoted): \(path.quoted) \(fault)")
        return nil
    }

    private static func readAction(_ section: Section, path: String, references: inout References) -> Action {
        let upstream = section["upstream"]
        let respond = section["respond"]
        let redirect = section["redirect"]
        let stripPrefix = section["strip_prefix"].flatMap { readStripPrefix($0, path: path) }
        let actions = [upstream, respond, redirect].compactMap { $0 }
        if actions.count > 1 {
            section.findings.error(
                at: actions[0].keyLocation, "a route has either upstream, respond or redirect: one of them")
        }
        // Read even where it does not count, so that nothing in it goes unchecked.
        let answer = respond.map { readRespond($0.section()) }
        let elsewhere = redirect.map { RedirectConfiguration.read($0.section()) }
        if let upstream {
            guard let name = upstream.text("the name of an upstream") else {
                return .forward(upstream: "", stripPrefix: stripPrefix)
            }
            references.usedUpstreams.insert(name)
            if !references.upstreams.contains(where: { $0.name == name }) {
                section.findings.unknown(
                    "upstream", name, at: upstream.location, among: references.upstreams.map(\.name))
            }
            return .forward(upstream: name, stripPrefix: stripPrefix)
        }
        if let answer { return answer }
        if let elsewhere { return .redirect(elsewhere, stripPrefix: stripPrefix) }
        _ = section.required("upstream", hint: "the name of an upstream; or respond: {status: 200, body: ok}")
        return .forward(upstream: "", stripPrefix: stripPrefix)
    }

    private static func readStripPrefix(_ value: Value, path: String) -> String? {
        guard let prefix = readPath(value) else { return nil }
        let rest = path.dropFirst(prefix.count)
        guard path == unreadable || path.hasPrefix(prefix), rest.isEmpty || rest.hasPrefix("/") || prefix.hasSuffix("/")
        else {
            value.error(
                "\"strip_prefix\": the path \(path.quoted) of this route does not begin with \(prefix.quoted)",
                hint: "whole segments only")
            return nil
        }
        return prefix
    }

    private static func readRespond(_ section: Section) -> Action {
        defer { section.finish() }
        let status = section["status"]?.integer(in: 200...599) ?? Defaults.respondStatus
        guard let bodyValue = section["body"] else { return .respond(status: status, body: "") }
        guard let body = bodyValue.node.scalar?.text else {
            bodyValue.mismatch("a text")
            return .respond(status: status, body: "")
        }
        if body.utf8.count > Limits.respondBody {
            bodyValue.error("\"body\" is longer than \(SizeForm.text(Limits.respondBody))")
        }
        // RFC 9110 §6.4.1: "Responses with a 204 or 304 status code never contain content."
        if status == 204 || status == 304 || status == 205, !body.isEmpty {
            bodyValue.error("a response \(status) has no body")
        }
        return .respond(status: status, body: body)
    }

    private static func readTokenBinding(_ section: Section) -> Bool {
        enum Choice: String, CaseIterable {
            case off, required
        }
        return section["token_binding"]?.choice(Choice.self) == .required
    }

    private static func readTokenIssuer(_ section: Section, references: inout References) -> String? {
        guard let value = section["token_issuer"], let name = value.text("the name of a token issuer") else {
            return nil
        }
        references.usedTokenIssuers.insert(name)
        if !references.tokenIssuers.contains(where: { $0.name == name }) {
            section.findings.unknown(
                "token issuer", name, at: value.location, among: references.tokenIssuers.map(\.name))
        }
        return name
    }

    private static func readAccept(_ value: Value, scope: RouteScope, trust: TrustConfiguration?) -> AcceptedKinds? {
        guard let accept = AcceptedKinds.read(value, under: trust) else { return nil }
        if !scope.isAnonymous, !accept.isSubset(of: scope.clientCertificate.accept) {
            value.error(
                "a route narrows what its listener accepts, which is \(scope.clientCertificate.accept)",
                hint: "add the kind to the listener's accept, or take it out here")
        }
        return accept
    }

    private static func readClientCertificate(_ section: Section, scope: RouteScope) -> ClientCertificate {
        guard let value = section["client_certificate"] else { return scope.isAnonymous ? .none : .required }
        let choice = value.choice(ClientCertificate.self)
        if choice == ClientCertificate.none, scope.clientCertificate.mode != .optional {
            value.error(
                "client_certificate: none is allowed only where the listener's mode is optional",
                hint: scope.isAnonymous ? "this listener asks nobody: leave it out" : nil)
        }
        if choice == .required, scope.isAnonymous {
            value.error("this listener's mode is none: no request has a certificate")
        }
        return choice ?? .required
    }

    /// Reports keys that cannot do what they say.
    private static func reportIdle(_ section: Section, route: RouteConfiguration, scope: RouteScope) {
        let deciding = ["accept", "structures", "names", "callers_file", "token_binding", "token_issuer"]
        if scope.isAnonymous {
            for key in deciding + ["identity"] where section.has(key) {
                section.findings.error(
                    at: section.location(of: key), "\(key.quoted) has no effect: this listener's mode is none")
            }
        } else if route.clientCertificate == .none {
            for key in deciding where section.has(key) {
                section.findings.error(
                    at: section.location(of: key), "\(key.quoted) has no effect with client_certificate: none")
            }
        }
        if route.callersFile == nil {
            for case .custom(let headers) in route.identity {
                for header in headers where header.value.contains(.placeholder(.clientID)) {
                    section.findings.error(
                        at: header.location, "{client_id} is known only of a route with callers_file")
                }
            }
        }
        if let file = route.callersFile, EnrolmentList.Format(path: file.path) == nil {
            section.findings.error(
                at: file.location, "\"callers_file\": expected a name that ends in .yaml, .yml or .csv")
        }
        if section.has("token_issuer"), !route.requiresTokenBinding {
            section.findings.error(
                at: section.location(of: "token_issuer"),
                "\"token_issuer\" has no effect without token_binding: required")
        }
        let idle: [String]
        switch route.action {
        case .forward: idle = []
        case .respond: idle = ["strip_prefix", "identity", "request_headers", "timeout"]
        case .redirect: idle = ["identity", "request_headers", "timeout"]
        }
        for key in idle where section.has(key) {
            section.findings.error(at: section.location(of: key), "\(key.quoted) has no effect without an upstream")
        }
    }
}

extension RateLimitConfiguration {
    static func read(_ section: Section) -> RateLimitConfiguration {
        let requests = section.required("requests")?.integer(in: Limits.requests) ?? 1
        let limit = RateLimitConfiguration(
            requests: requests,
            period: section.required("per")?.duration(in: Limits.peerTimeout) ?? .seconds(1),
            burst: section["burst"]?.integer(in: Limits.requests) ?? requests,
            key: section["by"]?.choice() ?? Defaults.rateLimitKey)
        section.finish()
        return limit
    }
}

extension Value {
    /// A method that is forwarded: a token; CONNECT would be a tunnel.
    func method() -> String? {
        let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
        guard let text = text("a method") else { return nil }
        guard Grammar.isToken(text), text != "CONNECT", text.utf8.count <= 32 else {
            mismatch("a method", hint: text == "CONNECT" ? "tunnels are not made" : nil)
            return nil
        }
        // RFC 9110 §9.1: "The method token is case-sensitive".
        guard text == text.uppercased() else {
            mismatch("a method in upper case", hint: "did you mean \(text.uppercased().quoted)?")
            return nil
        }
        if !known.contains(text), let nearest = EditDistance.nearest(to: text, among: known) {
            findings.warning(at: location, "unusual method \(text.quoted)", hint: "did you mean \(nearest.quoted)?")
        }
        return text
    }
}
