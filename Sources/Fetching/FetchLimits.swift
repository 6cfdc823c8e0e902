/// The bounds of this module, each with its reason.
enum FetchLimits {
    /// Redirects followed for one document: a mirror or a move to https, not a chase.
    static let redirects = 4

    /// Bytes of one header line of an answer that are looked at.
    static let headerLine = 4096

    /// Seconds of a Retry-After that are believed, a day: a slip of a server's must not silence us for ever.
    static let retryAfterSeconds: Int64 = 86_400
}
