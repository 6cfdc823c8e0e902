internal import HTTP
internal import TLS
internal import Trust

/// What is known of a request's connection when it is decided where the request goes, and whether.
///
/// A connection has one, and so has `poterne explain`: both are decided by the same code.
struct RequestScene {
    /// An admitted caller.
    struct Caller {
        let peer: VerifiedPeer
        let identity: RenderedIdentity
    }

    let plan: ListenerPlan
    /// The names of the certificate that the connection showed; nil in the clear.
    let names: CertificateNames?
    /// Whether the caller asked for a name in the handshake.
    let hasServerName: Bool
    /// Who calls, once admitted.
    let caller: Caller?
    /// Why the caller does not pass, where `on_refusal: http` says so in HTTP.
    let refused: Refusal?
}

extension RequestScene {
    init(_ connection: DownstreamConnection) {
        self.init(
            plan: connection.plan, names: connection.certificate?.names,
            hasServerName: connection.facts?.serverName != nil,
            caller: connection.caller.map { Caller(peer: $0.peer, identity: $0.identity) },
            refused: connection.refused?.refusal)
    }
}

/// Decides, before anything is forwarded, whether and where a request goes: target, host, path, route, caller.
///
/// The order matters: what is malformed is refused before it is looked up, and who may call is asked last, of the route
/// that governs the path.
enum RequestAdmission {
    /// The route for the exchange's request, which came on a connection.
    static func route(
        for exchange: Exchange, on connection: DownstreamConnection
    ) throws(ExchangeRefusal) -> Route {
        let scene = RequestScene(connection)
        // Once: each look at the whole of a field of an object copies it.
        let request = exchange.request
        try readHost(of: request, in: scene, into: &exchange.host)
        exchange.isPathChanged = try normalisePath(of: request, into: &exchange.path)
        let route = try findRoute(for: request, host: exchange.host, path: exchange.path, in: scene)
        exchange.setRoute(route)
        try check(request, along: route, in: scene)
        return route
    }

    /// Writes the host, lower-cased, without port, empty when the request names none; of a request that may be asked here.
    static func readHost(
        of request: RequestHead, in scene: RequestScene, into host: inout [UInt8]
    ) throws(ExchangeRefusal) {
        guard request.method != .connect, request.form != .authority else { throw .tunnelRefused }
        guard request.expectation != .unknown else { throw .unknownExpectation }
        host.removeAll(keepingCapacity: true)
        let bytes = request.fields.arena.span
        if let range = request.authority, let authority = Authority(range, in: bytes) {
            host.append(copying: bytes.extracting(authority.host))
            for index in host.indices where host[index] &- UInt8(ascii: "A") < 26 { host[index] |= 0x20 }
        }
        try checkHost(host, in: scene)
    }

    /// Whether the request came to the right place.
    ///
    /// RFC 9110 §7.4: a request for a host that this connection's certificate does not answer for came to the wrong
    /// place, at each request of the connection. An address cannot be asked for by SNI, so it is no such claim.
    private static func checkHost(_ host: [UInt8], in scene: RequestScene) throws(ExchangeRefusal) {
        guard let names = scene.names else { return }
        if names.covers(host.span) { return }
        let isAddress = host.first == UInt8(ascii: "[") || host.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) }
        guard isAddress, !scene.hasServerName else { throw .misdirected }
    }

    /// Writes the path as the rules are asked about it, which is what is forwarded; says whether it differs from the one
    /// that was sent.
    static func normalisePath(of request: RequestHead, into path: inout [UInt8]) throws(ExchangeRefusal) -> Bool {
        guard request.form != .asterisk, !request.path.isEmpty else {
            path.removeAll(keepingCapacity: true)
            path.append(UInt8(ascii: "/"))
            return false
        }
        do {
            let findings = try PathNormalizer.normalize(request.fields.arena.span.extracting(request.path), into: &path)
            guard findings.isDisjoint(with: .ambiguous) else { throw ExchangeRefusal.ambiguousPath }
            return !findings.isEmpty
        } catch let refusal as ExchangeRefusal {
            throw refusal
        } catch {
            throw .ambiguousPath
        }
    }

    /// The route that governs a host and a path.
    static func findRoute(
        for request: RequestHead, host: [UInt8], path: [UInt8], in scene: RequestScene
    ) throws(ExchangeRefusal) -> Route {
        try request.withMethod { method throws(ExchangeRefusal) in
            try findRoute(for: request, method: method, host: host, path: path, in: scene)
        }
    }

    private static func findRoute(
        for request: RequestHead, method: Span<UInt8>, host: [UInt8], path: [UInt8], in scene: RequestScene
    ) throws(ExchangeRefusal) -> Route {
        let router = scene.plan.router
        switch router.match(host: host.span, path: path.span, method: method) {
        case .found(let route):
            // `/admin;x` is `/admin` to a servlet container: no spelling may step round the rule for what the upstream sees.
            if let other = PathNormalizer.withoutParameters(path.span) {
                guard case .found(let same) = router.match(host: host.span, path: other.span, method: method),
                    same === route
                else { throw .ambiguousPath }
            }
            if router.restrictsMethods {
                try checkOverrides(of: request, host: host, path: path, along: route, router: router)
            }
            return route
        case .methodNotAllowed(let allowed): throw .methodNotAllowed(allowed: allowed)
        case .notFound: throw .notFound
        }
    }

    /// Fields by which frameworks let a caller choose another method than the request's own.
    private static let methodOverrides = FoldedNames(
        names: ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])

    /// Whether a method that the upstream may take instead of the request's own leads to the same route.
    private static func checkOverrides(
        of request: RequestHead, host: [UInt8], path: [UInt8], along route: Route, router: Router
    ) throws(ExchangeRefusal) {
        let arena = request.fields.arena.span
        for line in request.fields.lines
        where line.known == .other && methodOverrides.contains(arena.extracting(line.name)) {
            var method: [UInt8] = []
            for index in line.value {
                let byte = arena[index]
                // Some frameworks take the first of a list: what is not one token has no method that could be asked about.
                guard Octet.isToken(byte) else {
                    throw .methodNotAllowed(allowed: Array(route.methods.joined(separator: [0x2C, 0x20])))
                }
                method.append(byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") ? byte & 0xDF : byte)
            }
            switch router.match(host: host.span, path: path.span, method: method.span) {
            case .found(let other) where other === route: continue
            case .methodNotAllowed(let allowed): throw .methodNotAllowed(allowed: allowed)
            case .found, .notFound:
                throw .methodNotAllowed(allowed: Array(route.methods.joined(separator: [0x2C, 0x20])))
            }
        }
    }

    /// Whether the caller may make the request on the route.
    static func check(
        _ request: RequestHead, along route: Route, in scene: RequestScene
    ) throws(ExchangeRefusal) {
        try checkCaller(along: route, in: scene)
        if case .length(let length) = request.framing, let limit = scene.plan.maxBodySize, length > limit {
            throw .bodyTooLarge
        }
    }

    private static func checkCaller(along route: Route, in scene: RequestScene) throws(ExchangeRefusal) {
        guard route.needsCertificate else { return }
        if let refusal = scene.refused { throw .caller(refusal) }
        guard let caller = scene.caller else { throw .caller(.certificateMissing) }
        if case .refused(let refusal, _) = route.decide(about: caller.peer, as: caller.identity) {
            throw .caller(refusal)
        }
    }
}
