/// Where a socket listens or a peer stands.
public enum SocketAddress: Hashable, Sendable {
    /// IPv4: the four bytes, first most significant.
    case v4(UInt32, port: UInt16)
    /// IPv6: two big-endian halves; the scope is the interface of a link-local address, else 0.
    case v6(high: UInt64, low: UInt64, scope: UInt32, port: UInt16)
    /// A path of the file system; empty for a peer that has none.
    case unix(String)

    /// The address and port.
    public init(_ ip: IPAddress, port: UInt16) {
        switch ip {
        case .v4(let bits): self = .v4(bits, port: port)
        case .v6(let high, let low): self = .v6(high: high, low: low, scope: 0, port: port)
        }
    }

    /// Reads `192.0.2.1:443`, `[2001:db8::1]:443` or `unix:/path`; names are not resolved.
    public init?(parsing text: String) {
        if text.hasPrefix("unix:") {
            let path = text.dropFirst(5)
            guard !path.isEmpty, path.utf8.count <= SocketAddress.longestPath, !path.utf8.contains(0) else {
                return nil
            }
            self = .unix(String(path))
            return
        }
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else { return nil }
        var reader = AddressReader()
        let digits = Array(text.utf8[text.utf8.index(after: colon)...])
        guard let port = reader.readDecimal(digits.span, limit: 65535), reader.position == digits.count else {
            return nil
        }
        var host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard let ip = IPAddress(String(host)), isBracketed == (ip.bitWidth == 128) else { return nil }
        self.init(ip, port: UInt16(port))
    }

    /// The address alone, or `nil` for a Unix socket.
    public var ip: IPAddress? {
        switch self {
        case .v4(let bits, _): .v4(bits)
        case .v6(let high, let low, _, _): .v6(high: high, low: low)
        case .unix: nil
        }
    }

    /// The port, or `nil` for a Unix socket.
    public var port: UInt16? {
        switch self {
        case .v4(_, let port), .v6(_, _, _, let port): port
        case .unix: nil
        }
    }

    /// The same as IPv4, where this is an IPv4 peer of a socket that serves both families.
    public var unmapped: SocketAddress {
        guard case .v6(_, _, _, let port) = self, case .v4(let bits)? = ip?.unmapped else { return self }
        return .v4(bits, port: port)
    }

    /// `sun_path` has 108 bytes, the last of them NUL (unix(7)).
    static var longestPath: Int { 107 }
}

extension SocketAddress: CustomStringConvertible {
    /// The form that ``init(parsing:)`` reads; the scope is left out.
    public var description: String {
        var text: [UInt8] = []
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the same text to a buffer, without making a `String`.
    public func append(to text: inout [UInt8]) {
        switch self {
        case .v4(let bits, let port):
            IPAddress.v4(bits).append(to: &text)
            text.append(UInt8(ascii: ":"))
            appendDecimal(port, to: &text)
        case .v6(let high, let low, _, let port):
            text.append(UInt8(ascii: "["))
            IPAddress.v6(high: high, low: low).append(to: &text)
            text.append(contentsOf: "]:".utf8)
            appendDecimal(port, to: &text)
        case .unix(let path):
            text.append(contentsOf: "unix:".utf8)
            text.append(contentsOf: path.utf8)
        }
    }
}
