import EventLoop

/// The server that a load test is for: where it is, and what it is called.
struct LoadTarget {
    let address: SocketAddress
    /// The host's name, where the target has one.
    let name: String?

    /// Reads a target, and looks its name up.
    ///
    /// What is then connected to is the one address that is looked at here: a name cannot lead elsewhere afterwards.
    init(_ text: String) throws {
        if let address = SocketAddress(parsing: text) {
            self.address = address
            name = nil
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw Refusal.unusable(text)
        }
        let host = String(text[..<colon])
        let addresses = try SocketAddress.resolve(host: host, port: port)
        // The test servers listen on IPv4 as a rule.
        let address = addresses.first { if case .v4 = $0 { true } else { false } } ?? addresses.first
        guard let address else { throw Refusal.unusable(text) }
        self.address = address
        name = host
    }

    enum Refusal: Error, CustomStringConvertible {
        case foreign(LoadTarget)
        case unusable(String)

        var description: String {
            switch self {
            case .foreign(let target):
                (target.name.map { "\($0), which is \(target.address)," } ?? "\(target.address)")
                    + " is not this machine: loading others' servers is an attack. If the server is yours, say so "
                    + "with --i-own-this-target."
            case .unusable(let text): "\"\(text)\" is not host:port"
            }
        }
    }
}
