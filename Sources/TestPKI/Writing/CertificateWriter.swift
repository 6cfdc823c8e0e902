import Crypto
import DER

/// What every certificate has, of CAs and of leaves alike.
struct CertificateFields {
    var serial: [UInt8]
    var issuer: [UInt8]
    var notBefore: Timestamp
    var notAfter: Timestamp
    var subject: [UInt8]
    var publicKeyInfo: [UInt8]
    var extensions: [ExtensionTemplate]

    /// The DER `Certificate`.
    func signed(by key: PrivateKey, algorithm: SignatureAlgorithm) throws(CryptoError) -> [UInt8] {
        var writer = DERWriter()
        writer.reserveCapacity(2_560)
        writer.sequence { fields in
            fields.constructed(.contextConstructed(0)) { $0.integer(2) }
            fields.element(.integer, serial)
            algorithm.write(to: &fields)
            fields.raw(issuer)
            fields.sequence { validity in
                validity.time(notBefore)
                validity.time(notAfter)
            }
            fields.raw(subject)
            fields.raw(publicKeyInfo)
            guard !extensions.isEmpty else { return }
            fields.constructed(.contextConstructed(3)) { explicit in
                explicit.sequence { sequence in
                    for one in extensions { one.write(to: &sequence) }
                }
            }
        }
        return try signedEnvelope(writer.bytes, by: key, algorithm: algorithm)
    }
}

/// The SEQUENCE of what is signed, the algorithm and the signature, as certificates and CRLs have it.
func signedEnvelope(
    _ toBeSigned: [UInt8], by key: PrivateKey, algorithm: SignatureAlgorithm
) throws(CryptoError) -> [UInt8] {
    let signature = try key.sign(toBeSigned.span, algorithm: algorithm)
    var writer = DERWriter()
    writer.reserveCapacity(toBeSigned.count + signature.count + 64)
    writer.sequence { envelope in
        envelope.raw(toBeSigned)
        algorithm.write(to: &envelope)
        envelope.bitString(signature)
    }
    return writer.bytes
}

extension SignatureAlgorithm {
    /// The one that a CA with this key uses unless it is told another: SHA-256, as IGC-Santé does.
    static func usual(for kind: KeyKind) -> SignatureAlgorithm {
        switch kind {
        case .ec: .ecdsa(.sha256)
        case .ed25519: .ed25519
        case .rsa, .other: .rsaPKCS1(.sha256)
        }
    }

    /// Writes the DER `AlgorithmIdentifier`.
    func write(to writer: inout DERWriter) {
        writer.sequence { algorithm in
            switch self {
            case .rsaPKCS1(let digest):
                algorithm.objectIdentifier(digest.identifierWithRSA)
                algorithm.null()
            case .ecdsa(let digest): algorithm.objectIdentifier(digest.identifierWithECDSA)
            case .ed25519: algorithm.objectIdentifier(OID.ed25519)
            case .rsaPSS(let digest, let mask, let saltLength):
                algorithm.objectIdentifier(OID.rsaPSS)
                algorithm.sequence { parameters in
                    parameters.constructed(.contextConstructed(0)) { digest.write(to: &$0) }
                    parameters.constructed(.contextConstructed(1)) { generator in
                        generator.sequence { inner in
                            inner.objectIdentifier(OID.mgf1)
                            mask.write(to: &inner)
                        }
                    }
                    parameters.constructed(.contextConstructed(2)) { $0.integer(saltLength) }
                }
            }
        }
    }
}

extension DigestAlgorithm {
    fileprivate var identifierWithRSA: ObjectIdentifier {
        switch self {
        case .sha1: OID.sha1WithRSA
        case .sha256: OID.sha256WithRSA
        case .sha384: OID.sha384WithRSA
        case .sha512: OID.sha512WithRSA
        }
    }

    fileprivate var identifierWithECDSA: ObjectIdentifier {
        switch self {
        case .sha1: OID.ecdsaWithSHA1
        case .sha256: OID.ecdsaWithSHA256
        case .sha384: OID.ecdsaWithSHA384
        case .sha512: OID.ecdsaWithSHA512
        }
    }

    fileprivate func write(to writer: inout DERWriter) {
        writer.sequence { algorithm in
            switch self {
            case .sha1: algorithm.objectIdentifier(OID.sha1)
            case .sha256: algorithm.objectIdentifier(OID.sha256)
            case .sha384: algorithm.objectIdentifier(OID.sha384)
            case .sha512: algorithm.objectIdentifier(OID.sha512)
            }
            algorithm.null()
        }
    }
}

/// The SHA-1 of the public key's bits, which IGC-Santé uses as key identifier (RFC 5280 §4.2.1.2, method 1).
func derivedIdentifier(of der: [UInt8]) -> [UInt8] {
    var outer = DERCursor(all: der.span)
    guard let info = try? outer.next(.sequence, in: der.span) else { return [] }
    var inner = DERCursor(info.content)
    guard (try? inner.next(.sequence, in: der.span)) != nil,
        let bits = try? inner.next(.bitString, in: der.span)
    else { return [] }
    return SHA1.digest(of: Array(der[bits.content].dropFirst()).span)
}

/// A serial number as the new platform draws it: 16 random octets, positive and of full length.
func randomSerial(_ count: Int = 16) throws(CryptoError) -> [UInt8] {
    var serial = try randomBytes(count)
    if let first = serial.first { serial[0] = first & 0x3F | 0x40 }
    return serial
}
