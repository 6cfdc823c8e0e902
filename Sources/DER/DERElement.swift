/// One element read by a `DERCursor`: its tag and where it lies, as ranges into the bytes it was read from.
@frozen
public struct DERElement: Hashable, Sendable {
    /// The identifier octet.
    public let tag: DERTag
    /// Where the element lies, tag and length included.
    public let whole: Range<Int>
    /// Where its content lies.
    public let content: Range<Int>

    @inlinable
    init(tag: DERTag, whole: Range<Int>, content: Range<Int>) {
        self.tag = tag
        self.whole = whole
        self.content = content
    }

    /// A cursor over the content of a constructed element.
    @inlinable
    public var children: DERCursor { DERCursor(content) }
}

/// The content of a BIT STRING.
@frozen
public struct DERBitString: Hashable, Sendable {
    /// How many bits at the end of the last byte are padding.
    public let unusedBits: UInt8
    /// Where the bytes of the string lie, without the octet that counts the unused bits.
    public let bytes: Range<Int>

    @inlinable
    init(unusedBits: UInt8, bytes: Range<Int>) {
        self.unusedBits = unusedBits
        self.bytes = bytes
    }
}

extension Span where Element == UInt8 {
    /// Copies the bytes of a range that a cursor over this span returned.
    public func copy(of range: Range<Int>) -> [UInt8] {
        unsafe extracting(range).withUnsafeBufferPointer { unsafe Array($0) }
    }

    /// Whether the bytes of a range that a cursor over this span returned are these.
    public func equals(_ other: [UInt8], in range: Range<Int>) -> Bool {
        guard range.count == other.count else { return false }
        var index = range.lowerBound
        for byte in other {
            guard self[index] == byte else { return false }
            index += 1
        }
        return true
    }
}
