internal import EventLoop
internal import HTTP

/// The names by which the operator's endpoint answers what is nobody else's business.
///
/// A page of the web may have its own name point at this address and have the operator's browser ask here (DNS
/// rebinding): the browser then sends that name as Host. Addresses are nobody's name, and a name without a dot cannot be
/// had by a stranger; every other name has to be configured.
struct AdminHosts: Sendable {
    private let names: Set<[UInt8]>

    /// Takes names, lower-cased.
    init(_ names: [String]) {
        self.names = Set(names.map { Array($0.utf8) })
    }

    /// Whether a request may be answered.
    ///
    /// One without a host comes from no browser; nor does one over a Unix socket.
    func admits(_ request: RequestHead, from address: SocketAddress) -> Bool {
        if case .unix = address { return true }
        guard let range = request.authority else { return true }
        let bytes = request.fields.arena.span
        guard let authority = Authority(range, in: bytes) else { return false }
        var host: [UInt8] = []
        for index in authority.host {
            let byte = bytes[index]
            host.append(byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte)
        }
        return admits(host)
    }

    func admits(_ host: [UInt8]) -> Bool {
        // In brackets stands an IPv6 address, as `Authority` has seen.
        if host.first == UInt8(ascii: "[") { return true }
        if !host.contains(UInt8(ascii: ".")) { return true }
        if IPAddress(host.span) != nil { return true }
        return names.contains(host)
    }
}
