/// What the access log says of a connection: rendered once, when the connection is admitted, copied into each line.
public struct AccessConnection: Sendable {
    /// The JSON members, without the first comma.
    let members: [UInt8]
    /// The first field of a combined line: the address.
    let host: [UInt8]
    /// The third field of a combined line: the certified name, or `-`.
    let user: [UInt8]
    /// Who calls, for the plain format.
    let plainCaller: [UInt8]

    /// Renders the facts of a connection; what is absent is left out.
    ///
    /// - Parameters:
    ///   - address: where the peer stands, with its port.
    ///   - identity: who the peer is, if it showed a certificate.
    ///   - tls: what the handshake agreed on, if there was one.
    ///   - listener: the name of the listener.
    public init(
        address: Span<UInt8>, identity: AccessIdentity? = nil, tls: AccessTLS? = nil, listener: String? = nil
    ) {
        var line = JSONLine()
        line.begin()
        line.add("peer", address)
        line.add("listener", listener)
        line.add("kind", identity?.kind)
        line.add("structure", identity?.structure)
        line.add("client", identity?.clientName)
        line.add("serial", identity?.serial)
        line.add("thumbprint", identity?.thumbprint)
        line.add("tls", tls?.version)
        line.add("cipher", tls?.cipher)
        line.add("resumed", tls?.isResumed)
        line.add("handshake_ms", milliseconds: tls?.handshakeNanoseconds)
        members = Array(line.bytes.dropFirst())

        host = AccessConnection.withoutPort(address)
        var user: [UInt8] = []
        if let name = identity?.clientName, !name.isEmpty {
            // A blank would look like the end of the field.
            CombinedText.append(name.utf8.span, escaping: UInt8(ascii: " "), to: &user)
        } else {
            user.append(UInt8(ascii: "-"))
        }
        self.user = user
        var plain: [UInt8] = []
        if let identity {
            let words = [identity.kind, identity.structure, identity.clientName].compactMap(\.self)
            CombinedText.append(Array(words.joined(separator: " ").utf8).span, to: &plain)
        } else {
            plain.append(contentsOf: "no certificate".utf8)
        }
        plainCaller = plain
    }

    private static func withoutPort(_ address: Span<UInt8>) -> [UInt8] {
        var host: [UInt8] = []
        var end = address.count
        while end > 0, address[end - 1] != UInt8(ascii: ":") { end -= 1 }
        let isPath = address.count >= 5 && address[4] == UInt8(ascii: ":") && address[0] == UInt8(ascii: "u")
        CombinedText.append(
            address.extracting(0..<(isPath || end == 0 ? address.count : end - 1)), escaping: UInt8(ascii: " "),
            to: &host)
        host.removeAll { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]") }
        if host.isEmpty { host.append(UInt8(ascii: "-")) }
        return host
    }
}

/// Who a peer is, as far as a log may say.
public struct AccessIdentity: Sendable {
    /// The kind of certificate, such as `ORG AUTH_CLI`.
    public var kind: String?
    /// The structure's identifier.
    public var structure: String?
    /// The certificate's common name.
    public var clientName: String?
    /// The serial number, upper-case hexadecimal.
    public var serial: String?
    /// The SHA-256 of the certificate, hexadecimal.
    public var thumbprint: String?

    /// Names what is known.
    public init(
        kind: String? = nil, structure: String? = nil, clientName: String? = nil, serial: String? = nil,
        thumbprint: String? = nil
    ) {
        self.kind = kind
        self.structure = structure
        self.clientName = clientName
        self.serial = serial
        self.thumbprint = thumbprint
    }
}

/// What a TLS handshake came to, as far as a log says.
public struct AccessTLS: Sendable {
    /// Such as `TLSv1.3`.
    public var version: String?
    /// The cipher suite's name.
    public var cipher: String?
    /// Whether a session was resumed.
    public var isResumed: Bool
    /// How long the handshake took.
    public var handshakeNanoseconds: UInt64?

    /// Names what is known.
    public init(version: String?, cipher: String?, isResumed: Bool, handshakeNanoseconds: UInt64?) {
        self.version = version
        self.cipher = cipher
        self.isResumed = isResumed
        self.handshakeNanoseconds = handshakeNanoseconds
    }
}
