public import X509

/// What is asked about: a certificate, reduced once to what its revocation depends on, so that asking again is cheap.
public struct RevocationSubject: Hashable, Sendable {
    /// Its serial number.
    public let serial: SerialNumber
    /// The CA that issued it.
    public let issuer: IssuerKey
    /// Whether it is a CA's own certificate, of which CRLs for users say nothing.
    public let isAuthority: Bool

    let distributionPoints: CertificateDistributionPoints

    /// Takes what is needed of a certificate, issued by the key of another.
    public init(_ certificate: Certificate, issuedBy authority: Certificate) {
        self.init(certificate, issuedBy: authority, key: IssuerKey(of: authority))
    }

    /// Takes what is needed of a certificate when the issuer's key has been made before.
    public init(_ certificate: Certificate, issuedBy authority: Certificate, key: IssuerKey) {
        serial = certificate.serial
        issuer = key
        isAuthority = certificate.basicConstraints?.isAuthority ?? false
        distributionPoints = CertificateDistributionPoints(of: certificate, issuer: authority.subject.der)
    }

    /// What is known of a certificate when all that is left of it is its issuer and serial, as in a ticket.
    ///
    /// CRLs of a distribution point do not speak of it: its status is then `unavailable`, for want of better.
    public init(serial: SerialNumber, issuer: IssuerKey, isAuthority: Bool = false) {
        self.serial = serial
        self.issuer = issuer
        self.isAuthority = isAuthority
        distributionPoints = CertificateDistributionPoints()
    }
}
