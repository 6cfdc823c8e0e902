/// Writes DER: each call appends one element, and constructed ones take a closure that writes what they hold.
///
/// ```swift
/// var writer = DERWriter()
/// writer.sequence { algorithm in
///     algorithm.objectIdentifier("1.2.840.113549.1.1.11")
///     algorithm.null()
/// }
/// writer.bytes
/// ```
public struct DERWriter: Sendable {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []

    /// Makes a writer that has written nothing.
    public init() {}

    /// Makes room for as many bytes in advance.
    public mutating func reserveCapacity(_ count: Int) {
        bytes.reserveCapacity(count)
    }

    /// Appends bytes that are already DER.
    public mutating func raw(_ der: [UInt8]) {
        bytes += der
    }

    /// Appends an element with this tag and content.
    public mutating func element(_ tag: DERTag, _ content: some Collection<UInt8>) {
        bytes.append(tag.rawValue)
        appendLength(content.count)
        bytes += content
    }

    /// Appends a constructed element; the closure writes what it holds.
    public mutating func constructed<Failure: Error>(
        _ tag: DERTag, _ body: (inout DERWriter) throws(Failure) -> Void
    ) throws(Failure) {
        bytes.append(tag.rawValue)
        let start = bytes.count
        try body(&self)
        let length = DERWriter.length(bytes.count - start)
        bytes.insert(contentsOf: length, at: start)
    }

    /// Appends a SEQUENCE; the closure writes what it holds.
    public mutating func sequence<Failure: Error>(
        _ body: (inout DERWriter) throws(Failure) -> Void
    ) throws(Failure) {
        try constructed(.sequence, body)
    }

    /// Appends a SET in the order in which the closure writes; see `setOf` for the order of DER.
    public mutating func set<Failure: Error>(_ body: (inout DERWriter) throws(Failure) -> Void) throws(Failure) {
        try constructed(.set, body)
    }

    /// Appends a SET OF with its elements, each already DER, sorted as X.690 §11.6 requires.
    public mutating func setOf(_ elements: [[UInt8]]) {
        element(.set, elements.sorted { $0.lexicographicallyPrecedes($1) }.flatMap(\.self))
    }

    private mutating func appendLength(_ count: Int) {
        bytes += DERWriter.length(count)
    }

    /// The length octets of a content of so many bytes.
    private static func length(_ count: Int) -> [UInt8] {
        guard count >= 0x80 else { return [UInt8(truncatingIfNeeded: count)] }
        var octets: [UInt8] = []
        var rest = count
        while rest > 0 {
            octets.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
        octets.append(0x80 | UInt8(truncatingIfNeeded: octets.count))
        return octets.reversed()
    }
}
