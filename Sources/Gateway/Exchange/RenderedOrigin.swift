internal import EventLoop
internal import HTTP

/// The fields that tell an upstream where a request came from, as far as requests of one connection to one host have them
/// in common: rendered once for all of these.
final class RenderedOrigin {
    /// Where the caller is.
    let address: SocketAddress
    /// Whether it came by TLS.
    let isSecure: Bool
    /// The fields, for the host of the last request.
    private(set) var fields = FieldSection()

    private let addressText: [UInt8]
    private var host: [UInt8] = []

    init(address: SocketAddress, isSecure: Bool) {
        self.address = address
        self.isSecure = isSecure
        addressText = Self.text(of: address)
    }

    /// Has `fields` speak of a request to `host`.
    func turn(to host: Span<UInt8>) {
        let last = self.host
        if !fields.lines.isEmpty, host.equals(last.span) { return }
        self.host = []
        self.host.append(copying: host)
        render()
    }

    private func render() {
        let scheme: StaticString = isSecure ? "https" : "http"
        fields.reset()
        fields.append(.xForwardedFor, value: addressText)
        fields.append(.xForwardedProto, value: scheme)
        fields.append(.xForwardedHost, value: host)
        fields.append(.forwarded, value: forwarded(scheme))
    }

    /// An address without its port.
    static func text(of address: SocketAddress) -> [UInt8] {
        guard let ip = address.ip else { return Array("unix".utf8) }
        var text: [UInt8] = []
        ip.append(to: &text)
        return text
    }

    /// RFC 9110 §7.6.3: the version received, and a name for the gateway.
    static func via(_ version: Version) -> StaticString {
        switch version {
        case .http10: "1.0 poterne"
        case .http11: "1.1 poterne"
        case .http2: "2.0 poterne"
        }
    }

    /// RFC 7239 §4: an IPv6 address is bracketed and quoted, a Unix peer has no address.
    private func forwarded(_ scheme: StaticString) -> [UInt8] {
        var value: [UInt8] = []
        value.append(literal: "for=")
        if case .v6 = address {
            value.append(literal: "\"[")
            value.append(contentsOf: addressText)
            value.append(literal: "]\"")
        } else if address.ip == nil {
            value.append(literal: "unknown")
        } else {
            value.append(contentsOf: addressText)
        }
        value.append(literal: ";host=\"")
        value.append(contentsOf: host)
        value.append(literal: "\";proto=")
        value.append(literal: scheme)
        return value
    }
}
