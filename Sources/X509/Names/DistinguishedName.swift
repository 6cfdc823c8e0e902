public import DER

/// A name as a sequence of relative names (RDNs), each a set of attributes, in encoded order.
///
/// `==` compares the encodings. `matches(_:)` compares what they say, as RFC 5280 §7.1 lays down for name chaining.
public struct DistinguishedName: Sendable {
    /// The DER of the whole SEQUENCE.
    public let der: [UInt8]
    /// The RDNs in encoded order, most general first; each holds one attribute at least.
    public let relativeNames: [[NameAttribute]]

    /// Reads a Name.
    ///
    /// - Throws: `DERError` when it is not one, or is over `Certificate.Limits`.
    public init(reading element: DERElement, in bytes: Span<UInt8>) throws(DERError) {
        var names: [[NameAttribute]] = []
        var cursor = element.children
        while !cursor.isAtEnd {
            let relative = try cursor.next(.set, in: bytes)
            guard names.count < Certificate.Limits.maxRelativeNames else {
                throw .tooManyElements(at: relative.whole.lowerBound)
            }
            names.append(try DistinguishedName.attributes(of: relative, in: bytes))
        }
        relativeNames = names
        der = bytes.copy(of: element.whole)
    }

    /// Reads a Name that is all of the bytes.
    ///
    /// - Throws: `DERError` when they are not exactly one.
    public init(der: [UInt8]) throws(DERError) {
        var cursor = DERCursor(all: der.span)
        let element = try cursor.next(.sequence, in: der.span)
        try cursor.expectEnd()
        self = try DistinguishedName(reading: element, in: der.span)
    }

    /// Reads the attributes of one RDN, whatever the tag of the SET: distribution points have it IMPLICIT.
    ///
    /// - Throws: `DERError` when there is none, or it is none.
    public static func attributes(
        of relative: DERElement, in bytes: Span<UInt8>
    ) throws(DERError) -> [NameAttribute] {
        var attributes: [NameAttribute] = []
        var cursor = relative.children
        repeat {
            let attribute = try cursor.next(.sequence, in: bytes)
            guard attributes.count < Certificate.Limits.maxAttributes else {
                throw .tooManyElements(at: attribute.whole.lowerBound)
            }
            attributes.append(try NameAttribute(reading: attribute, in: bytes))
        } while !cursor.isAtEnd
        return attributes
    }

    /// Whether the name has no RDN.
    public var isEmpty: Bool { relativeNames.isEmpty }

    /// Every attribute in encoded order, whatever RDN it is in.
    public var attributes: [NameAttribute] { relativeNames.flatMap(\.self) }

    /// The values of every attribute of a type, in encoded order.
    public func values(of type: ObjectIdentifier) -> [String] {
        attributes.filter { $0.type == type }.map(\.value)
    }
}

extension DistinguishedName: Hashable {
    /// Whether the encodings are the same, octet for octet.
    public static func == (left: DistinguishedName, right: DistinguishedName) -> Bool {
        left.der == right.der
    }

    /// Feeds the encoding.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(der)
    }
}

extension DistinguishedName: CustomStringConvertible {
    /// The form of RFC 2253.
    public var description: String { rfc2253 }
}
