internal import Crypto
internal import DER
internal import X509

/// What kind of key a certificate has, read from its SubjectPublicKeyInfo alone.
///
/// Decoding a key with OpenSSL 3.0 costs more than verifying a signature with it. A leaf's key verifies nothing here: TLS
/// decodes it once more to see that the caller holds it, and finds out then if it is no key.
enum KeyOutline {
    /// The kind; nil when the bytes are not those of a key.
    static func kind(of certificate: Certificate) -> KeyKind? {
        let algorithm = certificate.publicKeyAlgorithm
        switch algorithm.algorithm {
        case rsa, rsaPSS: return modulusBits(of: certificate).map(KeyKind.rsa(bits:))
        case ec: return curve(in: algorithm).map { KeyKind.ec(curve: curveNames[$0] ?? $0.dotted) }
        case ed25519: return .ed25519
        default: return .other
        }
    }

    private static func modulusBits(of certificate: Certificate) -> Int? {
        let bytes = certificate.der
        let span = bytes.span
        var key = DERCursor(certificate.subjectPublicKey)
        guard let sequence = try? key.next(.sequence, in: span) else { return nil }
        var fields = sequence.children
        guard let modulus = try? fields.next(.integer, in: span).integer(in: span), let first = modulus.first else {
            return nil
        }
        // A leading zero octet is the sign's.
        let octets = span[first] == 0 ? modulus.dropFirst() : modulus[...]
        guard let top = octets.first else { return nil }
        return octets.count * 8 - span[top].leadingZeroBitCount
    }

    /// The curve by name; explicit parameters are none we know (RFC 5480 §2.1.1, CVE-2020-0601).
    private static func curve(in algorithm: AlgorithmIdentifier) -> ObjectIdentifier? {
        guard let parameters = algorithm.parameters else { return nil }
        var cursor = DERCursor(all: parameters.span)
        return try? cursor.next(.objectIdentifier, in: parameters.span).objectIdentifier(in: parameters.span)
    }

    private static let rsa: ObjectIdentifier = "1.2.840.113549.1.1.1"
    private static let rsaPSS: ObjectIdentifier = "1.2.840.113549.1.1.10"
    private static let ec: ObjectIdentifier = "1.2.840.10045.2.1"
    private static let ed25519: ObjectIdentifier = "1.3.101.112"

    /// OpenSSL's names, which `StrengthFloor` goes by.
    private static let curveNames: [ObjectIdentifier: String] = [
        "1.2.840.10045.3.1.7": "prime256v1", "1.3.132.0.34": "secp384r1", "1.3.132.0.35": "secp521r1",
        "1.3.36.3.3.2.8.1.1.7": "brainpoolP256r1", "1.3.36.3.3.2.8.1.1.11": "brainpoolP384r1",
        "1.3.36.3.3.2.8.1.1.13": "brainpoolP512r1",
    ]
}
