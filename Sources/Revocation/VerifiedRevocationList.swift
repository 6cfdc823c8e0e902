internal import Crypto
public import X509

/// A CRL whose signature was verified: only `CertificateRevocationList.verified(by:)` makes one, and only from one can
/// an index be made.
public struct VerifiedRevocationList: Sendable {
    /// The CRL.
    public let list: CertificateRevocationList
    /// The CA whose key signed it.
    public let authority: Certificate

    init(_ list: CertificateRevocationList, by authority: Certificate) throws(CRLError) {
        guard list.issuer == authority.subject else { throw .issuerMismatch }
        if let keyIdentifier = list.authorityKeyIdentifier, let ours = authority.subjectKeyIdentifier {
            guard keyIdentifier == ours else { throw .keyIdentifierMismatch }
        }
        if let usage = authority.keyUsage {
            guard usage.contains(.crlSign) else { throw .issuerMayNotSignLists }
        }
        let der = list.der
        let bytes = der.span
        let authorityDER = authority.der
        let algorithm: SignatureAlgorithm
        do {
            algorithm = try SignatureAlgorithm(algorithmIdentifier: bytes.extracting(list.algorithm))
        } catch {
            throw .unsupportedSignatureAlgorithm
        }
        guard !algorithm.isBroken else { throw .brokenSignatureAlgorithm }
        let key: PublicKey
        do {
            key = try PublicKey(subjectPublicKeyInfo: authorityDER.span.extracting(authority.subjectPublicKeyInfo))
        } catch {
            throw .invalidSignature
        }
        guard
            key.isValidSignature(
                bytes.extracting(list.signature), over: bytes.extracting(list.tbs), algorithm: algorithm)
        else { throw .invalidSignature }
        self.list = list
        self.authority = authority
    }
}
