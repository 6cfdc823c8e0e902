internal import X509

/// Where the names of the next certificates may lie: permitted_subtrees and excluded_subtrees of RFC 5280 §6.1.
///
/// The subtrees of each CA are kept apart instead of being intersected: a name must lie within those of every CA that
/// speaks of its form, which is the same and needs no algebra.
struct NameSpace {
    private var permitted: [[GeneralName]] = []
    private var excluded: [GeneralName] = []

    /// Adds a CA's constraints.
    ///
    /// - Throws: `Refusal.profileViolation` for one that could not be compared with anything.
    mutating func narrow(by constraints: NameConstraints) throws(Refusal) {
        for subtree in (constraints.permitted ?? []) + (constraints.excluded ?? []) {
            guard NameMatching.isConstraint(subtree.base) else {
                throw .profileViolation(.issuer, .nameConstraints)
            }
        }
        if let subtrees = constraints.permitted { permitted.append(subtrees.map(\.base)) }
        if let subtrees = constraints.excluded { excluded += subtrees.map(\.base) }
    }

    /// Checks every name of a certificate.
    ///
    /// - Throws: `Refusal.nameConstraint`, or `.budgetExceeded`.
    func check(_ certificate: Certificate, budget: inout Budget) throws(Refusal) {
        guard !permitted.isEmpty || !excluded.isEmpty else { return }
        if !certificate.subject.isEmpty { try check(.directory(certificate.subject), budget: &budget) }
        // §4.2.1.10 binds emailAddress when there are no alternative names; it is bound always, or an added rfc822Name
        // would free the one in the subject.
        for address in certificate.subject.values(of: .emailAddress) { try check(.email(address), budget: &budget) }
        for name in certificate.subjectAlternativeNames ?? [] { try check(name, budget: &budget) }
    }

    private func check(_ name: GeneralName, budget: inout Budget) throws(Refusal) {
        for base in excluded where NameMatching.haveSameForm(name, base) {
            try budget.spend(.nameComparisons)
            guard NameMatching.match(name, base, whenUnsure: true) == false else { throw .nameConstraint }
        }
        for subtrees in permitted {
            var isBound = false
            var isWithin = false
            for base in subtrees where NameMatching.haveSameForm(name, base) {
                isBound = true
                try budget.spend(.nameComparisons)
                isWithin = NameMatching.match(name, base, whenUnsure: false)
                if isWithin { break }
            }
            guard !isBound || isWithin else { throw .nameConstraint }
        }
    }
}
