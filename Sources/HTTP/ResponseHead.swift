/// The head of a response.
///
/// The reason phrase is checked and dropped: clients are to ignore it (RFC 9112 §4), and the one that
/// belongs to the code is written instead.
public struct ResponseHead: Sendable {
    /// The status code.
    public var status: Status = 200
    /// The version the response was sent in.
    public var version: Version = .http11
    /// How the end of the body is found.
    public var framing: BodyFraming = .none
    /// The fields, and their bytes.
    public var fields = FieldSection()

    /// An empty head.
    public init() {}

    /// Empties the head and keeps its memory.
    public mutating func reset() {
        status = 200
        version = .http11
        framing = .none
        fields.reset()
    }

    /// Whether the connection may carry another exchange after this response (RFC 9112 §9.3).
    ///
    /// A body that ends with the connection leaves none.
    public var keepsAlive: Bool { framing != .untilClose && fields.keepsAlive(version: version) }
}
