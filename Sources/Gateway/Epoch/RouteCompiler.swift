internal import Configuration
internal import HTTP
internal import IGCSante
internal import Trust

/// Turns a route of the configuration into one that workers use.
enum RouteCompiler {
    static func route(
        _ route: RouteConfiguration, accept: Trust.AcceptedKinds, upstreams: [UpstreamPlan], identity: Int?,
        enrolment: Int?, file: String, limits: RouteLimits, tokens: TokenIssuerPlan? = nil,
        signedIdentity: SignedIdentityPlan? = nil, meter: (String) -> Int
    ) -> Route {
        let action: Route.Action
        var stripPrefix: [UInt8] = []
        switch route.action {
        case .forward(let name, let prefix):
            stripPrefix = Array((prefix ?? "").utf8)
            if let plan = upstreams.first(where: { $0.name == name }) {
                action = .upstream(plan)
            } else {
                // The configuration was checked: an answer that says so is better than a trap.
                action = .respond(FixedResponse(status: 503, fields: [], body: []))
            }
        case .redirect(let redirect, let prefix):
            stripPrefix = Array((prefix ?? "").utf8)
            action = .redirect(Redirect(redirect))
        case .respond(let status, let body):
            let type = FieldName("Content-Type").map { EditedField(name: $0, value: Array("text/plain".utf8)) }
            action = .respond(
                FixedResponse(
                    status: Status(rawValue: UInt16(clamping: status)), fields: type.map { [$0] } ?? [],
                    body: Array(body.utf8)))
        }
        let name = "\(HostPattern(route.host).text)\(route.path)"
        return Route(
            name: name, host: HostPattern(route.host),
            path: Array(route.path.utf8), methods: route.methods.map { Array($0.utf8) }, action: action,
            needsCertificate: route.clientCertificate == .required,
            access: AccessPolicy(
                accepted: route.accept.map { Trust.AcceptedKinds($0) } ?? accept,
                structures: route.structures.isEmpty ? nil : route.structures.compactMap { StructurePattern("\($0)") },
                names: route.names.isEmpty ? nil : route.names.compactMap { NamePattern($0.text) }),
            identity: identity, stripPrefix: stripPrefix, requestEdits: FieldEdits(route.requestHeaders),
            responseEdits: FieldEdits(route.responseHeaders), timeout: route.timeout, limits: limits,
            enrolment: enrolment, rules: RuleBook(file: file, section: route.location, keys: route.ruleLocations),
            tokens: tokens, signedIdentity: signedIdentity, meter: meter(name))
    }
}

extension HostPattern {
    init(_ host: RouteConfiguration.Host) {
        switch host {
        case .any: self = .any
        case .exact(let name): self = .exact(Array(name.utf8))
        case .wildcard(let suffix): self = .wildcard(suffix: Array(".\(suffix)".utf8))
        }
    }

    /// For logs.
    var text: String {
        switch self {
        case .any: "*"
        case .exact(let name): String(decoding: name, as: UTF8.self)
        case .wildcard(let suffix): "*" + String(decoding: suffix, as: UTF8.self)
        }
    }
}

extension FieldEdits {
    init(_ edits: HeaderEdits) {
        let set = edits.set.compactMap { field in
            FieldName(field.name).map { EditedField(name: $0, value: Array(field.value.utf8)) }
        }
        self.init(remove: edits.remove, set: set)
    }
}

extension TextPattern {
    /// As the configuration writes it.
    fileprivate var text: String {
        switch self {
        case .exact(let text): text
        case .prefix(let text): text + "*"
        }
    }
}
