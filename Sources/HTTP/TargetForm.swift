/// The form a request target is written in (RFC 9112 §3.2).
public enum TargetForm: Sendable, Hashable {
    /// `/path?query`.
    case origin
    /// `http://host/path?query`.
    case absolute
    /// `host:port`, of CONNECT only.
    case authority
    /// `*`, of OPTIONS only.
    case asterisk
}
