internal import Crypto
internal import DER
internal import X509

/// A search for a path from one certificate to an anchor, through certificates in no particular order.
///
/// Depth first, from the leaf upwards: whoever's subject is the issuer's name is a candidate, key identifiers only say
/// which to try first. A candidate that may not sign, or did not, is left at once; a path that reaches an anchor is
/// validated whole, and when it fails the search goes on with the next. Every step is paid from the budget.
final class PathSearch {
    private let trust: TrustSnapshot
    private let now: Timestamp
    private let pool: [Authority]
    private var budget: Budget
    private var candidates: [Swift.ObjectIdentifier: [Authority]] = [:]
    private var findings: [Question: Finding] = [:]
    private var failure = Failure(refusal: .unknownIssuer, rank: 0)

    /// Whether one certificate issued another.
    private struct Question: Hashable {
        let certificate: Swift.ObjectIdentifier
        let issuer: Swift.ObjectIdentifier
    }

    private enum Finding {
        case isIssuer
        case isNot(Refusal)
    }

    /// Why there is no path yet: of many candidates' failures, that of the one that came furthest.
    private struct Failure {
        var refusal: Refusal
        var rank: Int
    }

    /// Prepares a search among what is pinned and what the caller sent.
    ///
    /// - Throws: `Refusal.budgetExceeded` when the caller sent too many certificates.
    init(trust: TrustSnapshot, presented: [Certificate], now: Timestamp) throws(Refusal) {
        guard presented.count <= Limits.presentedCertificates else { throw .budgetExceeded(.certificates) }
        self.trust = trust
        self.now = now
        budget = trust.path.budget
        let known = Set(trust.pinned.map(\.certificate))
        var seen = known
        pool = trust.pinned + presented.filter { seen.insert($0).inserted }.map { Authority($0) }
    }

    /// Finds the first path that validates and that `accept` takes; it says why not.
    ///
    /// - Throws: the refusal of the candidate path that came furthest.
    func path(
        to leaf: Certificate, accept: (VerifiedPath, PathSearch) -> Refusal?
    ) throws(Refusal) -> VerifiedPath {
        try path(to: leaf, policy: trust.path, accept: accept)
    }

    /// Searches the same certificates, on the same budget, for a path to another: a CA that signs CRLs.
    ///
    /// Policies are for the caller's path and not for this one.
    func pathToAuthority(
        _ authority: Certificate, accept: (VerifiedPath, PathSearch) -> Refusal?
    ) throws(Refusal) -> VerifiedPath {
        let before = failure
        defer { failure = before }
        return try path(to: authority, policy: PathPolicy(), accept: accept)
    }

    private func path(
        to leaf: Certificate, policy: PathPolicy, accept: (VerifiedPath, PathSearch) -> Refusal?
    ) throws(Refusal) -> VerifiedPath {
        failure = Failure(refusal: .unknownIssuer, rank: 0)
        var above: [Authority] = []
        guard let found = try extend(&above, from: leaf, policy: policy, accept: accept) else { throw failure.refusal }
        return found
    }

    private func extend(
        _ above: inout [Authority], from leaf: Certificate, policy: PathPolicy,
        accept: (VerifiedPath, PathSearch) -> Refusal?
    ) throws(Refusal) -> VerifiedPath? {
        let child = above.last?.certificate ?? leaf
        var hasCandidate = false
        for candidate in candidates(for: child) {
            try budget.spend(.candidates)
            guard !closesLoop(candidate, leaf: leaf, above: above) else { continue }
            hasCandidate = true
            guard candidate.isAnchor || above.count < trust.path.maxDepth else {
                note(.pathTooLong, rank: above.count * 10 + 5)
                continue
            }
            if let refusal = try refusal(of: candidate, asIssuerOf: child, isLeaf: above.isEmpty) {
                // An issuer of the same name with another key than the one meant says nothing of this certificate.
                if candidate.isMeant(by: child) { note(refusal, rank: above.count * 10 + 5) }
                continue
            }
            above.append(candidate)
            defer { above.removeLast() }
            if candidate.isAnchor {
                let refusal: Refusal?
                do throws(Refusal) {
                    try PathValidation.validate(
                        leaf: leaf, above: above.map(\.certificate), policy: policy, now: now, budget: &budget)
                    refusal = nil
                } catch {
                    if case .budgetExceeded = error { throw error }
                    refusal = error
                }
                let path = VerifiedPath(leaf: leaf, above: above)
                guard let refusal = refusal ?? accept(path, self) else { return path }
                if case .budgetExceeded = refusal { throw refusal }
                note(refusal, rank: 1_000)
            } else if let path = try extend(&above, from: leaf, policy: policy, accept: accept) {
                return path
            }
        }
        if !hasCandidate { note(.unknownIssuer, rank: above.count * 10) }
        return nil
    }

    private func note(_ refusal: Refusal, rank: Int) {
        if rank > failure.rank { failure = Failure(refusal: refusal, rank: rank) }
    }

    /// The certificates whose subject is the issuer's name, the likeliest first: those whose key identifier fits, then
    /// those that have none, then the rest; among equals what is pinned first.
    private func candidates(for child: Certificate) -> [Authority] {
        let question = Swift.ObjectIdentifier(child)
        if let known = candidates[question] { return known }
        var fitting: [Authority] = []
        var silent: [Authority] = []
        var contradicting: [Authority] = []
        for authority in pool where authority.certificate.subject.matches(child.issuer) {
            if authority.contradictsHint(of: child) {
                contradicting.append(authority)
            } else if authority.fitsHint(of: child) {
                fitting.append(authority)
            } else {
                silent.append(authority)
            }
        }
        let found = fitting + silent + contradicting
        candidates[question] = found
        return found
    }

    /// Whether the path would come back to where it has been: to the same name and key (RFC 4158 §2.4.2).
    ///
    /// An anchor may be its own leaf's issuer, when an operator pinned a self-signed certificate.
    private func closesLoop(_ candidate: Authority, leaf: Certificate, above: [Authority]) -> Bool {
        if above.isEmpty { return !candidate.isAnchor && candidate.certificate.isSameEntity(as: leaf) }
        return candidate.certificate.isSameEntity(as: leaf)
            || above.contains { $0.certificate.isSameEntity(as: candidate.certificate) }
    }

    /// Why a candidate is not the issuer of a certificate; nil when it is.
    ///
    /// The same question is answered once in a search.
    private func refusal(
        of candidate: Authority, asIssuerOf child: Certificate, isLeaf: Bool
    ) throws(Refusal) -> Refusal? {
        let question = Question(
            certificate: Swift.ObjectIdentifier(child), issuer: Swift.ObjectIdentifier(candidate))
        switch findings[question] {
        case .isIssuer: return nil
        case .isNot(let refusal): return refusal
        case nil:
            let refusal = try examine(candidate, asIssuerOf: child, position: isLeaf ? .leaf : .issuer)
            findings[question] = refusal.map(Finding.isNot) ?? .isIssuer
            return refusal
        }
    }

    /// Looks into whether a candidate issued a certificate.
    ///
    /// What costs least is asked first.
    private func examine(
        _ candidate: Authority, asIssuerOf child: Certificate, position: PathPosition
    ) throws(Refusal) -> Refusal? {
        let authority = candidate.certificate
        if authority.version >= 3 || !candidate.isAnchor {
            guard authority.basicConstraints?.isAuthority == true else { return .issuerNotAuthority }
        }
        if let usage = authority.keyUsage, !usage.contains(.keyCertSign) { return .issuerNotAuthority }
        guard authority.notBefore <= now else { return .notYetValid(.issuer, notBefore: authority.notBefore) }
        guard now <= authority.notAfter else { return .expired(.issuer, notAfter: authority.notAfter) }

        let algorithm: SignatureAlgorithm
        do {
            algorithm = try child.signatureAlgorithm()
        } catch {
            return child.hasDigestWithoutName ? .weakSignature(position) : .unsupportedAlgorithm(position)
        }
        guard !algorithm.isBroken || trust.path.strength.admitsSHA1 else { return .weakSignature(position) }
        guard let key = candidate.key else { return .unsupportedAlgorithm(.issuer) }
        if let refusal = trust.path.strength.refusal(of: key.kind, at: .issuer) { return refusal }
        try budget.spend(.signatures)
        return child.isSigned(by: key, algorithm) ? nil : .signatureInvalid(position)
    }
}

extension Authority {
    /// Whether the child is likely to mean this CA as its issuer, of all that have the name.
    ///
    /// A self-issued certificate that names no key means its own.
    func isMeant(by child: Certificate) -> Bool {
        fitsHint(of: child) || (!contradictsHint(of: child) && !child.isSelfIssued)
    }

    /// Whether the child's authorityKeyIdentifier names this key.
    func fitsHint(of child: Certificate) -> Bool {
        guard let wanted = child.authorityKeyIdentifier?.keyIdentifier else { return false }
        return certificate.subjectKeyIdentifier == wanted
    }

    /// Whether the child's authorityKeyIdentifier names another key.
    func contradictsHint(of child: Certificate) -> Bool {
        guard let wanted = child.authorityKeyIdentifier?.keyIdentifier, let own = certificate.subjectKeyIdentifier
        else { return false }
        return own != wanted
    }
}

extension StrengthFloor {
    /// What is wrong with a key of this kind; nil when it is strong enough.
    func refusal(of kind: KeyKind, at position: PathPosition) -> Refusal? {
        switch kind {
        case .rsa(let bits): bits >= rsaBits ? nil : .weakKey(position)
        case .ec(let curve): strongCurves.contains(curve) ? nil : .weakKey(position)
        case .ed25519: nil
        case .other: .unsupportedAlgorithm(position)
        }
    }

    /// The curves of 256 bits and more that certificates use: NIST's and brainpool's.
    private var strongCurves: [String] {
        [
            "prime256v1", "P-256", "secp384r1", "P-384", "secp521r1", "P-521", "brainpoolP256r1", "brainpoolP384r1",
            "brainpoolP512r1",
        ]
    }
}

extension Certificate {
    /// Whether it is signed with MD2 or MD5, for which `Crypto` has no name at all.
    fileprivate var hasDigestWithoutName: Bool {
        ["1.2.840.113549.1.1.2", "1.2.840.113549.1.1.3", "1.2.840.113549.1.1.4"]
            .contains(signatureAlgorithm.algorithm.dotted)
    }
}
