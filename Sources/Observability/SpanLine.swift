/// Writes one span after the other, each as a `Span` of OpenTelemetry's protocol in its JSON form, on one line.
///
/// Belongs to one worker; its buffer is used again for the next. Texts are anybody's and escaped; keys are ours.
public struct SpanLine: Sendable {
    /// On which side of a call a span is.
    public enum Kind: Sendable {
        /// Of who is called.
        case server
        /// Of who calls.
        case client
    }

    /// The line written last, with its line feed, once it is ended.
    public private(set) var bytes: [UInt8] = []
    private var hasAttribute = false

    /// A writer that has written nothing yet.
    public init() {
        bytes.reserveCapacity(2048)
    }

    /// Begins a span.
    ///
    /// - Parameters:
    ///   - kind: which side it is of.
    ///   - span: its identifier.
    ///   - trace: its trace.
    ///   - parent: the span that it is a part of; nil for the first one of a trace.
    ///   - isParentRemote: whether that is another's.
    ///   - state: the trace's `tracestate`, valid; empty for none.
    ///   - start: nanoseconds since 1970.
    ///   - end: nanoseconds since 1970.
    public mutating func begin(
        _ kind: Kind, _ span: UInt64, of trace: TraceContext, parent: UInt64?, isParentRemote: Bool,
        state: Span<UInt8>, from start: UInt64, to end: UInt64
    ) {
        bytes.removeAll(keepingCapacity: true)
        hasAttribute = false
        bytes.append(literal: "{\"traceId\":\"")
        trace.appendTraceID(to: &bytes)
        bytes.append(literal: "\",\"spanId\":\"")
        bytes.append(hexadecimal: span)
        if let parent {
            bytes.append(literal: "\",\"parentSpanId\":\"")
            bytes.append(hexadecimal: parent)
        }
        if !state.isEmpty {
            bytes.append(literal: "\",\"traceState\":\"")
            JSONText.append(state, to: &bytes)
        }
        // The bits above those of the trace context say that it is known whether the parent is another's, and that it is.
        bytes.append(literal: "\",\"flags\":")
        bytes.append(decimal: UInt64(trace.flags) | 0x100 | (isParentRemote ? 0x200 : 0))
        bytes.append(literal: ",\"kind\":")
        bytes.append(literal: kind == .server ? "2" : "3")
        bytes.append(literal: ",\"startTimeUnixNano\":\"")
        bytes.append(decimal: start)
        bytes.append(literal: "\",\"endTimeUnixNano\":\"")
        bytes.append(decimal: max(start, end))
        bytes.append(literal: "\",\"name\":\"")
    }

    /// Adds to the name, which comes before all attributes.
    public mutating func add(name text: Span<UInt8>) {
        JSONText.append(text, to: &bytes)
    }

    /// Adds a word of our own to the name.
    public mutating func add(name word: StaticString) {
        bytes.append(literal: word)
    }

    /// Adds an attribute of any bytes.
    public mutating func add(_ key: StaticString, _ text: Span<UInt8>) {
        begin(key)
        bytes.append(literal: "\"stringValue\":\"")
        JSONText.append(text, to: &bytes)
        bytes.append(literal: "\"}}")
    }

    /// Adds a text, if there is one.
    public mutating func add(_ key: StaticString, _ text: String?) {
        if let text { add(key, text.utf8.span) }
    }

    /// Adds a text of our own that needs no escaping.
    public mutating func add(_ key: StaticString, word: StaticString) {
        begin(key)
        bytes.append(literal: "\"stringValue\":\"")
        bytes.append(literal: word)
        bytes.append(literal: "\"}}")
    }

    /// Adds a number, if there is one.
    public mutating func add(_ key: StaticString, _ number: UInt64?) {
        guard let number else { return }
        begin(key)
        // 64 bits are a string in the JSON form.
        bytes.append(literal: "\"intValue\":\"")
        bytes.append(decimal: number)
        bytes.append(literal: "\"}}")
    }

    /// Adds a truth value, if there is one.
    public mutating func add(_ key: StaticString, _ truth: Bool?) {
        guard let truth else { return }
        begin(key)
        bytes.append(literal: truth ? "\"boolValue\":true}}" : "\"boolValue\":false}}")
    }

    /// Ends the span: what it stands for went wrong, or nothing is said about that.
    public mutating func end(isError: Bool) {
        bytes.append(literal: hasAttribute ? "]" : "\"")
        bytes.append(literal: isError ? ",\"status\":{\"code\":2}}\n" : "}\n")
    }

    private mutating func begin(_ key: StaticString) {
        bytes.append(literal: hasAttribute ? ",{\"key\":\"" : "\",\"attributes\":[{\"key\":\"")
        hasAttribute = true
        bytes.append(literal: key)
        bytes.append(literal: "\",\"value\":{")
    }
}
