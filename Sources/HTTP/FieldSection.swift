/// One field line: where its name and its value lie in the arena of the section that holds it.
public struct FieldLine: Sendable, Hashable {
    /// Where the name lies.
    public var name: Range<Int>
    /// Where the value lies, without the blanks around it.
    public var value: Range<Int>
    /// What the name means here.
    public var known: KnownField

    /// A line whose bytes are already in the arena.
    @inlinable
    public init(name: Range<Int>, value: Range<Int>, known: KnownField) {
        self.name = name
        self.value = value
        self.known = known
    }

    /// The same line, so many bytes further on.
    func moved(by shift: Int) -> FieldLine {
        FieldLine(
            name: (name.lowerBound + shift)..<(name.upperBound + shift),
            value: (value.lowerBound + shift)..<(value.upperBound + shift), known: known)
    }
}

/// The fields of a head or of a trailer section, in order, with the bytes they lie in.
///
/// Lines are ranges into `arena`; removing a line leaves its bytes there until `reset()`, which keeps the
/// memory for the next message of the connection. To look at a value:
/// `section.arena.span.extracting(line.value)`.
///
/// Invariant: no name is other than a token, no value holds a control character other than HTAB. What is
/// appended is held to it: this is what makes it impossible for the gateway to write a line it did not mean.
public struct FieldSection: Sendable {
    /// The bytes that all ranges of this section, and of the head that owns it, refer to.
    public private(set) var arena: [UInt8] = []
    /// The lines, in order.
    public private(set) var lines: [FieldLine] = []
    /// One bit for each known field with at least one line.
    private var present: UInt64 = 0
    /// What the `Connection` lines list, once `readConnectionOptions` has read them; nil when a line was touched since.
    private(set) var knownOptions: ConnectionOptions?

    /// An empty section.
    public init() {}

    /// Forgets the lines and the bytes, and keeps the memory.
    public mutating func reset() {
        // Looking costs less than emptying what is empty, as most sections are.
        if !arena.isEmpty { arena.removeAll(keepingCapacity: true) }
        if !lines.isEmpty { lines.removeAll(keepingCapacity: true) }
        present = 0
        knownOptions = nil
    }

    /// Whether there is a line of the given field.
    public func contains(_ field: KnownField) -> Bool { present >> UInt64(field.rawValue) & 1 == 1 }

    /// The index of the first line of the given field.
    public func firstIndex(of field: KnownField) -> Int? {
        contains(field) ? lines.firstIndex { $0.known == field } : nil
    }

    /// Where the value of the first line of the given field lies.
    public func value(of field: KnownField) -> Range<Int>? {
        firstIndex(of: field).map { lines[$0].value }
    }

    /// The value of the first line of the given field as text, for a log or a message.
    public func text(of field: KnownField) -> String? {
        value(of: field).map { arena.span.extracting($0).text }
    }

    /// Where the value of the first line with the given name lies, case ignored.
    public func value(named name: StaticString) -> Range<Int>? {
        for line in lines where arena.span.extracting(line.name).equalsIgnoringCase(name) { return line.value }
        return nil
    }

    /// Appends the values of all lines of `field`, joined by `, ` (RFC 9110 §5.3), to `buffer`.
    ///
    /// Returns whether there was any.
    @discardableResult
    public func appendCombinedValue(of field: KnownField, to buffer: inout [UInt8]) -> Bool {
        guard contains(field) else { return false }
        var isFirst = true
        for line in lines where line.known == field {
            if !isFirst { buffer.append(literal: ", ") }
            isFirst = false
            buffer.append(copying: arena.span.extracting(line.value))
        }
        return true
    }

    /// Removes every line of the given field.
    public mutating func remove(_ field: KnownField) {
        guard contains(field) else { return }
        lines.removeAll { $0.known == field }
        recountPresent()
    }

    /// Removes the lines the closure says so of; it is given the line and its name.
    public mutating func remove(where isUnwanted: (FieldLine, Span<UInt8>) -> Bool) {
        var kept = 0
        for index in lines.indices {
            let line = lines[index]
            if isUnwanted(line, arena.span.extracting(line.name)) { continue }
            if kept != index { lines[kept] = line }
            kept += 1
        }
        guard kept < lines.count else { return }
        lines.removeLast(lines.count - kept)
        recountPresent()
    }

    /// Removes one line.
    public mutating func removeLine(at index: Int) {
        lines.remove(at: index)
        recountPresent()
    }

    private mutating func recountPresent() {
        knownOptions = nil
        present = 0
        for line in lines { present |= 1 << UInt64(line.known.rawValue) }
    }
}

// MARK: - Adding lines

extension FieldSection {
    /// Copies bytes into the arena and returns where they lie.
    public mutating func store(_ bytes: Span<UInt8>) -> Range<Int> {
        let start = arena.count
        arena.append(copying: bytes)
        return start..<arena.count
    }

    /// Adds a line whose bytes a codec has validated and stores itself (`store`), at once or at the end.
    @inline(__always)
    public mutating func appendParsed(_ line: FieldLine) {
        if line.known == .connection { knownOptions = nil }
        lines.append(line)
        present |= 1 << UInt64(line.known.rawValue)
    }

    /// Points the value of a line at other bytes of the arena, already valid.
    public mutating func setValue(ofLineAt index: Int, to value: Range<Int>) {
        knownOptions = nil
        lines[index].value = value
    }

    /// Reads the `Connection` lines once for all that will ask: ``connectionOptions``.
    ///
    /// Returns how many options they list.
    @discardableResult
    public mutating func readConnectionOptions() -> Int {
        let (options, count) = listedOptions()
        knownOptions = options
        return count
    }

    /// Adds the lines of another section, as they lie there.
    public mutating func append(contentsOf other: FieldSection) {
        let shift = arena.count
        arena.append(contentsOf: other.arena)
        for line in other.lines { appendParsed(line.moved(by: shift)) }
    }

    /// Adds a line from outside, or throws when it is not one that HTTP/1.1 and HTTP/2 can both carry.
    ///
    /// `lowercase` demands a name without upper-case letters, as HTTP/2 does.
    public mutating func append(
        validating name: Span<UInt8>, value: Span<UInt8>, lowercase: Bool = false
    ) throws(MessageError) {
        guard FieldName.isValid(name) else { throw .invalidFieldName }
        guard !lowercase || FieldName.isValidLowercase(name) else { throw .uppercaseFieldName }
        guard FieldName.isValidValue(value) else { throw .invalidFieldValue }
        let nameRange = store(name)
        appendParsed(FieldLine(name: nameRange, value: store(value), known: KnownField(name)))
    }

    /// Adds a line; control characters in the value become spaces (RFC 9110 §5.5).
    public mutating func append(name: FieldName, value: Span<UInt8>) {
        appendLine(name.bytes.span, value, name.known)
    }

    /// Adds a line; control characters in the value become spaces.
    public mutating func append(name: FieldName, value: [UInt8]) { append(name: name, value: value.span) }

    /// Adds a line under a name written in the source, which must be a token.
    public mutating func append(name: StaticString, value: Span<UInt8>) {
        name.withSpan { name in
            assert(FieldName.isValid(name), "a name in the source is a token")
            appendLine(name, value, KnownField(name))
        }
    }

    /// Adds a line under a name written in the source, which must be a token.
    public mutating func append(name: StaticString, value: [UInt8]) { append(name: name, value: value.span) }

    /// Adds a line written in the source.
    public mutating func append(name: StaticString, value: StaticString) {
        value.withSpan { append(name: name, value: $0) }
    }

    /// Adds a line of a known field; control characters in the value become spaces.
    public mutating func append(_ field: KnownField, value: Span<UInt8>) {
        guard field != .other else { return }
        field.name.withSpan { appendLine($0, value, field) }
    }

    /// Adds a line of a known field; control characters in the value become spaces.
    public mutating func append(_ field: KnownField, value: [UInt8]) { append(field, value: value.span) }

    /// Adds a line of a known field with a value written in the source.
    public mutating func append(_ field: KnownField, value: StaticString) {
        value.withSpan { append(field, value: $0) }
    }

    /// Adds a line.
    ///
    /// The colon and the CRLF are stored too, though no range covers them: an encoder can then copy the line as
    /// it lies, like one that was parsed.
    private mutating func appendLine(_ name: Span<UInt8>, _ value: Span<UInt8>, _ known: KnownField) {
        let start = arena.count
        let valueStart = start + name.count + 2
        let nameRange = start..<(start + name.count)
        let valueRange = valueStart..<(valueStart + value.count)
        // Put together first: each append to an array looks at who owns it and at its capacity.
        unsafe withUnsafeTemporaryAllocation(byteCount: name.count + value.count + 4, alignment: 1) { line in
            unsafe name.withUnsafeBytes { unsafe line.copyMemory(from: $0) }
            unsafe line[name.count] = UInt8(ascii: ":")
            unsafe line[name.count + 1] = Octet.space
            unsafe value.withUnsafeBytes { value in
                unsafe UnsafeMutableRawBufferPointer(rebasing: line[(name.count + 2)...]).copyMemory(from: value)
            }
            unsafe line[line.count - 2] = Octet.carriageReturn
            unsafe line[line.count - 1] = Octet.lineFeed
            unsafe arena.append(contentsOf: line)
        }
        if !FieldName.isContent(value) {
            for index in valueRange where !Octet.isFieldContent(arena[index]) { arena[index] = Octet.space }
        }
        appendParsed(FieldLine(name: nameRange, value: valueRange, known: known))
    }
}
