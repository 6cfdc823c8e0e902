/// Builds one JSON object on one line, in a buffer that is used again for the next.
///
/// Keys are ours and written as they are: letters, digits and `_`. Values are anybody's and escaped. A value that is
/// absent leaves its key out.
public struct JSONLine: Sendable {
    /// The line so far; ends in a line feed once ended.
    public private(set) var bytes: [UInt8] = []

    /// A line with room for most lines.
    public init() {
        bytes.reserveCapacity(1024)
    }

    /// Begins a new line, forgetting the last.
    public mutating func begin() {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(UInt8(ascii: "{"))
    }

    /// Ends the line.
    public mutating func end() {
        bytes.append(literal: "}\n")
    }

    /// Adds a text of any bytes.
    public mutating func add(_ key: StaticString, _ text: Span<UInt8>) {
        begin(key)
        JSONText.append(quoted: text, to: &bytes)
    }

    /// Adds a text, if there is one.
    public mutating func add(_ key: StaticString, _ text: String?) {
        guard let text else { return }
        begin(key)
        // The span of a native string is its own storage: nothing is copied.
        JSONText.append(quoted: text.utf8.span, to: &bytes)
    }

    /// Adds a text of our own that needs no escaping, if there is one.
    public mutating func add(_ key: StaticString, word: StaticString) {
        begin(key)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(literal: word)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Adds a number, if there is one.
    public mutating func add(_ key: StaticString, _ number: UInt64?) {
        guard let number else { return }
        begin(key)
        bytes.append(decimal: number)
    }

    /// Adds a truth value, if there is one.
    public mutating func add(_ key: StaticString, _ truth: Bool?) {
        guard let truth else { return }
        begin(key)
        bytes.append(literal: truth ? "true" : "false")
    }

    /// Adds a duration in milliseconds with three decimals, if there is one.
    public mutating func add(_ key: StaticString, milliseconds nanoseconds: UInt64?) {
        guard let nanoseconds else { return }
        begin(key)
        bytes.append(milliseconds: nanoseconds)
    }

    /// Adds a text of any bytes, unless there is none.
    public mutating func add(_ key: StaticString, bytes text: [UInt8]?) {
        guard let text else { return }
        add(key, text.span)
    }

    /// Adds the time.
    mutating func add(_ key: StaticString, _ time: WallTime, _ clock: inout WallClock) {
        begin(key)
        bytes.append(UInt8(ascii: "\""))
        clock.appendRFC3339(time, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Adds the identifier of a trace.
    mutating func add(_ key: StaticString, _ trace: TraceContext) {
        begin(key)
        bytes.append(UInt8(ascii: "\""))
        trace.appendTraceID(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Adds members that another line wrote, with their commas between them.
    mutating func add(members: [UInt8]) {
        guard !members.isEmpty else { return }
        separate()
        bytes.append(contentsOf: members)
    }

    private mutating func begin(_ key: StaticString) {
        separate()
        JSONText.append(key: key, to: &bytes)
    }

    private mutating func separate() {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
    }
}
