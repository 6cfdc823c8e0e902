/// The identifier octet of a DER element: class, constructed bit and a tag number below 31.
///
/// Tag numbers of 31 and above take several octets; no structure of RFC 5280 uses them and the reader refuses them.
@frozen
public struct DERTag: RawRepresentable, Hashable, Sendable {
    /// The identifier octet as encoded.
    public let rawValue: UInt8

    /// Makes a tag from its identifier octet.
    @inlinable
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// BOOLEAN.
    @inlinable public static var boolean: DERTag { DERTag(rawValue: 0x01) }
    /// INTEGER.
    @inlinable public static var integer: DERTag { DERTag(rawValue: 0x02) }
    /// BIT STRING, primitive as DER requires.
    @inlinable public static var bitString: DERTag { DERTag(rawValue: 0x03) }
    /// OCTET STRING, primitive as DER requires.
    @inlinable public static var octetString: DERTag { DERTag(rawValue: 0x04) }
    /// NULL.
    @inlinable public static var null: DERTag { DERTag(rawValue: 0x05) }
    /// OBJECT IDENTIFIER.
    @inlinable public static var objectIdentifier: DERTag { DERTag(rawValue: 0x06) }
    /// ENUMERATED.
    @inlinable public static var enumerated: DERTag { DERTag(rawValue: 0x0A) }
    /// UTF8String.
    @inlinable public static var utf8String: DERTag { DERTag(rawValue: 0x0C) }
    /// NumericString.
    @inlinable public static var numericString: DERTag { DERTag(rawValue: 0x12) }
    /// PrintableString.
    @inlinable public static var printableString: DERTag { DERTag(rawValue: 0x13) }
    /// TeletexString, also called T61String.
    @inlinable public static var teletexString: DERTag { DERTag(rawValue: 0x14) }
    /// IA5String.
    @inlinable public static var ia5String: DERTag { DERTag(rawValue: 0x16) }
    /// UTCTime.
    @inlinable public static var utcTime: DERTag { DERTag(rawValue: 0x17) }
    /// GeneralizedTime.
    @inlinable public static var generalizedTime: DERTag { DERTag(rawValue: 0x18) }
    /// VisibleString.
    @inlinable public static var visibleString: DERTag { DERTag(rawValue: 0x1A) }
    /// UniversalString: UCS-4, big-endian.
    @inlinable public static var universalString: DERTag { DERTag(rawValue: 0x1C) }
    /// BMPString: UCS-2, big-endian.
    @inlinable public static var bmpString: DERTag { DERTag(rawValue: 0x1E) }
    /// SEQUENCE and SEQUENCE OF.
    @inlinable public static var sequence: DERTag { DERTag(rawValue: 0x30) }
    /// SET and SET OF.
    @inlinable public static var set: DERTag { DERTag(rawValue: 0x31) }

    /// A context-specific primitive tag, `[number]` IMPLICIT over a primitive type.
    @inlinable
    public static func context(_ number: UInt8) -> DERTag {
        DERTag(rawValue: 0x80 | (number & 0x1F))
    }

    /// A context-specific constructed tag, `[number]` EXPLICIT, or IMPLICIT over a constructed type.
    @inlinable
    public static func contextConstructed(_ number: UInt8) -> DERTag {
        DERTag(rawValue: 0xA0 | (number & 0x1F))
    }

    /// Whether the content is itself a series of elements.
    @inlinable
    public var isConstructed: Bool { rawValue & 0x20 != 0 }

    /// The number of a context-specific tag, of either form; nil for tags of other classes.
    @inlinable
    public var contextNumber: UInt8? {
        rawValue & 0xC0 == 0x80 ? rawValue & 0x1F : nil
    }
}

extension DERTag: CustomStringConvertible {
    /// The name of a universal tag, or the class and number.
    public var description: String {
        switch self {
        case .boolean: "BOOLEAN"
        case .integer: "INTEGER"
        case .bitString: "BIT STRING"
        case .octetString: "OCTET STRING"
        case .null: "NULL"
        case .objectIdentifier: "OBJECT IDENTIFIER"
        case .enumerated: "ENUMERATED"
        case .utf8String: "UTF8String"
        case .numericString: "NumericString"
        case .printableString: "PrintableString"
        case .teletexString: "TeletexString"
        case .ia5String: "IA5String"
        case .utcTime: "UTCTime"
        case .generalizedTime: "GeneralizedTime"
        case .visibleString: "VisibleString"
        case .universalString: "UniversalString"
        case .bmpString: "BMPString"
        case .sequence: "SEQUENCE"
        case .set: "SET"
        default: contextNumber.map { "[\($0)]" } ?? "tag 0x\(String(rawValue, radix: 16))"
        }
    }
}
