/// The attributes of who sends spans, as OpenTelemetry's protocol has them in JSON.
public struct SpanResource: Sendable {
    /// The attributes, with commas between them.
    public private(set) var bytes: [UInt8] = []

    /// One of which nothing is known.
    public init() {}

    /// Adds an attribute, if there is one.
    public mutating func add(_ key: StaticString, _ text: String?) {
        guard let text else { return }
        bytes.append(literal: bytes.isEmpty ? "{\"key\":\"" : ",{\"key\":\"")
        bytes.append(literal: key)
        bytes.append(literal: "\",\"value\":{\"stringValue\":\"")
        JSONText.append(text.utf8.span, to: &bytes)
        bytes.append(literal: "\"}}")
    }
}
