public import DER

/// What a key may be used for (RFC 5280 §4.2.1.3).
public struct KeyUsage: OptionSet, Hashable, Sendable {
    /// Bit n of the value is bit n of the BIT STRING.
    public let rawValue: UInt16

    /// Makes a set from its bits.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// Signatures other than on certificates and CRLs.
    public static var digitalSignature: KeyUsage { KeyUsage(rawValue: 1 << 0) }
    /// Signatures that bind; contentCommitment in later texts.
    public static var nonRepudiation: KeyUsage { KeyUsage(rawValue: 1 << 1) }
    /// Encrypting keys.
    public static var keyEncipherment: KeyUsage { KeyUsage(rawValue: 1 << 2) }
    /// Encrypting data without a key between.
    public static var dataEncipherment: KeyUsage { KeyUsage(rawValue: 1 << 3) }
    /// Agreeing on keys.
    public static var keyAgreement: KeyUsage { KeyUsage(rawValue: 1 << 4) }
    /// Signatures on certificates.
    public static var keyCertSign: KeyUsage { KeyUsage(rawValue: 1 << 5) }
    /// Signatures on CRLs.
    public static var crlSign: KeyUsage { KeyUsage(rawValue: 1 << 6) }
    /// Key agreement only to encrypt.
    public static var encipherOnly: KeyUsage { KeyUsage(rawValue: 1 << 7) }
    /// Key agreement only to decrypt.
    public static var decipherOnly: KeyUsage { KeyUsage(rawValue: 1 << 8) }

    /// Reads a KeyUsage, in which one bit at least must be set.
    ///
    /// Bits above 8 have no meaning and are left out; trailing zero bits, which DER forbids, are tolerated.
    ///
    /// - Throws: `DERError` when it is not one.
    public init(reading element: DERElement, in bytes: Span<UInt8>) throws(DERError) {
        let bits = try element.expecting(.bitString).bitString(in: bytes).bytes
        var value: UInt16 = 0
        for (position, index) in bits.prefix(2).enumerated() {
            for bit in 0..<8 where bytes[index] & (0x80 >> UInt8(bit)) != 0 && position * 8 + bit <= 8 {
                value |= 1 << UInt16(position * 8 + bit)
            }
        }
        guard value != 0 else { throw .invalidBitString(at: element.whole.lowerBound) }
        rawValue = value
    }

    /// The names of RFC 5280 of the uses in the set, in the order of their bits.
    public var names: [String] {
        KeyUsage.allNames.enumerated().filter { rawValue & (1 << UInt16($0.offset)) != 0 }.map(\.element)
    }

    private static let allNames = [
        "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign",
        "cRLSign", "encipherOnly", "decipherOnly",
    ]
}

extension KeyUsage: CustomStringConvertible {
    /// The names, separated by commas.
    public var description: String { names.joined(separator: ", ") }
}
