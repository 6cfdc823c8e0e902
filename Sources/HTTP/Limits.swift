/// What a message may cost, each bound with what it answers.
public struct Limits: Sendable, Hashable {
    /// Bytes of the request target; beyond: 414.
    ///
    /// RFC 9112 §3 recommends to accept at least 8000.
    public var target = 8192
    /// Bytes of a method; beyond: 501 (RFC 9112 §3).
    ///
    /// The longest registered one has 17.
    public var method = 32
    /// Bytes of a whole head, start line and final empty line included; beyond: 431.
    ///
    /// Bounds the memory of a caller that sends no body.
    public var head = 32 * 1024
    /// Bytes of one field line; beyond: 431.
    ///
    /// Large enough for a bearer token.
    public var fieldLine = 16 * 1024
    /// Number of field lines; beyond: 431.
    ///
    /// Bounds the work of everything that walks the fields.
    public var fieldLines = 100
    /// Options listed by `Connection` together; beyond: 400.
    ///
    /// Each is compared with each field: without it the work would be the square of the head.
    public var connectionOptions = 32
    /// Bytes of one chunk-size line with its extensions; beyond: 400.
    ///
    /// No extension is in use anywhere.
    public var chunkLine = 256
    /// Bytes of chunk extensions in one body; beyond: 400.
    ///
    /// Answers bodies made of extensions around one-byte chunks (as CVE-2023-39326).
    public var chunkExtensions = 16 * 1024
    /// Bytes of a trailer section; beyond: 431.
    public var trailers = 8192
    /// Number of trailer field lines; beyond: 431.
    public var trailerLines = 32

    /// The bounds of the documentation.
    public init() {}
}
