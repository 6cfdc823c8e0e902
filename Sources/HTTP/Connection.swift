/// What `Connection` lists, as far as the gateway acts on it.
public struct ConnectionOptions: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: UInt8

    /// A set of bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `close`.
    public static var close: ConnectionOptions { ConnectionOptions(rawValue: 1) }
    /// `keep-alive`.
    public static var keepAlive: ConnectionOptions { ConnectionOptions(rawValue: 2) }
    /// `upgrade`.
    public static var upgrade: ConnectionOptions { ConnectionOptions(rawValue: 4) }
    /// The name of a field that no rule here knows.
    public static var otherField: ConnectionOptions { ConnectionOptions(rawValue: 8) }
}

/// Walks the elements of a comma-separated list (RFC 9110 §5.6.1), blanks trimmed, empty ones skipped.
///
/// Quotes are not looked at: the lists of tokens this is for have none, and a comma inside a quoted string
/// then only yields an element that is no token.
public struct ListCursor: Sendable {
    private var position: Int
    private let end: Int

    /// A walk over the value that lies at `range`.
    public init(_ range: Range<Int>) {
        position = range.lowerBound
        end = range.upperBound
    }

    /// The next element, or nil at the end.
    public mutating func next(in bytes: Span<UInt8>) -> Range<Int>? {
        while position < end {
            var stop = position
            while stop < end, bytes[stop] != Octet.comma { stop += 1 }
            var range = position..<stop
            position = stop + 1
            while let first = range.first, Octet.isBlank(bytes[first]) { range = (first + 1)..<range.upperBound }
            while let last = range.last, Octet.isBlank(bytes[last]) { range = range.lowerBound..<last }
            if !range.isEmpty { return range }
        }
        return nil
    }
}

extension FieldSection {
    /// What the `Connection` fields list.
    public var connectionOptions: ConnectionOptions { knownOptions ?? listedOptions().options }

    /// What the `Connection` fields list, and how many options that is.
    func listedOptions() -> (options: ConnectionOptions, count: Int) {
        var options: ConnectionOptions = []
        guard contains(.connection) else { return (options, 0) }
        // What most peers say needs no taking apart.
        if let value = value(of: .connection), lines.count(where: { $0.known == .connection }) == 1,
            KnownField(arena.span.extracting(value)) == .keepAlive
        {
            return (.keepAlive, 1)
        }
        var count = 0
        forEachElement(of: .connection) { option in
            count += 1
            switch option.count {
            case 5 where option.equalsIgnoringCase("close"): options.insert(.close)
            case 10 where option.equalsIgnoringCase("keep-alive"): options.insert(.keepAlive)
            case 7 where option.equalsIgnoringCase("upgrade"): options.insert(.upgrade)
            default: if KnownField(option) == .other { options.insert(.otherField) }
            }
        }
        return (options, count)
    }

    /// Whether these fields, in a message of `version`, let the connection go on (RFC 9112 §9.3).
    public func keepsAlive(version: Version) -> Bool {
        let options = connectionOptions
        if options.contains(.close) { return false }
        return version >= .http11 || options.contains(.keepAlive)
    }

    /// Calls `body` with each element of the list that all lines of `field` make together.
    public func forEachElement(of field: KnownField, _ body: (Span<UInt8>) -> Void) {
        guard contains(field) else { return }
        for line in lines where line.known == field {
            var cursor = ListCursor(line.value)
            while let element = cursor.next(in: arena.span) { body(arena.span.extracting(element)) }
        }
    }

    /// Whether the list that all lines of `field` make together has the given token, case ignored.
    public func lists(_ token: StaticString, in field: KnownField) -> Bool {
        var found = false
        forEachElement(of: field) { found = found || $0.equalsIgnoringCase(token) }
        return found
    }

    /// Removes what concerns the connection only: the fields of RFC 9110 §7.6.1 and those `Connection` names.
    ///
    /// A nomination is not obeyed for a name `isProtected` says so of (the identity families), nor for any
    /// end-to-end field known here: a caller that nominates Host, Content-Length, Authorization, Cookie or
    /// X-Forwarded-For ("a sender MUST NOT…", §7.6.1) wants the upstream not to see what the gateway saw.
    public mutating func removeHopByHop(protecting isProtected: (Span<UInt8>) -> Bool) {
        if connectionOptions.contains(.otherField) {
            for index in lines.indices.reversed() where lines[index].known == .other {
                let name = lines[index].name
                if isNominated(name), !isProtected(arena.span.extracting(name)) { removeLine(at: index) }
            }
        }
        remove { line, _ in line.known.isHopByHop }
    }

    private func isNominated(_ range: Range<Int>) -> Bool {
        let name = arena.span.extracting(range)
        for line in lines where line.known == .connection {
            var cursor = ListCursor(line.value)
            while let option = cursor.next(in: arena.span) {
                if arena.span.extracting(option).equalsIgnoringCase(name) { return true }
            }
        }
        return false
    }
}
