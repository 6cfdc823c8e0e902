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

    init(families: FoldedNames) {
        self.families = families
    }

    /// Where a request came from, as the gateway saw it.
    struct Origin {
        let address: SocketAddress
        /// Rendered once for all requests of a connection: `text(of:)`.
        let addressText: [UInt8]
        let isSecure: Bool
        let requestID: [UInt8]
        let traceparent: [UInt8]
    }

    /// Whether a name claims an identity, or an origin: what no trailer may do either.
    func claimsIdentity(_ name: Span<UInt8>) -> Bool {
        families.contains(name) || IdentityFamilies.hearsay.contains(name)
    }

    func apply(to head: inout RequestHead, from origin: Origin, along route: Route, path: [UInt8], pathChanged: Bool) {
        let families = self.families
        let hearsay = IdentityFamilies.hearsay
        let host = head.authority.map { Array(head.fields.arena[$0]) } ?? []
        head.fields.removeHopByHop { name in families.contains(name) }
        head.fields.remove { _, name in hearsay.contains(name) || families.contains(name) }
        rewriteTarget(of: &head, along: route, path: path, pathChanged: pathChanged)
        writeOrigin(origin, host: host, into: &head)
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

    /// An address without its port.
    static func text(of address: SocketAddress) -> [UInt8] {
        guard let ip = address.ip else { return Array("unix".utf8) }
        var text: [UInt8] = []
        ip.append(to: &text)
        return text
    }

    private func writeOrigin(_ origin: Origin, host: [UInt8], into head: inout RequestHead) {
        let address = origin.addressText
        let scheme: StaticString = origin.isSecure ? "https" : "http"
        head.fields.append(.xForwardedFor, value: address)
        head.fields.append(.xForwardedProto, value: scheme)
        head.fields.append(.xForwardedHost, value: host)
        head.fields.append(.forwarded, value: forwarded(address, host: host, scheme: scheme, origin.address))
        head.fields.append(.xRequestID, value: origin.requestID)
        head.fields.append(.traceparent, value: origin.traceparent)
        head.fields.append(.via, value: Self.via(head.version))
    }

    /// RFC 9110 §7.6.3: the version received, and a name for the gateway.
    private static func via(_ version: Version) -> StaticString {
        switch version {
        case .http10: "1.0 poterne"
        case .http11: "1.1 poterne"
        case .http2: "2.0 poterne"
        }
    }

    /// RFC 7239 §4: an IPv6 address is bracketed and quoted, a Unix peer has no address.
    private func forwarded(
        _ address: [UInt8], host: [UInt8], scheme: StaticString, _ peer: SocketAddress
    ) -> [UInt8] {
        var value: [UInt8] = []
        value.reserveCapacity(address.count + host.count + 32)
        value.append(literal: "for=")
        if case .v6 = peer {
            value.append(literal: "\"[")
            value.append(contentsOf: address)
            value.append(literal: "]\"")
        } else if peer.ip == nil {
            value.append(literal: "unknown")
        } else {
            value.append(contentsOf: address)
        }
        value.append(literal: ";host=\"")
        value.append(contentsOf: host)
        value.append(literal: "\";proto=")
        value.append(literal: scheme)
        return value
    }
}
