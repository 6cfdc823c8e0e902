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
        let issued = zip(path.certificates, path.certificates.dropFirst())
        let asked: ArraySlice<(Certificate, Certificate)>
        switch check {
        case .path: asked = Array(issued)[...]
        case .leaf: asked = Array(issued).prefix(1)
        case .off: asked = []
        }
        let anchor = path.certificates.last
        return asked.enumerated().map { index, pair in
            let (certificate, issuer) = pair
            return RevocationQuery(
                subject: RevocationSubject(certificate, issuedBy: issuer), position: index == 0 ? .leaf : .issuer,
                otherSigners: otherSigners(for: issuer, under: anchor, in: search))
        }
    }

    /// The certificates of the issuer's other keys that have signed CRLs, and that a valid, unrevoked path leads to
    /// from the same anchor (RFC 5280 §6.3.3 (f)).
    ///
    /// Their own revocation is asked of their issuer's own key alone, or two keys that vouch for each other would never
    /// end.
    private func otherSigners(
        for issuer: Certificate, under anchor: Certificate?, in search: PathSearch
    ) -> [Certificate] {
        let key = IssuerKey(of: issuer)
        return snapshot.authorities(named: issuer.subject).filter { signer in
            guard IssuerKey(of: signer) != key else { return false }
            if signer == anchor { return true }
            let path = try? search.pathToAuthority(signer) { path, _ in
                guard path.certificates.last == anchor else { return .unknownIssuer }
                return snapshot.refusal(of: directQueries(about: path), at: now)
            }
            return path != nil
        }
    }

    private func directQueries(about path: VerifiedPath) -> [RevocationQuery] {
        guard check == .path else { return [] }
        return zip(path.certificates, path.certificates.dropFirst()).map { certificate, issuer in
            RevocationQuery(
                subject: RevocationSubject(certificate, issuedBy: issuer), position: .issuer, otherSigners: [])
        }
    }
}
