public import Crypto
public import X509

/// Which CA: the digest of its subject's name and of its public key, so that renewed certificates of one key are one CA
/// and a CA of the same name with another key is another.
public struct IssuerKey: Hashable, Sendable {
    /// The digest.
    public let digest: SHA256Digest

    /// The CA that a certificate is of.
    public init(of authority: Certificate) {
        // The name is DER and so ends where it says: no other name and key run into the same bytes.
        let bytes = authority.subject.der + authority.der[authority.subjectPublicKeyInfo]
        digest = SHA256.digest(of: bytes.span)
    }

    /// The CA whose key was written down before, as in a ticket.
    public init(digest: SHA256Digest) {
        self.digest = digest
    }
}
