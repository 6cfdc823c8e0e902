/// The head of a request: what is asked of whom, and the fields.
///
/// Protocol neutral: HTTP/1.1 and HTTP/2 fill the same type. One lives with each connection and is
/// emptied by `reset()` between messages, which keeps its memory. All ranges lie in `fields.arena`.
public struct RequestHead: Sendable {
    /// The method.
    public var method: Method = .get
    /// The form the target was written in; what HTTP/2 brings is `origin` or `asterisk`.
    public var form: TargetForm = .origin
    /// The whole target as it was sent.
    public var target: Range<Int> = 0..<0
    /// The path of the target, not normalised; empty for the authority form and for `http://host`.
    public var path: Range<Int> = 0..<0
    /// The query of the target, without the `?`.
    public var query: Range<Int>?
    /// The scheme, where the target says one.
    public var scheme: Range<Int>?
    /// Host and port the request is for: of the target or `:authority`, else of the Host field.
    public var authority: Range<Int>?
    /// The version the request was sent in.
    public var version: Version = .http11
    /// How the end of the body is found; decided when the head is complete.
    public var framing: BodyFraming = .none
    /// The fields, and the bytes of everything.
    public var fields = FieldSection()

    /// Which pseudo-fields have been set, while a head of HTTP/2 is built.
    var pseudoFields: PseudoFields = []

    /// An empty head.
    public init() {}

    /// Empties the head and keeps its memory.
    public mutating func reset() {
        method = .get
        form = .origin
        target = 0..<0
        path = 0..<0
        query = nil
        scheme = nil
        authority = nil
        version = .http11
        framing = .none
        pseudoFields = []
        fields.reset()
    }

    /// The bytes of the method are appended to `buffer`.
    public func appendMethod(to buffer: inout [UInt8]) {
        if let name = method.knownName {
            buffer.append(literal: name)
        } else if case .other(let range) = method {
            buffer.append(copying: fields.arena.span.extracting(range))
        }
    }

    /// Lends the bytes of the method.
    public func withMethod<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        if let name = method.knownName { return try name.withSpan(body) }
        let range = if case .other(let range) = method { range } else { 0..<0 }
        return try body(fields.arena.span.extracting(range))
    }

    /// The text of a part of the head, for a log or a message.
    public func text(_ range: Range<Int>) -> String { fields.arena.span.extracting(range).text }

    /// Replaces path and query by others, both already valid as parts of a URI; the target becomes
    /// origin-form.
    public mutating func setTarget(path newPath: Span<UInt8>, query newQuery: Span<UInt8>?) {
        path = fields.store(newPath)
        if let newQuery {
            _ = fields.store([0x3F].span)
            query = fields.store(newQuery)
        } else {
            query = nil
        }
        target = path.lowerBound..<(query?.upperBound ?? path.upperBound)
        form = .origin
    }

    /// Whether the caller waits for `100 Continue` before it sends the body (RFC 9110 §10.1.1).
    public var expectation: Expectation {
        guard version >= .http11, let value = fields.value(of: .expect) else { return .none }
        return fields.arena.span.extracting(value).equalsIgnoringCase("100-continue") ? .proceed : .unknown
    }

    /// What `Expect` asks.
    public enum Expectation: Sendable, Hashable {
        /// Nothing.
        case none
        /// An interim `100 Continue`.
        case proceed
        /// Something else: 417.
        case unknown
    }

    /// Whether the connection may serve another request after this one (RFC 9112 §9.3).
    public var keepsAlive: Bool { fields.keepsAlive(version: version) }
}
