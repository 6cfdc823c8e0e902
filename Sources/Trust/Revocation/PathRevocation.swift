internal import DER
internal import Revocation
internal import X509

/// Revocation of a path that was just built: prepares what is asked at each admission, and asks it a first time.
struct PathRevocation {
    let check: RevocationCheck
    let snapshot: RevocationSnapshot
    let now: Timestamp

    /// What to ask about a path: of the leaf and of each intermediate; an anchor has nobody above to revoke it.
    func queries(about path: VerifiedPath, in search: PathSearch) -> [RevocationQuery] {
        queries(about: path, in: search, resolving: [])
    }

    private func queries(
        about path: VerifiedPath, in search: PathSearch, resolving signers: [Certificate]
    ) -> [RevocationQuery] {
        let asked =
            switch check {
            case .path: path.certificates.count - 1
            case .leaf: 1
            case .off: 0
            }
        return zip(path.certificates, path.certificates.dropFirst()).prefix(asked).enumerated().map { index, pair in
            let (certificate, issuer) = pair
            return RevocationQuery(
                subject: RevocationSubject(certificate, issuedBy: issuer), position: index == 0 ? .leaf : .issuer,
                otherSigners: otherSigners(
                    for: issuer, under: path.certificates.last, in: search, resolving: signers))
        }
    }

    /// The certificates of the issuer's other keys that have signed CRLs, and that a valid, unrevoked path leads to from
    /// the same anchor (RFC 5280 §6.3.3 (f)).
    ///
    /// Such a path may need the CRLs of another such key in its turn; one that is being looked into already vouches for
    /// nothing, or two keys could vouch for each other.
    private func otherSigners(
        for issuer: Certificate, under anchor: Certificate?, in search: PathSearch, resolving: [Certificate]
    ) -> [Certificate] {
        let key = IssuerKey(of: issuer)
        return snapshot.authorities(named: issuer.subject).filter { signer in
            guard IssuerKey(of: signer) != key, !resolving.contains(signer) else { return false }
            if signer == anchor { return true }
            let path = try? search.pathToAuthority(signer) { path, search in
                guard path.certificates.last == anchor else { return .unknownIssuer }
                let queries = queries(about: path, in: search, resolving: resolving + [signer])
                return snapshot.refusal(of: queries, at: now)
            }
            return path != nil
        }
    }
}
