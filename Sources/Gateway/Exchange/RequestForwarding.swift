internal import Configuration
internal import EventLoop
internal import HTTP

/// Turns a caller's request head into the one an upstream gets.
///
/// The order is the safety of it: what only concerns the caller's connection goes, then every field that claims an
/// identity, then come the gateway's own words on where the request came from, then the route's edits. The verified
/// identity is written behind all of it when the head is encoded, so nothing can remove it or come after it.
struct RequestForwarding: Sendable {
    private let families: FoldedNames
    /// The fields known by name that claim an identity or an origin.
    private let claims: KnownFields

    init(families: FoldedNames) {
        self.families = families
        claims = KnownFields(where: { field in
            field.name.withSpan { families.contains($0) || IdentityFamilies.hearsay.contains($0) }
        })
    }

    /// The names of one request, which the upstream is told.
    struct Identifiers {
        let requestID: [UInt8]
        let traceparent: [UInt8]
    }

    /// Whether a name claims an identity, or an origin: what no trailer may do either.
    func claimsIdentity(_ name: Span<UInt8>) -> Bool {
        families.contains(name) || IdentityFamilies.hearsay.contains(name)
    }

    func apply(
        to head: inout RequestHead, from origin: RenderedOrigin, as identifiers: Identifiers, along route: Route,
        path: [UInt8], pathChanged: Bool
    ) {
        let families = self.families
        let hearsay = IdentityFamilies.hearsay
        let claims = self.claims
        head.fields.removeHopByHop { name in families.contains(name) }
        head.fields.remove { line, name in
            // Another spelling of a known name is none, and compared in full.
            line.known == .other ? hearsay.contains(name) || families.contains(name) : claims.contains(line.known)
        }
        origin.turn(to: head.fields.arena.span.extracting(head.authority ?? 0..<0))
        rewriteTarget(of: &head, along: route, path: path, pathChanged: pathChanged)
        head.fields.append(contentsOf: origin.fields)
        head.fields.append(.xRequestID, value: identifiers.requestID)
        head.fields.append(.traceparent, value: identifiers.traceparent)
        head.fields.append(.via, value: RenderedOrigin.via(head.version))
        route.requestEdits.apply(to: &head.fields)
    }

    private func rewriteTarget(of head: inout RequestHead, along route: Route, path: [UInt8], pathChanged: Bool) {
        guard head.form != .asterisk else { return }
        let strips = !route.stripPrefix.isEmpty && path.starts(with: route.stripPrefix)
        guard strips || pathChanged else { return }
        var target = strips ? Array(path.dropFirst(route.stripPrefix.count)) : path
        if target.first != UInt8(ascii: "/") { target.insert(UInt8(ascii: "/"), at: 0) }
        let query = head.query.map { Array(head.fields.arena[$0]) }
        if let query {
            head.setTarget(path: target.span, query: query.span)
        } else {
            head.setTarget(path: target.span, query: nil)
        }
    }
}
