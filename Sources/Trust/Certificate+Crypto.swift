internal import Crypto
internal import X509

/// What certificates and cryptography say to each other.
extension Certificate {
    /// SHA-256 of the certificate.
    var thumbprint: SHA256Digest {
        let bytes = der
        return SHA256.digest(of: bytes.span)
    }

    /// The key, decoded anew.
    func publicKey() throws(CryptoError) -> PublicKey {
        let bytes = der
        return try PublicKey(subjectPublicKeyInfo: bytes.span.extracting(subjectPublicKeyInfo))
    }

    /// How the certificate says it is signed.
    func signatureAlgorithm() throws(CryptoError) -> SignatureAlgorithm {
        let identifier = signatureAlgorithm.der
        return try SignatureAlgorithm(algorithmIdentifier: identifier.span)
    }

    /// Whether a key signed it.
    func isSigned(by key: PublicKey, _ algorithm: SignatureAlgorithm) -> Bool {
        let bytes = der
        let span = bytes.span
        return key.isValidSignature(span.extracting(signature), over: span.extracting(tbs), algorithm: algorithm)
    }
}
