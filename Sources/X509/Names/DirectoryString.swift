import DER

/// The string types that names are written in, and what their octets say.
enum DirectoryString {
    enum Decoded: Equatable {
        case text(String)
        /// The type is none of the string types.
        case notString
        /// The type is a string type, and the octets are not of its alphabet.
        case malformed
    }

    /// Decodes the content octets of a value.
    ///
    /// PrintableString and NumericString are held to ASCII and not to their smaller alphabets, which real names
    /// overstep (`@`, `&`, `*`, `_`). TeletexString is read as ISO 8859-1, as OpenSSL and every issuer do.
    static func decode(_ octets: [UInt8], as tag: DERTag) -> Decoded {
        switch tag {
        case .utf8String:
            return String(validating: octets, as: UTF8.self).map(Decoded.text) ?? .malformed
        case .printableString, .numericString, .ia5String, .visibleString:
            guard octets.allSatisfy({ $0 < 0x80 }) else { return .malformed }
            return .text(String(decoding: octets, as: UTF8.self))
        case .teletexString:
            return decode(octets, unitSize: 1)
        case .bmpString:
            return decode(octets, unitSize: 2)
        case .universalString:
            return decode(octets, unitSize: 4)
        default:
            return .notString
        }
    }

    /// Decodes big-endian code points of a fixed size; surrogates and numbers above U+10FFFF are none.
    private static func decode(_ octets: [UInt8], unitSize: Int) -> Decoded {
        guard octets.count % unitSize == 0 else { return .malformed }
        var text = String.UnicodeScalarView()
        for start in stride(from: 0, to: octets.count, by: unitSize) {
            let value = octets[start..<(start + unitSize)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            guard let scalar = Unicode.Scalar(value) else { return .malformed }
            text.append(scalar)
        }
        return .text(String(text))
    }
}
