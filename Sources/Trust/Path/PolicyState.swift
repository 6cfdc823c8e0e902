internal import DER
internal import X509

/// The policy variables of RFC 5280 §6.1.2 and what each certificate does to them.
///
/// The tree is RFC 9618's graph.
struct PolicyState {
    private var graph: PolicyGraph? = PolicyGraph()
    private let wanted: Set<ObjectIdentifier>
    private var explicitPolicy: Int
    private var policyMapping: Int
    private var inhibitAnyPolicy: Int

    /// The state before the first of `pathLength` certificates.
    init(_ policy: PathPolicy, pathLength: Int) {
        wanted = policy.policies.contains(.anyPolicy) ? [] : policy.policies
        explicitPolicy = policy.requiresExplicitPolicy ? 0 : pathLength + 1
        policyMapping = policy.inhibitsPolicyMapping ? 0 : pathLength + 1
        inhibitAnyPolicy = policy.inhibitsAnyPolicy ? 0 : pathLength + 1
    }

    /// §6.1.3 (d), (e), (f).
    mutating func process(
        _ certificate: Certificate, isSelfIssued: Bool, isLeaf: Bool, budget: inout Budget
    ) throws(Refusal) {
        if let policies = certificate.policies {
            let takesAny = inhibitAnyPolicy > 0 || (!isLeaf && isSelfIssued)
            try graph?.grow(policies.map(\.identifier), takesAny: takesAny, budget: &budget)
            if graph?.isEmpty == true { graph = nil }
        } else {
            graph = nil
        }
        guard explicitPolicy > 0 || graph != nil else { throw .policyNotAccepted }
    }

    /// §6.1.4 (a), (b).
    mutating func map(_ mappings: [PolicyMapping], budget: inout Budget) throws(Refusal) {
        guard !mappings.isEmpty else { return }
        var targets: [ObjectIdentifier: Set<ObjectIdentifier>] = [:]
        for mapping in mappings {
            guard mapping.issuerDomain != .anyPolicy, mapping.subjectDomain != .anyPolicy else {
                throw .profileViolation(.issuer, .anyPolicyMapped)
            }
            targets[mapping.issuerDomain, default: []].insert(mapping.subjectDomain)
        }
        if policyMapping > 0 {
            try graph?.map(targets, budget: &budget)
        } else {
            graph?.remove(Set(targets.keys))
            if graph?.isEmpty == true { graph = nil }
        }
    }

    /// §6.1.4 (h): not for self-issued certificates.
    mutating func countDown() {
        explicitPolicy = max(0, explicitPolicy - 1)
        policyMapping = max(0, policyMapping - 1)
        inhibitAnyPolicy = max(0, inhibitAnyPolicy - 1)
    }

    /// §6.1.4 (i), (j).
    mutating func constrain(by authority: Certificate) {
        if let constraints = authority.policyConstraints {
            explicitPolicy = min(explicitPolicy, constraints.requireExplicitPolicy ?? explicitPolicy)
            policyMapping = min(policyMapping, constraints.inhibitPolicyMapping ?? policyMapping)
        }
        inhibitAnyPolicy = min(inhibitAnyPolicy, authority.inhibitAnyPolicy ?? inhibitAnyPolicy)
    }

    /// §6.1.5 (a), (b), (g): the wrap-up.
    mutating func end(at leaf: Certificate) throws(Refusal) {
        explicitPolicy = max(0, explicitPolicy - 1)
        if leaf.policyConstraints?.requireExplicitPolicy == 0 { explicitPolicy = 0 }
        guard explicitPolicy == 0 else { return }
        guard let authorityConstrained = graph?.authorityConstrainedPolicies, !authorityConstrained.isEmpty else {
            throw .policyNotAccepted
        }
        let isWanted =
            wanted.isEmpty || authorityConstrained.contains(.anyPolicy)
            || !authorityConstrained.isDisjoint(with: wanted)
        guard isWanted else { throw .policyNotAccepted }
    }
}
