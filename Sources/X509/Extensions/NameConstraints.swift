public import DER

/// A part of a name space (RFC 5280 §4.2.1.10).
public struct GeneralSubtree: Hashable, Sendable {
    /// What the subtree hangs from; the kind of name says how to compare.
    public let base: GeneralName

    /// Reads a GeneralSubtree.
    ///
    /// - Throws: `DERError` when it is not one, or has a minimum or a maximum: RFC 5280 fixes the first to 0 and forbids
    ///   the second, and tells those who do not process them to refuse.
    init(reading element: DERElement, in bytes: Span<UInt8>) throws(DERError) {
        var fields = element.children
        base = try GeneralName(reading: fields.next(in: bytes), as: .constraint, in: bytes)
        if let minimum = try fields.optional(.context(0), in: bytes) {
            guard try minimum.smallInteger(in: bytes) == 0 else {
                throw .integerOutOfRange(at: minimum.whole.lowerBound)
            }
        }
        try fields.expectEnd()
    }
}

/// Where the names of all certificates below a CA must lie, and must not lie (RFC 5280 §4.2.1.10).
public struct NameConstraints: Hashable, Sendable {
    /// The subtrees of which one must hold each name of the same kind; nil when absent.
    public let permitted: [GeneralSubtree]?
    /// The subtrees of which none may hold a name; nil when absent.
    public let excluded: [GeneralSubtree]?

    /// Reads a NameConstraints; one of the two fields must be there.
    ///
    /// - Throws: `DERError` when it is not one, or is over `Certificate.Limits.maxSubtrees`.
    public init(reading element: DERElement, in bytes: Span<UInt8>) throws(DERError) {
        var fields = try element.expecting(.sequence).children
        permitted = try NameConstraints.subtrees(in: try fields.optional(.contextConstructed(0), in: bytes), of: bytes)
        excluded = try NameConstraints.subtrees(in: try fields.optional(.contextConstructed(1), in: bytes), of: bytes)
        try fields.expectEnd()
        guard permitted != nil || excluded != nil else { throw .missing(.contextConstructed(0), at: fields.position) }
    }

    private static func subtrees(
        in element: DERElement?, of bytes: Span<UInt8>
    ) throws(DERError) -> [GeneralSubtree]? {
        guard let element else { return nil }
        var subtrees: [GeneralSubtree] = []
        var cursor = element.children
        repeat {
            let next = try cursor.next(.sequence, in: bytes)
            guard subtrees.count < Certificate.Limits.maxSubtrees else {
                throw .tooManyElements(at: next.whole.lowerBound)
            }
            subtrees.append(try GeneralSubtree(reading: next, in: bytes))
        } while !cursor.isAtEnd
        return subtrees
    }
}
