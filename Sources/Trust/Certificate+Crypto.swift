internal import Crypto
public import X509

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

    /// Whether the key of another certificate signed this one, however weak the algorithm.
    ///
    /// For descriptions and for checks of an operator's own files: names, dates and what either may do are not looked at.
    public func isSigned(by issuer: Certificate) -> Bool {
        guard let algorithm = try? signatureAlgorithm(), let key = try? issuer.publicKey() else { return false }
        return isSigned(by: key, algorithm)
    }
}
