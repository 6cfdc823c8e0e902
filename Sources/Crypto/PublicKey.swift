import COpenSSL

/// A public key, with which signatures are verified.
public final class PublicKey: Sendable {
    private let key: EVPKey

    /// What the key is, and how large.
    public let kind: KeyKind

    /// Reads a DER `SubjectPublicKeyInfo`.
    ///
    /// The corresponding C function is `d2i_PUBKEY`.
    /// - Throws: ``CryptoError/malformedPublicKey(code:)``.
    public convenience init(subjectPublicKeyInfo der: Span<UInt8>) throws(CryptoError) {
        let key = try ErrorQueue.around { () throws(CryptoError) in
            let decoded = unsafe der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
                var position = buffer.baseAddress
                let end = unsafe buffer.baseAddress.map { unsafe $0 + buffer.count }
                guard let decoded = unsafe d2i_PUBKEY(nil, &position, buffer.count) else { return nil }
                guard unsafe position == end else {
                    unsafe EVP_PKEY_free(decoded)
                    return nil
                }
                return unsafe decoded
            }
            guard let decoded = unsafe decoded else { throw .malformedPublicKey(code: ErrorQueue.cause) }
            return unsafe EVPKey(owning: decoded)
        }
        self.init(key)
    }

    init(_ key: EVPKey) {
        self.key = key
        kind = ErrorQueue.around { key.kind }
    }

    /// Whether the signature is one of this key over the message.
    ///
    /// False also if the algorithm is not one for this kind of key, or the key is too large to be verified with at a
    /// bounded cost. Whether SHA-1 is good enough is for the caller to say: ``SignatureAlgorithm/isBroken``.
    ///
    /// The corresponding C function is `EVP_DigestVerify`, fed piece by piece.
    /// - Parameters:
    ///   - signature: the signature's bytes, without the BIT STRING's count of unused bits.
    ///   - message: what was signed, of any length.
    ///   - algorithm: from the `AlgorithmIdentifier` beside the signature.
    /// - Returns: whether the signature holds.
    public func isValidSignature(
        _ signature: Span<UInt8>, over message: Span<UInt8>, algorithm: SignatureAlgorithm
    ) -> Bool {
        guard algorithm.fits(kind) else { return false }
        return ErrorQueue.around {
            guard let context = unsafe EVP_MD_CTX_new() else { return false }
            defer { unsafe EVP_MD_CTX_free(context) }
            var keyContext: OpaquePointer?
            guard
                unsafe EVP_DigestVerifyInit(
                    context, &keyContext, algorithm.digest?.implementation, nil, key.pointer) == 1,
                unsafe algorithm.configure(keyContext)
            else { return false }
            return unsafe signature.withUnsafeBufferPointer { signature in
                unsafe message.withUnsafeBufferPointer { message in
                    if algorithm.digest == nil {
                        return unsafe EVP_DigestVerify(
                            context, signature.baseAddress, signature.count, message.baseAddress, message.count) == 1
                    }
                    var start = 0
                    while start < message.count {
                        let piece = unsafe UnsafeBufferPointer(
                            rebasing: message[start..<min(message.count, start + Limits.digestChunk)])
                        guard unsafe EVP_DigestVerifyUpdate(context, piece.baseAddress, piece.count) == 1 else {
                            return false
                        }
                        start += piece.count
                    }
                    return unsafe EVP_DigestVerifyFinal(context, signature.baseAddress, signature.count) == 1
                }
            }
        }
    }

    /// Whether the two are the same key, parameters included.
    public func isSame(as other: PublicKey) -> Bool {
        ErrorQueue.around { unsafe EVP_PKEY_eq(key.pointer, other.key.pointer) == 1 }
    }
}

extension SignatureAlgorithm {
    /// Whether a key of this kind can make such a signature.
    func fits(_ kind: KeyKind) -> Bool {
        switch (self, kind) {
        case (.rsaPKCS1, .rsa(let bits)), (.rsaPSS, .rsa(let bits)): bits <= Limits.rsaModulusBits
        case (.ecdsa, .ec), (.ed25519, .ed25519): true
        default: false
        }
    }

    /// Sets padding and salt on a context that signs or verifies.
    @unsafe
    func configure(_ context: OpaquePointer?) -> Bool {
        switch self {
        case .ecdsa, .ed25519: true
        case .rsaPKCS1: unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1
        case .rsaPSS(_, let mask, let saltLength):
            unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1
                && EVP_PKEY_CTX_set_rsa_mgf1_md(context, mask.implementation) == 1
                && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, Int32(truncatingIfNeeded: saltLength)) == 1
        }
    }
}
