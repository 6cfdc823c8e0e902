/// `redirect` of a route: where callers are sent instead.
public struct RedirectConfiguration: Hashable, Sendable {
    /// A piece of `to`.
    public enum Piece: Hashable, Sendable {
        /// Written as it stands.
        case text(String)
        /// `{host}`: the host that was asked for, without its port.
        case host
        /// `{path}`: the path that was asked for, normalised, without what `strip_prefix` takes off; begins with `/`.
        case path
        /// `{query}`: the query that was asked for with its `?`, or nothing.
        case query
    }

    /// `to`, at least one piece.
    public let target: [Piece]
    /// `status`: 301, 302, 303, 307 or 308.
    public let status: Int
}

/// `concurrency` of a route: how many requests may be in hand at once.
public struct ConcurrencyConfiguration: Hashable, Sendable {
    /// `requests`.
    public let requests: Int
    /// `by`: what is counted by itself.
    public let key: RateLimitConfiguration.Key
}
