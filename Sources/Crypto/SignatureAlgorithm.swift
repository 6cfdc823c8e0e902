import COpenSSL

/// How a signature was made, read from the `AlgorithmIdentifier` beside it and from nothing else.
public enum SignatureAlgorithm: Hashable, Sendable {
    /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2).
    case rsaPKCS1(DigestAlgorithm)
    /// RSASSA-PSS (RFC 8017 §8.1), with its digest, the digest of its MGF1 and the length of its salt in bytes.
    case rsaPSS(digest: DigestAlgorithm, mask: DigestAlgorithm, saltLength: Int)
    /// ECDSA (RFC 5758 §3.2).
    case ecdsa(DigestAlgorithm)
    /// Ed25519 (RFC 8410 §3).
    case ed25519

    /// The digest that is signed; none where the algorithm takes the message itself.
    public var digest: DigestAlgorithm? {
        switch self {
        case .rsaPKCS1(let digest), .rsaPSS(let digest, _, _), .ecdsa(let digest): digest
        case .ed25519: nil
        }
    }

    /// Whether the signature rests on a digest for which collisions are made, so that nothing may be trusted for it.
    public var isBroken: Bool { digest == .sha1 }

    /// Reads a DER `AlgorithmIdentifier`.
    ///
    /// Parameters are held to what the algorithm's RFC allows: NULL or nothing for RSA (RFC 4055 §5), nothing for ECDSA
    /// and Ed25519, exactly what is needed for PSS. Encodings that are not DER are refused.
    /// - Throws: ``CryptoError/unsupportedSignatureAlgorithm``, MD5 and MD2 included.
    public init(algorithmIdentifier der: Span<UInt8>) throws(CryptoError) {
        self = try ErrorQueue.around { () throws(CryptoError) in
            guard let algorithm = AlgorithmIdentifier(der: der) else { throw .unsupportedSignatureAlgorithm }
            guard let value = SignatureAlgorithm(algorithm) else { throw .unsupportedSignatureAlgorithm }
            return value
        }
    }

    private init?(_ algorithm: borrowing AlgorithmIdentifier) {
        switch algorithm.nid {
        case NID_sha1WithRSAEncryption where algorithm.hasNoParameters(orNull: true): self = .rsaPKCS1(.sha1)
        case NID_sha256WithRSAEncryption where algorithm.hasNoParameters(orNull: true): self = .rsaPKCS1(.sha256)
        case NID_sha384WithRSAEncryption where algorithm.hasNoParameters(orNull: true): self = .rsaPKCS1(.sha384)
        case NID_sha512WithRSAEncryption where algorithm.hasNoParameters(orNull: true): self = .rsaPKCS1(.sha512)
        case NID_ecdsa_with_SHA1 where algorithm.hasNoParameters(orNull: false): self = .ecdsa(.sha1)
        case NID_ecdsa_with_SHA256 where algorithm.hasNoParameters(orNull: false): self = .ecdsa(.sha256)
        case NID_ecdsa_with_SHA384 where algorithm.hasNoParameters(orNull: false): self = .ecdsa(.sha384)
        case NID_ecdsa_with_SHA512 where algorithm.hasNoParameters(orNull: false): self = .ecdsa(.sha512)
        case NID_ED25519 where algorithm.hasNoParameters(orNull: false): self = .ed25519
        case NID_rsassaPss:
            guard let pss = algorithm.pssParameters else { return nil }
            self = pss
        default: return nil
        }
    }
}

/// Owns an `X509_ALGOR`.
@safe
private struct AlgorithmIdentifier: ~Copyable {
    private let pointer: UnsafeMutablePointer<X509_ALGOR>

    init?(der: Span<UInt8>) {
        let decoded = unsafe der.withUnsafeBufferPointer { buffer -> UnsafeMutablePointer<X509_ALGOR>? in
            var position = buffer.baseAddress
            guard let decoded = unsafe d2i_X509_ALGOR(nil, &position, buffer.count) else { return nil }
            // OpenSSL reads BER: what does not come out again as it went in was not DER.
            var encoded: UnsafeMutablePointer<UInt8>?
            let length = unsafe Int(i2d_X509_ALGOR(decoded, &encoded))
            defer { unsafe poterne_OPENSSL_free(encoded) }
            let same =
                unsafe length == buffer.count
                && UnsafeBufferPointer(start: encoded, count: length).elementsEqual(buffer)
            guard same else {
                unsafe X509_ALGOR_free(decoded)
                return nil
            }
            return unsafe decoded
        }
        guard let decoded = unsafe decoded else { return nil }
        unsafe pointer = decoded
    }

    deinit { unsafe X509_ALGOR_free(pointer) }

    var nid: Int32 {
        unsafe OBJ_obj2nid(pointer.pointee.algorithm)
    }

    func hasNoParameters(orNull: Bool) -> Bool {
        guard let parameter = unsafe pointer.pointee.parameter else { return true }
        return unsafe orNull && parameter.pointee.type == V_ASN1_NULL
    }

    var pssParameters: SignatureAlgorithm? {
        // Without parameters the defaults would hold, SHA-1 and a salt of 20; as a signature algorithm they are
        // required to be present (RFC 4055 §3.1).
        guard let parameter = unsafe pointer.pointee.parameter, unsafe parameter.pointee.type == V_ASN1_SEQUENCE,
            let sequence = unsafe parameter.pointee.value.sequence
        else { return nil }
        var position: UnsafePointer<UInt8>? = unsafe UnsafePointer(sequence.pointee.data)
        guard
            let pss = unsafe d2i_RSA_PSS_PARAMS(nil, &position, Int(sequence.pointee.length))
        else { return nil }
        defer { unsafe RSA_PSS_PARAMS_free(pss) }

        let digest: DigestAlgorithm?
        if let hash = unsafe pss.pointee.hashAlgorithm {
            digest = unsafe DigestAlgorithm(nid: OBJ_obj2nid(hash.pointee.algorithm))
        } else {
            digest = .sha1
        }
        let mask: DigestAlgorithm?
        if let generator = unsafe pss.pointee.maskGenAlgorithm {
            guard unsafe OBJ_obj2nid(generator.pointee.algorithm) == NID_mgf1,
                let hash = unsafe pss.pointee.maskHash ?? Self.maskHash(of: generator)
            else { return nil }
            defer { if unsafe pss.pointee.maskHash == nil { unsafe X509_ALGOR_free(hash) } }
            mask = unsafe DigestAlgorithm(nid: OBJ_obj2nid(hash.pointee.algorithm))
        } else {
            mask = .sha1
        }
        let saltLength = unsafe pss.pointee.saltLength.map { unsafe ASN1_INTEGER_get($0) } ?? 20
        let trailer = unsafe pss.pointee.trailerField.map { unsafe ASN1_INTEGER_get($0) } ?? 1
        guard let digest, let mask, (0...1024).contains(saltLength), trailer == 1 else { return nil }
        return .rsaPSS(digest: digest, mask: mask, saltLength: saltLength)
    }

    /// The digest of MGF1, which stands encoded in the parameters of its own `AlgorithmIdentifier`.
    private static func maskHash(of generator: UnsafeMutablePointer<X509_ALGOR>) -> UnsafeMutablePointer<X509_ALGOR>? {
        guard let parameter = unsafe generator.pointee.parameter, unsafe parameter.pointee.type == V_ASN1_SEQUENCE,
            let sequence = unsafe parameter.pointee.value.sequence
        else { return nil }
        var position: UnsafePointer<UInt8>? = unsafe UnsafePointer(sequence.pointee.data)
        return unsafe d2i_X509_ALGOR(nil, &position, Int(sequence.pointee.length))
    }
}
