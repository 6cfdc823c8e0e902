internal import EventLoop
internal import TLS
internal import Trust

/// What a connection to an upstream says of the caller that it is for: a PROXY header of version 2, before anything else.
///
/// It speaks for the whole connection, which therefore serves this caller and no other (`UpstreamPool`).
struct CallerIntroduction {
    /// What is configured to be said.
    enum Form: Sendable { case addresses, withoutCertificate, withCertificate }

    /// Of a connection of the gateway's own, a probe for instance (§2.2, LOCAL).
    static let ofTheGateway = signature + [0x20, 0, 0, 0]

    private static let signature: [UInt8] = [
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
    ]

    private var elements: [UInt8] = []

    /// The header of a connection for a caller.
    static func of(_ caller: DownstreamConnection, _ form: Form) -> [UInt8] {
        let destination = try? Socket.boundAddress(of: caller.transport.descriptor)
        let (family, addresses) = Self.addresses(from: caller.address, to: destination?.unmapped)
        var introduction = CallerIntroduction()
        introduction.elements = addresses
        if form != .addresses { introduction.describe(caller, form) }
        let length = introduction.elements.count
        // PROXY, version 2; the length fits, since `append` sees to it.
        return signature + [0x21, family, UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length)]
            + introduction.elements
    }

    // MARK: Addresses

    /// Family and transport, and the addresses; a caller of a Unix socket has none that a receiver could use.
    private static func addresses(from source: SocketAddress, to destination: SocketAddress?) -> (UInt8, [UInt8]) {
        switch (source, destination) {
        case (.v4(let from, let port), .v4(let to, let toPort)):
            return (0x11, octets(from) + octets(to) + octets(port) + octets(toPort))
        case (.unix, _), (_, .unix), (_, nil):
            return (0x00, [])
        case (_, let destination?):
            // A trusted proxy may have named a caller of the other family.
            return (0x21, wide(source) + wide(destination) + octets(source.port ?? 0) + octets(destination.port ?? 0))
        }
    }

    /// An IPv6 address; one of IPv4 as RFC 4291 §2.5.5.2 maps it.
    private static func wide(_ address: SocketAddress) -> [UInt8] {
        switch address {
        case .v4(let bits, _): [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + octets(bits)
        case .v6(let high, let low, _, _): octets(high) + octets(low)
        case .unix: [UInt8](repeating: 0, count: 16)
        }
    }

    private static func octets<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        stride(from: Number.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> Number($0)) }
    }

    // MARK: Elements

    /// The types of §2.2.2 and following.
    private enum Element: UInt8 {
        case applicationProtocol = 0x01
        case authority = 0x02
        case uniqueIdentifier = 0x05
        case tls = 0x20
        case tlsVersion = 0x21
        case commonName = 0x22
        case cipher = 0x23
        case certificate = 0x28
    }

    private mutating func describe(_ caller: DownstreamConnection, _ form: Form) {
        guard let facts = caller.facts else { return }
        if let name = facts.applicationProtocol { append(.applicationProtocol, Array(name.utf8)) }
        if let name = facts.serverName { append(.authority, Array(name.utf8)) }
        append(.uniqueIdentifier, Array("\(caller.number)".utf8))
        append(.tls, tls(of: caller, facts, form))
    }

    /// Whether there is a certificate and whether it was verified, and what there is to say of it.
    private func tls(of caller: DownstreamConnection, _ facts: HandshakeFacts, _ form: Form) -> [UInt8] {
        var parts = CallerIntroduction()
        parts.append(.tlsVersion, Array(facts.version.description.utf8))
        let peer = caller.caller?.peer
        if let name = peer?.clientName { parts.append(.commonName, Array(name.utf8)) }
        parts.append(.cipher, Array(facts.cipherSuite.utf8))
        // TLS; a certificate of this connection's handshake, if the session was not resumed; one of the session.
        let client: UInt8 = peer == nil ? 0x01 : facts.isResumed ? 0x05 : 0x07
        let isVerified: UInt32 = peer == nil ? 1 : 0
        let head = [client] + Self.octets(isVerified)
        if form == .withCertificate, let der = peer?.leafDER {
            // Behind all the rest, and only where a receiver has room for it.
            let used = elements.count + 3 + head.count + parts.elements.count + 3
            if used + der.count <= Limits.callerIntroduction { parts.append(.certificate, der) }
        }
        return head + parts.elements
    }

    /// Appends type, length and value, unless the header becomes longer than receivers take.
    private mutating func append(_ element: Element, _ value: [UInt8]) {
        guard elements.count + 3 + value.count <= Limits.callerIntroduction else { return }
        elements.append(element.rawValue)
        elements += Self.octets(UInt16(truncatingIfNeeded: value.count)) + value
    }
}
