internal import DER
internal import X509

/// Path validation: RFC 5280 §6.1, over a path whose signatures, names, CA bits and CA validities the search has
/// checked already.
///
/// Revocation, §6.3, comes after it.
///
/// The letters in comments are those of §6.1.3 (processing a certificate) and §6.1.4 (preparing for the next).
struct PathValidation {
    private var names = NameSpace()
    private var policies: PolicyState
    /// max_path_length (§6.1.2 (k)).
    private var pathLength = Int.max

    /// Validates a path.
    ///
    /// An anchor's own constraints bind what is below it: it was given as a certificate, and RFC 5937 lets them count.
    /// - Parameters:
    ///   - leaf: the certificate at the end.
    ///   - above: its issuer, and so on up to the anchor, which is the last.
    ///   - policy: the inputs besides certificates.
    ///   - now: the moment at which the leaf must be valid.
    ///   - budget: what it may cost.
    /// - Throws: `Refusal`.
    static func validate(
        leaf: Certificate, above: [Certificate], policy: PathPolicy, now: Timestamp, budget: inout Budget
    ) throws(Refusal) {
        var validation = PathValidation(policies: PolicyState(policy, pathLength: above.count))
        for (index, authority) in above.reversed().enumerated() {
            if index == 0 {
                try validation.begin(at: authority)
            } else {
                try validation.pass(authority, budget: &budget)
            }
        }
        try validation.end(at: leaf, policy: policy, now: now, budget: &budget)
    }

    private init(policies: PolicyState) {
        self.policies = policies
    }

    /// Takes the constraints of the anchor.
    private mutating func begin(at anchor: Certificate) throws(Refusal) {
        try checkExtensions(of: anchor, at: .issuer)
        guard !anchor.subject.isEmpty else { throw .profileViolation(.issuer, .emptyAuthoritySubject) }
        pathLength = anchor.basicConstraints?.pathLength ?? Int.max
        if let constraints = anchor.nameConstraints { try names.narrow(by: constraints) }
        policies.constrain(by: anchor)
    }

    /// Processes an intermediate, and prepares for what is below it.
    private mutating func pass(_ authority: Certificate, budget: inout Budget) throws(Refusal) {
        let isSelfIssued = authority.isSelfIssued
        try checkExtensions(of: authority, at: .issuer)
        try checkFields(of: authority, at: .issuer)
        guard !authority.subject.isEmpty else { throw .profileViolation(.issuer, .emptyAuthoritySubject) }
        // (b), (c): a CA's new key is not a new name.
        if !isSelfIssued { try names.check(authority, budget: &budget) }
        // (d), (e), (f)
        try policies.process(authority, isSelfIssued: isSelfIssued, isLeaf: false, budget: &budget)
        // §6.1.4 (a), (b)
        try policies.map(authority.policyMappings, budget: &budget)
        // (g)
        if let constraints = authority.nameConstraints { try names.narrow(by: constraints) }
        // (h), (i), (j)
        if !isSelfIssued { policies.countDown() }
        policies.constrain(by: authority)
        // (l), (m)
        if !isSelfIssued {
            guard pathLength > 0 else { throw .pathTooLong }
            if pathLength != Int.max { pathLength -= 1 }
        }
        if let own = authority.basicConstraints?.pathLength { pathLength = min(pathLength, own) }
    }

    /// Processes the leaf, and wraps up (§6.1.5).
    private mutating func end(
        at leaf: Certificate, policy: PathPolicy, now: Timestamp, budget: inout Budget
    ) throws(Refusal) {
        guard leaf.notBefore <= now else { throw .notYetValid(.leaf, notBefore: leaf.notBefore) }
        guard now <= leaf.notAfter else { throw .expired(.leaf, notAfter: leaf.notAfter) }
        try checkExtensions(of: leaf, at: .leaf)
        try checkFields(of: leaf, at: .leaf)
        try checkKey(of: leaf, policy: policy)
        if leaf.subject.isEmpty {
            // §4.1.2.6
            let isNamed = leaf.extensions.contains { $0.identifier == .subjectAlternativeName && $0.isCritical }
            guard isNamed else { throw .profileViolation(.leaf, .emptySubjectWithoutNames) }
        }
        if leaf.basicConstraints?.isAuthority != true {
            // §4.2.1.9, §4.2.1.10
            guard leaf.keyUsage?.contains(.keyCertSign) != true else {
                throw .profileViolation(.leaf, .keyCertSignWithoutAuthority)
            }
            guard leaf.nameConstraints == nil else { throw .profileViolation(.leaf, .nameConstraints) }
        }
        try names.check(leaf, budget: &budget)
        try policies.process(leaf, isSelfIssued: leaf.isSelfIssued, isLeaf: true, budget: &budget)
        try policies.end(at: leaf)
    }

    private func checkExtensions(of certificate: Certificate, at position: PathPosition) throws(Refusal) {
        if let unknown = certificate.unhandledCriticalExtensions.first {
            throw .unknownCriticalExtension(position, unknown)
        }
        let areNamesBound = certificate.extensions.contains { $0.identifier == .nameConstraints && !$0.isCritical }
        guard !areNamesBound else { throw .profileViolation(position, .nameConstraints) }
    }

    private func checkFields(of certificate: Certificate, at position: PathPosition) throws(Refusal) {
        guard !certificate.issuer.isEmpty else { throw .profileViolation(position, .emptyIssuer) }
        guard certificate.serial.isConforming else { throw .profileViolation(position, .serialNumber) }
    }

    private func checkKey(of leaf: Certificate, policy: PathPolicy) throws(Refusal) {
        guard let kind = KeyOutline.kind(of: leaf) else { throw .unsupportedAlgorithm(.leaf) }
        if let refusal = policy.strength.refusal(of: kind, at: .leaf) { throw refusal }
    }
}
