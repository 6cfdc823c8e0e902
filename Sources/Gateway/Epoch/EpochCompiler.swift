internal import Configuration
internal import Crypto
internal import EventLoop
internal import HTTP
internal import IGCSante
internal import Revocation
internal import TLS
internal import Token
internal import Trust
internal import X509

/// Turns a configuration into what workers serve by: reads the files that it names, and checks them against each other.
///
/// All or nothing: an epoch is made of what is whole, or there is none.
struct EpochCompiler {
    private let configuration: GatewayConfiguration
    private let number: UInt64
    private let tickets: TicketKeyrings
    private let enrolments: EnrolmentDesk
    private var identity = IdentityRenderings()
    private var limits = KeptLimits()
    private let previousLimits: KeptLimits
    private var meters: RouteMeters
    private let structures: StructureMeters
    private var tokens: [TokenIssuerPlan] = []
    private var signers: [TokenSigner] = []
    /// For each audience one, so that routes of one upstream share what was signed.
    private var signedIdentities: [String: SignedIdentityPlan] = [:]

    /// Prepares; `previous` is what is in force, whose counts go on where a limit stays what it is.
    init(
        _ configuration: GatewayConfiguration, number: UInt64, tickets: TicketKeyrings, enrolments: EnrolmentDesk,
        previous: Epoch? = nil
    ) {
        previousLimits = previous?.limits ?? KeptLimits()
        meters = previous?.meters ?? RouteMeters()
        structures = previous?.structures ?? StructureMeters()
        self.configuration = configuration
        self.number = number
        self.tickets = tickets
        self.enrolments = enrolments
    }

    /// The epoch of the configuration.
    mutating func compile() throws(StartupProblem) -> Epoch {
        do {
            return try compileParts()
        } catch {
            var problem = error
            problem.file = configuration.file
            throw problem
        }
    }

    private mutating func compileParts() throws(StartupProblem) -> Epoch {
        var trusts: [TrustSnapshot] = []
        for trust in configuration.trusts { trusts.append(try TrustFiles.snapshot(of: trust)) }
        var upstreams: [UpstreamPlan] = []
        for upstream in configuration.upstreams {
            upstreams.append(try UpstreamCompiler.plan(for: upstream, workers: configuration.workerCount))
        }
        tokens = try TokenCompiler.plans(for: configuration, upstreams: upstreams)
        signers = try TokenCompiler.signers(configuration.signedIdentity)
        var listeners: [ListenerPlan] = []
        for listener in configuration.listeners {
            listeners.append(try plan(for: listener, trusts: trusts, upstreams: upstreams))
        }
        return Epoch(
            number: number, listeners: listeners, upstreams: upstreams, trusts: trusts, identity: identity,
            limits: limits, enrolments: enrolments.tables(of: identity.files),
            bufferShare: configuration.bufferMemory.map { $0 / max(1, configuration.workerCount) }, tokens: tokens,
            webKeys: signers.isEmpty ? nil : Array(TokenSigner.webKeySet(of: signers).utf8),
            tracing: TracingPlan(configuration.tracing), spanExport: try spanExport(),
            expiries: ExpiryPlan(
                threshold: configuration.expiryWarning.components.seconds,
                header: configuration.expiryHeader.flatMap { ExpiryHeader($0) }, listeners: listeners,
                upstreams: upstreams,
                trusts: trusts),
            meters: meters, structures: structures)
    }

    /// An epoch that only answers questions about callers: no key is read and no name looked up, so nothing can be served
    /// by it.
    mutating func compileTrial(trusts: [TrustSnapshot]) throws(StartupProblem) -> Epoch {
        var listeners: [ListenerPlan] = []
        for listener in configuration.listeners {
            listeners.append(try plan(for: listener, trusts: trusts, upstreams: [], servesTLS: false))
        }
        return Epoch(
            number: number, listeners: listeners, upstreams: [], trusts: trusts, identity: identity,
            enrolments: enrolments.tables(of: identity.files))
    }

    /// Where spans go.
    private func spanExport() throws(StartupProblem) -> SpanExportPlan? {
        guard let export = configuration.tracing.export else { return nil }
        // The library reads the file itself, at a time when nobody would see what is wrong with it.
        if let authorities = export.authorities { _ = try TrustFiles.certificates(in: authorities) }
        return SpanExportPlan(export)
    }

    /// What a route asks of tokens.
    private func tokens(of route: RouteConfiguration) -> TokenIssuerPlan? {
        guard route.requiresTokenBinding else { return nil }
        return tokens.first { $0.name == route.tokenIssuer ?? "" }
    }

    /// How a route's upstream is told in a signed token who calls.
    private mutating func signedIdentity(of route: RouteConfiguration) -> SignedIdentityPlan? {
        guard let section = configuration.signedIdentity, let signer = signers.first,
            case .forward(let upstream, _) = route.action
        else { return nil }
        for case .signed(let audience) in route.identity {
            let audience = audience ?? upstream
            if let plan = signedIdentities[audience] { return plan }
            let plan = SignedIdentityPlan(
                signer: signer, issuer: section.issuer, audience: audience,
                lifetime: section.lifetime.components.seconds, header: section.header,
                isPerRequest: section.scope == .request)
            signedIdentities[audience] = plan
            return plan
        }
        return nil
    }

    private mutating func plan(
        for listener: ListenerConfiguration, trusts: [TrustSnapshot], upstreams: [UpstreamPlan], servesTLS: Bool = true
    ) throws(StartupProblem) -> ListenerPlan {
        let trust = listener.clientCertificate.trust.flatMap { name in trusts.first { $0.name == name } }
        let accept = Trust.AcceptedKinds(listener.clientCertificate.accept)
        var listenerLimits = ListenerLimits(listener, workers: configuration.workerCount)
        listenerLimits.connections = limits.connections(of: listener, previous: previousLimits)
        var routes: [Route] = []
        for route in listener.routes {
            var enrolment: Int?
            if let file = route.callersFile {
                _ = try enrolments.table(of: file)
                enrolment = identity.number(ofFile: file.path)
            }
            routes.append(
                RouteCompiler.route(
                    route, accept: accept, upstreams: upstreams,
                    identity: identity.number(of: route.identity.filter { !$0.isSigned }, enrolment: enrolment),
                    enrolment: enrolment, file: configuration.file,
                    limits: limits.limits(of: route, on: listener.name, previous: previousLimits),
                    tokens: tokens(of: route), signedIdentity: signedIdentity(of: route),
                    meter: { meters.number(of: $0, on: listener.name) }))
        }
        let certificates =
            servesTLS
            ? try ServerCertificates.contexts(for: listener, trust: trust, accept: accept, tickets: tickets) : []
        return ListenerPlan(
            name: listener.name, certificates: certificates,
            certificateMode: ListenerPlan.CertificateMode(listener.clientCertificate.mode), trust: trust,
            accept: accept, refusesByHTTP: listener.clientCertificate.onRefusal == .http,
            cutsOnRevocation: listener.clientCertificate.cutOnRevocation,
            cutsOnExpiry: listener.clientCertificate.cutOnExpiry, problemTypeBase: configuration.problemTypeBase,
            trustedProxies: Self.trustedProxies(of: listener),
            limits: listenerLimits, router: Router(routes),
            forwarding: RequestForwarding(families: IdentityFamilies.all(with: customNames)),
            rules: rules(of: listener))
    }

    private func rules(of listener: ListenerConfiguration) -> HandshakeRules {
        let (file, asked) = (configuration.file, listener.clientCertificate)
        let trust = asked.trust.flatMap { configuration.trust(named: $0) }
        return HandshakeRules(
            listener: RuleBook(file: file, section: asked.location, keys: asked.ruleLocations),
            trust: trust.map { RuleBook(file: file, section: $0.location, keys: $0.ruleLocations) } ?? .none)
    }

    private static func trustedProxies(of listener: ListenerConfiguration) -> [AddressRange] {
        guard case .accept(let networks) = listener.proxyProtocol else { return [] }
        return networks.compactMap { AddressRange($0) }
    }

    /// The names of the configuration's own identity headers: no caller may send them, to no listener, since listeners
    /// may share an upstream that believes them.
    private var customNames: [String] {
        let signed = configuration.signedIdentity.map { [$0.header] } ?? []
        return signed
            + configuration.listeners.flatMap(\.routes).flatMap { route in
                route.identity.flatMap { item -> [String] in
                    guard case .custom(let headers) = item else { return [] }
                    return headers.map(\.name)
                }
            }
    }
}

extension GatewayConfiguration {
    /// How many workers serve.
    var workerCount: Int {
        switch workers {
        case .automatic: Processors.count
        case .count(let count): count
        }
    }
}

extension Trust.AcceptedKinds {
    init(_ kinds: Configuration.AcceptedKinds) {
        switch kinds {
        case .any: self = .any
        case .kinds(let kinds): self = .only(Set(kinds.compactMap { CertificateKind(rawValue: $0.rawValue) }))
        }
    }
}

extension ListenerPlan.CertificateMode {
    init(_ mode: ClientCertificateConfiguration.Mode) {
        switch mode {
        case .required: self = .required
        case .optional: self = .optional
        case .none: self = .none
        }
    }
}

extension ListenerLimits {
    init(_ listener: ListenerConfiguration, workers: Int) {
        self.init()
        head.head = listener.http.maxHeaderSize
        head.fieldLines = listener.http.maxHeaders
        head.fieldLine = min(head.fieldLine, head.head)
        maxBodySize = listener.http.maxBodySize.map { UInt64($0) }
        headerTimeout = listener.http.headerTimeout
        bodyTimeout = listener.http.bodyTimeout
        keepaliveTimeout = listener.http.keepaliveTimeout
        maxRequestsPerConnection = listener.http.maxRequestsPerConnection
        speaksHTTP2 = listener.http.protocols.contains(.h2)
        maxConcurrentStreams = listener.http.maxConcurrentStreams
        minRate = listener.http.minRate
        handshakeTimeout = listener.tls.handshakeTimeout
        maxConnections = max(1, listener.maxConnections / max(1, workers))
    }
}
