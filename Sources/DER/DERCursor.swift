/// A strict reader of DER: walks the elements that lie side by side in a range of bytes.
///
/// It holds offsets only and is given the bytes at each step, so it can be stored, copied and passed without owning or
/// borrowing anything; it allocates nothing. Lengths must be definite, in their shortest form, and fit in the range.
/// The bytes given must be the same at every step. Nothing in them makes it trap.
@frozen
public struct DERCursor: Sendable {
    @usableFromInline var offset: Int
    @usableFromInline let limit: Int

    /// Reads the elements of a range.
    @inlinable
    public init(_ range: Range<Int>) {
        offset = range.lowerBound
        limit = range.upperBound
    }

    /// Reads the elements of all the bytes.
    @inlinable
    public init(all bytes: Span<UInt8>) {
        offset = 0
        limit = bytes.count
    }

    /// Where the next element begins.
    @inlinable
    public var position: Int { offset }

    /// Where the range ends.
    @inlinable
    public var end: Int { limit }

    /// Whether every element has been read.
    @inlinable
    public var isAtEnd: Bool { offset >= limit }

    /// The tag of the next element, or nil at the end; the cursor does not move.
    @inlinable
    public func peek(in bytes: Span<UInt8>) -> DERTag? {
        guard offset >= 0, offset < limit, limit <= bytes.count else { return nil }
        return DERTag(rawValue: bytes[offset])
    }

    /// Reads the next element, whatever it is.
    ///
    /// - Throws: `DERError` when there is none or it is not DER; the cursor does not move then.
    @inlinable
    public mutating func next(in bytes: Span<UInt8>) throws(DERError) -> DERElement {
        let start = offset
        guard start >= 0, limit <= bytes.count, limit &- start >= 2 else { throw .truncated(at: start) }
        let tag = bytes[start]
        guard tag & 0x1F != 0x1F else { throw .highTagNumber(at: start) }
        let first = bytes[start &+ 1]
        var contentStart = start &+ 2
        var length = Int(first)
        if first >= 0x80 {
            let octets = Int(first & 0x7F)
            guard octets != 0 else { throw .indefiniteLength(at: start &+ 1) }
            guard octets <= 4 else { throw .lengthTooLarge(at: start &+ 1) }
            guard limit &- contentStart >= octets else { throw .truncated(at: start) }
            length = 0
            for index in contentStart..<(contentStart &+ octets) {
                length = length << 8 | Int(bytes[index])
            }
            // X.690 §10.1: the shortest form, so neither a leading zero nor a long form that the short one could say.
            guard length >= 0x80, length >> ((octets &- 1) &* 8) != 0 else { throw .nonMinimalLength(at: start &+ 1) }
            contentStart &+= octets
        }
        guard limit &- contentStart >= length else { throw .truncated(at: start) }
        let contentEnd = contentStart &+ length
        offset = contentEnd
        return DERElement(
            tag: DERTag(rawValue: tag), whole: start..<contentEnd, content: contentStart..<contentEnd)
    }

    /// Reads the next element, which must have this tag.
    ///
    /// - Throws: `DERError` when it is another, is missing, or is not DER; the cursor does not move then.
    @inlinable
    public mutating func next(_ tag: DERTag, in bytes: Span<UInt8>) throws(DERError) -> DERElement {
        guard let found = peek(in: bytes) else { throw .missing(tag, at: offset) }
        guard found == tag else { throw .unexpectedTag(expected: tag, found: found, at: offset) }
        return try next(in: bytes)
    }

    /// Reads the next element if it has this tag; nil, and no move, when it is another or there is none.
    ///
    /// - Throws: `DERError` when it has this tag and is not DER.
    @inlinable
    public mutating func optional(_ tag: DERTag, in bytes: Span<UInt8>) throws(DERError) -> DERElement? {
        guard peek(in: bytes) == tag else { return nil }
        return try next(in: bytes)
    }

    /// Requires that every element has been read.
    ///
    /// - Throws: `DERError.trailingBytes`.
    @inlinable
    public func expectEnd() throws(DERError) {
        guard isAtEnd else { throw .trailingBytes(at: offset) }
    }
}
