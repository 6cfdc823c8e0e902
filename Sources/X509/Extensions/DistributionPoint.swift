public import DER

/// The name of a place where CRLs are published (RFC 5280 §4.2.1.13).
public enum DistributionPointName: Hashable, Sendable {
    /// Several names of the same place.
    case full([GeneralName])
    /// One more RDN below the name of the CRL's issuer.
    case relativeToIssuer([NameAttribute])

    /// Reads a DistributionPointName: the content of its EXPLICIT `[0]`.
    ///
    /// - Throws: `DERError` when it is not one.
    public init(reading element: DERElement, in bytes: Span<UInt8>) throws(DERError) {
        var fields = element.children
        let choice = try fields.next(in: bytes)
        try fields.expectEnd()
        switch choice.tag {
        case .contextConstructed(0): self = .full(try GeneralName.list(reading: choice, in: bytes))
        case .contextConstructed(1):
            self = .relativeToIssuer(try DistinguishedName.attributes(of: choice, in: bytes))
        default:
            throw .unexpectedTag(expected: .contextConstructed(0), found: choice.tag, at: choice.whole.lowerBound)
        }
    }
}

/// A set of reasons for revocation: those for which a CRL or a distribution point speaks (RFC 5280 §4.2.1.13).
public struct RevocationReasons: OptionSet, Hashable, Sendable {
    /// Bit n of the value is bit n of the BIT STRING: 1 keyCompromise to 8 aACompromise, 0 unused.
    public let rawValue: UInt16

    /// Makes a set from its bits.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// Every reason there is.
    public static var all: RevocationReasons { RevocationReasons(rawValue: 0x01FE) }

    /// Reads ReasonFlags, whatever the tag.
    ///
    /// - Throws: `DERError` when they are not.
    public init(reading element: DERElement, in bytes: Span<UInt8>) throws(DERError) {
        var value: UInt16 = 0
        for (position, index) in try element.bitString(in: bytes).bytes.prefix(2).enumerated() {
            for bit in 0..<8 where bytes[index] & (0x80 >> UInt8(bit)) != 0 {
                value |= 1 << UInt16(position * 8 + bit)
            }
        }
        rawValue = value & RevocationReasons.all.rawValue
    }
}

/// Where CRLs that speak of a certificate are (RFC 5280 §4.2.1.13).
public struct DistributionPoint: Hashable, Sendable {
    /// The name of the place; nil when only the issuer of the CRLs is named.
    public let name: DistributionPointName?
    /// The reasons that its CRLs cover; nil for all.
    public let reasons: RevocationReasons?
    /// Who signs its CRLs, when it is not the certificate's issuer; empty when absent.
    public let crlIssuer: [GeneralName]

    /// The URIs among its names.
    public var uris: [String] {
        if case .full(let names) = name { names.compactMap(\.uri) } else { [] }
    }

    init(reading element: DERElement, in bytes: Span<UInt8>) throws(DERError) {
        var fields = element.children
        if let inner = try fields.optional(.contextConstructed(0), in: bytes) {
            name = try DistributionPointName(reading: inner, in: bytes)
        } else {
            name = nil
        }
        if let flags = try fields.optional(.context(1), in: bytes) {
            reasons = try RevocationReasons(reading: flags, in: bytes)
        } else {
            reasons = nil
        }
        if let names = try fields.optional(.contextConstructed(2), in: bytes) {
            crlIssuer = try GeneralName.list(reading: names, in: bytes)
        } else {
            crlIssuer = []
        }
        try fields.expectEnd()
        // §4.2.1.13: "a DistributionPoint MUST NOT consist of only the reasons field".
        guard name != nil || !crlIssuer.isEmpty else {
            throw .missing(.contextConstructed(0), at: element.content.lowerBound)
        }
    }

    /// Reads CRLDistributionPoints, which freshestCRL is too.
    ///
    /// - Throws: `DERError` when they are not, or are more than `Certificate.Limits.maxDistributionPoints`.
    public static func list(
        reading element: DERElement, in bytes: Span<UInt8>
    ) throws(DERError) -> [DistributionPoint] {
        var points: [DistributionPoint] = []
        var cursor = try element.expecting(.sequence).children
        repeat {
            let next = try cursor.next(.sequence, in: bytes)
            guard points.count < Certificate.Limits.maxDistributionPoints else {
                throw .tooManyElements(at: next.whole.lowerBound)
            }
            points.append(try DistributionPoint(reading: next, in: bytes))
        } while !cursor.isAtEnd
        return points
    }
}
