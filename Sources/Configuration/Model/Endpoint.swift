/// Where a socket listens or connects to, as written in the configuration; names are not resolved here.
public enum Endpoint: Hashable, Sendable {
    /// An IP address (IPv6 without brackets) or a host name, and a port.
    case tcp(host: String, port: UInt16)
    /// A Unix socket; relative paths were resolved against the configuration file.
    case unix(path: String)
    /// A socket that systemd passes, by its `FileDescriptorName`.
    case systemd(name: String)
}

extension Endpoint: CustomStringConvertible {
    /// `host:port`, `[v6]:port`, `unix:/path` or `systemd:name`: what a socket address is parsed from.
    public var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        case .systemd(let name): "systemd:\(name)"
        }
    }
}
