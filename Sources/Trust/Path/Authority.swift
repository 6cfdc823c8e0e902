internal import Crypto
internal import X509

/// A certificate that may be an issuer in a path, with its key decoded at most once per run, or once for all when it is
/// pinned.
final class Authority: Sendable {
    let certificate: Certificate
    /// Whether paths may end here.
    let isAnchor: Bool
    /// Whether it is one of the issuers that were pinned.
    let mayIssueCallers: Bool
    /// Nil when the key is none that is supported.
    let key: PublicKey?

    init(_ certificate: Certificate, isAnchor: Bool = false, mayIssueCallers: Bool = false) {
        self.certificate = certificate
        self.isAnchor = isAnchor
        self.mayIssueCallers = mayIssueCallers
        key = try? certificate.publicKey()
    }
}

extension Certificate {
    /// Whether the two have the same name and the same key: one entity, whoever certified it.
    func isSameEntity(as other: Certificate) -> Bool {
        subject == other.subject
            && der[subjectPublicKeyInfo] == other.der[other.subjectPublicKeyInfo]
    }
}
