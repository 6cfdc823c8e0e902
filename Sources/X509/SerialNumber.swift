public import DER

/// A certificate's serial number: an INTEGER of any size, kept as the octets that encode it.
///
/// RFC 5280 §4.1.2.2 asks for a positive number of at most 20 octets and tells relying parties to be ready for others;
/// they are read, and say so, for whoever decides.
public struct SerialNumber: Hashable, Sendable {
    /// The content octets of the INTEGER: two's complement, big-endian, in their shortest form.
    public let octets: [UInt8]

    /// Takes the content octets of an INTEGER; the caller has them from `DERElement.integer(in:)`, which checks them.
    public init(octets: [UInt8]) {
        self.octets = octets
    }

    /// Reads an INTEGER.
    ///
    /// - Throws: `DERError.invalidInteger`.
    public init(reading element: DERElement, in bytes: Span<UInt8>) throws(DERError) {
        octets = bytes.copy(of: try element.integer(in: bytes))
    }

    /// Whether the number is below zero.
    public var isNegative: Bool { (octets.first ?? 0) >= 0x80 }

    /// Whether the number is zero.
    public var isZero: Bool { octets == [0] }

    /// Whether the encoding takes more than the 20 octets that RFC 5280 grants.
    public var isTooLong: Bool { octets.count > 20 }

    /// Whether RFC 5280 §4.1.2.2 lets a CA use this number.
    public var isConforming: Bool { !isNegative && !isZero && !isTooLong }

    /// The magnitude in upper-case hexadecimal, two digits an octet, `-` before it when negative.
    ///
    /// This is how OpenSSL's `i2a_ASN1_INTEGER`, and so nginx's `$ssl_client_serial`, print it.
    public var hex: String {
        var magnitude = octets
        if isNegative {
            var carry = true
            for index in magnitude.indices.reversed() {
                let inverted = ~magnitude[index]
                magnitude[index] = carry ? inverted &+ 1 : inverted
                carry = carry && magnitude[index] == 0
            }
        }
        let significant = magnitude.drop { $0 == 0 }
        return (isNegative ? "-" : "") + hexadecimal(significant.isEmpty ? [0] : significant)
    }
}

extension SerialNumber: CustomStringConvertible {
    /// The hexadecimal form.
    public var description: String { hex }
}
