/// The version of HTTP a message was sent in, as far as the rules differ.
public enum Version: UInt8, Comparable, Sendable, CustomStringConvertible {
    /// HTTP/1.0: no chunked coding, no persistence unless asked.
    case http10
    /// HTTP/1.1.
    case http11
    /// HTTP/2.
    case http2

    /// Older versions come first.
    public static func < (left: Version, right: Version) -> Bool { left.rawValue < right.rawValue }

    /// The version as a status line writes it.
    public var description: String {
        switch self {
        case .http10: "HTTP/1.0"
        case .http11: "HTTP/1.1"
        case .http2: "HTTP/2"
        }
    }
}
