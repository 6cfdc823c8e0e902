internal import Crypto
public import DER
internal import IGCSante
public import Revocation
public import X509

/// Steps 2 to 4 of a verification, from certificates to a verified peer: path, profile, revocation.
///
/// Holds no state.
public struct PeerVerifier: Sendable {
    /// What is trusted.
    public let trust: TrustSnapshot
    /// Which kinds may pass.
    public let accepted: AcceptedKinds

    /// Verifies under a trust.
    public init(trust: TrustSnapshot, accepted: AcceptedKinds) {
        self.trust = trust
        self.accepted = accepted
    }

    /// Verifies a certificate.
    ///
    /// A path whose certificates turn out to be revoked does not end the search: another may lead to an anchor.
    /// - Parameters:
    ///   - leaf: the certificate.
    ///   - presented: whatever came with it, in any order; needless ones do no harm.
    ///   - revocation: what is known of revocation now.
    ///   - now: the moment at which it must be valid.
    /// - Returns: the verified peer.
    /// - Throws: `Refusal`.
    public func verify(
        leaf: Certificate, presented: [Certificate], revocation: RevocationSnapshot, now: Timestamp
    ) throws(Refusal) -> VerifiedPeer {
        let pathRevocation = PathRevocation(check: trust.revocation, snapshot: revocation, now: now)
        var classification: Classification?
        var queries: [RevocationQuery] = []
        let search = try PathSearch(trust: trust, presented: presented, now: now)
        let path = try search.path(to: leaf) { path, search in
            if !trust.admitsAnyIssuer, !trust.issuers.contains(path.issuer) {
                // Refused in any case; that a CA was revoked is the better reason to give.
                let queries = pathRevocation.queries(about: path, in: search)
                return revocation.revokedIssuer(among: queries, at: now) ?? .issuerNotAccepted
            }
            if let environment = trust.environment.igcSante {
                let found = Classification.classify(leaf, issuer: path.issuer)
                if let refusal = CertificateProfile.refusal(of: found, environment: environment, accepted: accepted) {
                    return refusal
                }
                classification = found
            }
            if let refusal = CertificateProfile.refusal(of: path, policy: trust.path) { return refusal }
            queries = pathRevocation.queries(about: path, in: search)
            return revocation.refusal(of: queries, at: now)
        }
        return VerifiedPeer(
            path: path, thumbprint: leaf.thumbprint, classification: classification,
            revocationQueries: queries)
    }
}
