/// Builds one JSON value of objects and arrays within each other, such as an answer to an operator.
///
/// Keys are ours and written as they are: letters, digits and `_`. Texts are anybody's and escaped, and cut where a line of
/// a log would cut them. A value that is absent is written as null.
public struct JSONDocument: Sendable {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []
    /// Whether nothing stands yet in the innermost object or array.
    private var isEmpty = true

    /// Writes an object.
    public init(_ fill: (inout JSONDocument) -> Void) {
        bytes.reserveCapacity(16 * 1024)
        enclose(UInt8(ascii: "{"), UInt8(ascii: "}"), fill)
    }

    /// Adds an object.
    public mutating func object(_ key: StaticString, _ fill: (inout JSONDocument) -> Void) {
        begin(key)
        enclose(UInt8(ascii: "{"), UInt8(ascii: "}"), fill)
    }

    /// Adds an array with an object for each element.
    public mutating func objects<Elements: Sequence>(
        _ key: StaticString, of elements: Elements, _ fill: (inout JSONDocument, Elements.Element) -> Void
    ) {
        begin(key)
        enclose(UInt8(ascii: "["), UInt8(ascii: "]")) { array in
            for element in elements {
                array.separate()
                array.enclose(UInt8(ascii: "{"), UInt8(ascii: "}")) { fill(&$0, element) }
            }
        }
    }

    /// Adds an array of texts.
    public mutating func texts(_ key: StaticString, _ texts: some Sequence<String>) {
        begin(key)
        enclose(UInt8(ascii: "["), UInt8(ascii: "]")) { array in
            for text in texts {
                array.separate()
                array.append(text)
            }
        }
    }

    /// Adds an array of whole numbers.
    public mutating func numbers(_ key: StaticString, _ numbers: some Sequence<UInt64>) {
        begin(key)
        enclose(UInt8(ascii: "["), UInt8(ascii: "]")) { array in
            for number in numbers {
                array.separate()
                array.bytes.append(decimal: number)
            }
        }
    }

    /// Adds a text, or null.
    public mutating func add(_ key: StaticString, _ text: String?) {
        begin(key)
        if let text { append(text) } else { bytes.append(literal: "null") }
    }

    /// Adds a whole number, or null.
    public mutating func add(_ key: StaticString, _ number: Int?) {
        begin(key)
        guard let number else { return bytes.append(literal: "null") }
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        bytes.append(decimal: UInt64(number.magnitude))
    }

    /// Adds a count.
    public mutating func add(_ key: StaticString, count: UInt64) {
        begin(key)
        bytes.append(decimal: count)
    }

    /// Adds a number with three decimals at the most; what is not finite is null.
    public mutating func add(_ key: StaticString, decimal number: Double) {
        begin(key)
        guard number.isFinite, number.magnitude < 1e15 else { return bytes.append(literal: "null") }
        bytes.append(contentsOf: "\((number * 1000).rounded() / 1000)".utf8)
    }

    /// Adds a truth value.
    public mutating func add(_ key: StaticString, _ truth: Bool) {
        begin(key)
        bytes.append(literal: truth ? "true" : "false")
    }

    private mutating func append(_ text: String) {
        JSONText.append(quoted: text.utf8.span, to: &bytes)
    }

    private mutating func enclose(_ first: UInt8, _ last: UInt8, _ fill: (inout JSONDocument) -> Void) {
        bytes.append(first)
        isEmpty = true
        fill(&self)
        bytes.append(last)
        isEmpty = false
    }

    private mutating func begin(_ key: StaticString) {
        separate()
        JSONText.append(key: key, to: &bytes)
    }

    private mutating func separate() {
        if !isEmpty { bytes.append(UInt8(ascii: ",")) }
        isEmpty = false
    }
}
