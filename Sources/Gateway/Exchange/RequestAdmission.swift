internal import HTTP
internal import TLS
internal import Trust

/// Decides, before anything is forwarded, whether and where a request goes: target, host, path, route, caller.
///
/// The order matters: what is malformed is refused before it is looked up, and who may call is asked last, of the route
/// that governs the path.
enum RequestAdmission {
    /// The route for the exchange's request.
    static func route(for exchange: Exchange) throws(ExchangeRefusal) -> Route {
        guard exchange.request.method != .connect, exchange.request.form != .authority else { throw .tunnelRefused }
        guard exchange.request.expectation != .unknown else { throw .unknownExpectation }
        let host = hostName(of: exchange.request)
        try checkHost(host, of: exchange)
        try normalisePath(of: exchange)
        let route = try findRoute(host: host, for: exchange)
        exchange.setRoute(route)
        try checkCaller(of: exchange, along: route)
        if case .length(let length) = exchange.request.framing, let limit = exchange.downstream.plan.maxBodySize,
            length > limit
        {
            throw .bodyTooLarge
        }
        return route
    }

    /// The host, lower-cased, without port; empty when the request names none.
    private static func hostName(of request: RequestHead) -> [UInt8] {
        let bytes = request.fields.arena.span
        guard let range = request.authority, let authority = Authority(range, in: bytes) else { return [] }
        var host: [UInt8] = []
        host.reserveCapacity(authority.host.count)
        for index in authority.host {
            let byte = bytes[index]
            host.append(byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte)
        }
        return host
    }

    /// Whether the request came to the right place.
    ///
    /// RFC 9110 §7.4: a request for a host that this connection's certificate does not answer for came to the wrong
    /// place, at each request of the connection. An address cannot be asked for by SNI, so it is no such claim.
    private static func checkHost(_ host: [UInt8], of exchange: Exchange) throws(ExchangeRefusal) {
        guard let certificate = exchange.downstream.certificate else { return }
        if certificate.covers(host.span) { return }
        let isAddress = host.first == UInt8(ascii: "[") || host.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) }
        guard isAddress, exchange.downstream.facts?.serverName == nil else { throw .misdirected }
    }

    private static func normalisePath(of exchange: Exchange) throws(ExchangeRefusal) {
        let request = exchange.request
        guard request.form != .asterisk, !request.path.isEmpty else {
            exchange.setPath([UInt8(ascii: "/")], isChanged: false)
            return
        }
        var path: [UInt8] = []
        do {
            let findings = try PathNormalizer.normalize(request.fields.arena.span.extracting(request.path), into: &path)
            guard findings.isDisjoint(with: .ambiguous) else { throw ExchangeRefusal.ambiguousPath }
            // What would be forwarded must be what the rules were asked about.
            exchange.setPath(path, isChanged: !findings.isEmpty)
        } catch let refusal as ExchangeRefusal {
            throw refusal
        } catch {
            throw .ambiguousPath
        }
    }

    private static func findRoute(host: [UInt8], for exchange: Exchange) throws(ExchangeRefusal) -> Route {
        var method: [UInt8] = []
        exchange.request.appendMethod(to: &method)
        let path = exchange.path
        let router = exchange.downstream.plan.router
        switch router.match(host: host.span, path: path.span, method: method.span) {
        case .found(let route):
            // `/admin;x` is `/admin` to a servlet container: no spelling may step round the rule for what the upstream sees.
            if let other = PathNormalizer.withoutParameters(path.span) {
                guard case .found(let same) = router.match(host: host.span, path: other.span, method: method.span),
                    same === route
                else { throw .ambiguousPath }
            }
            if router.restrictsMethods {
                try checkOverrides(of: exchange.request, host: host, path: path, along: route, router: router)
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

    private static func checkCaller(of exchange: Exchange, along route: Route) throws(ExchangeRefusal) {
        guard route.needsCertificate else { return }
        if let refused = exchange.downstream.refused { throw .caller(refused.refusal) }
        guard let caller = exchange.downstream.caller else { throw .caller(.certificateMissing) }
        if case .refused(let refusal, _) = route.decide(about: caller.peer, as: caller.identity) {
            throw .caller(refusal)
        }
    }
}
