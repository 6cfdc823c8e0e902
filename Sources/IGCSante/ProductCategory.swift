import DER
public import X509

/// What holds a certificate's key (G01, extension 1.2.250.1.71.1.2.5): an OCTET STRING of one octet.
public struct ProductCategory: Hashable, Sendable {
    /// What the octet says apart from the environment.
    public enum Holder: UInt8, Sendable {
        /// A card of the CPS family.
        case card = 0x00
        /// A hardware security module.
        case securityModule = 0x02
        /// Software.
        case software = 0x03
    }

    /// The octet as the certificate has it.
    public let rawValue: UInt8

    /// Takes the octet.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Reads the extension of a certificate; nil when it has none, or one that is no single octet.
    public init?(of certificate: Certificate) {
        guard let value = certificate.value(of: .productCategory), value.count == 3,
            value[0] == DERTag.octetString.rawValue, value[1] == 1
        else { return nil }
        rawValue = value[2]
    }

    /// What holds the key; nil for a category that is not known.
    public var holder: Holder? { Holder(rawValue: rawValue & 0x7F) }

    /// The environment: the highest bit marks the test one.
    public var environment: Environment { rawValue & 0x80 == 0 ? .production : .test }
}
