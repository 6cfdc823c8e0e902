internal import DER
internal import X509

/// The valid_policy_graph of RFC 9618: which policies hold at each depth of a path, and from which above they come.
///
/// A policy stands at most once at each depth, so the graph cannot double at each level as the tree of RFC 5280 does
/// (CVE-2023-0464).
struct PolicyGraph {
    private struct Node {
        /// expected_policy_set: the policies of the next certificate that continue this one.
        var expected: Set<ObjectIdentifier>
        /// valid_policy of the nodes at the depth above that it comes from.
        var parents: Set<ObjectIdentifier>
    }

    /// By depth, then by valid_policy.
    private var levels: [[ObjectIdentifier: Node]] = [[.anyPolicy: Node(expected: [.anyPolicy], parents: [])]]

    /// Whether no policy holds any more.
    var isEmpty: Bool { levels.last?.isEmpty ?? true }

    /// §6.1.3 (d): adds a depth for a certificate with these policies.
    mutating func grow(
        _ policies: [ObjectIdentifier], takesAny: Bool, budget: inout Budget
    ) throws(Refusal) {
        guard let above = levels.last else { return }
        // Which nodes above expect a policy, looked up once for all.
        var expecting: [ObjectIdentifier: Set<ObjectIdentifier>] = [:]
        for (policy, node) in above {
            try budget.spend(.policyNodes, node.expected.count)
            for expected in node.expected { expecting[expected, default: []].insert(policy) }
        }
        var level: [ObjectIdentifier: Node] = [:]
        for policy in policies where policy != .anyPolicy {
            let parents = expecting[policy] ?? (above[.anyPolicy] == nil ? [] : [.anyPolicy])
            guard !parents.isEmpty else { continue }
            try budget.spend(.policyNodes)
            level[policy] = Node(expected: [policy], parents: parents)
        }
        if takesAny, policies.contains(.anyPolicy) {
            for (policy, parents) in expecting where level[policy] == nil {
                try budget.spend(.policyNodes)
                level[policy] = Node(expected: [policy], parents: parents)
            }
        }
        levels.append(level)
        prune()
    }

    /// §6.1.4 (b)(1): the policies above continue as others below.
    mutating func map(
        _ targets: [ObjectIdentifier: Set<ObjectIdentifier>], budget: inout Budget
    ) throws(Refusal) {
        let last = levels.count - 1
        let hasAny = levels[last][.anyPolicy] != nil
        for (policy, mapped) in targets {
            if levels[last][policy] != nil {
                levels[last][policy]?.expected = mapped
            } else if hasAny {
                try budget.spend(.policyNodes)
                levels[last][policy] = Node(expected: mapped, parents: [.anyPolicy])
            }
        }
    }

    /// §6.1.4 (b)(2): mapping is inhibited, so what would be mapped ends here.
    mutating func remove(_ policies: Set<ObjectIdentifier>) {
        let last = levels.count - 1
        for policy in policies { levels[last][policy] = nil }
        prune()
    }

    /// authority_constrained_policy_set, in the anchor's own domain: the policies that come from anyPolicy, and anyPolicy
    /// itself when it holds down to the leaf.
    var authorityConstrainedPolicies: Set<ObjectIdentifier> {
        var policies: Set<ObjectIdentifier> = []
        for level in levels {
            for (policy, node) in level where policy != .anyPolicy && node.parents.contains(.anyPolicy) {
                policies.insert(policy)
            }
        }
        if levels.last?[.anyPolicy] != nil { policies.insert(.anyPolicy) }
        return policies
    }

    /// Removes the nodes that nothing comes from, from below upwards.
    private mutating func prune() {
        for depth in levels.indices.dropLast().reversed() {
            let used = levels[depth + 1].values.reduce(into: Set<ObjectIdentifier>()) { $0.formUnion($1.parents) }
            for policy in levels[depth].keys where !used.contains(policy) { levels[depth][policy] = nil }
        }
    }
}
