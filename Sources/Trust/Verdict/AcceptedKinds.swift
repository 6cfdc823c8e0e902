public import IGCSante

/// Which kinds of certificate may pass: `accept` of a listener or a route.
public enum AcceptedKinds: Hashable, Sendable {
    /// Any certificate, of any kind or none: `accept: [ANY]`, under a generic trust.
    case any
    /// These alone.
    case only(Set<CertificateKind>)

    /// Whether a kind, or a certificate of none, passes.
    public func contains(_ kind: CertificateKind?) -> Bool {
        switch self {
        case .any: true
        // Asked at each request: to look at a few is cheaper than to hash one.
        case .only(let kinds): kind.map { kind in kinds.contains { $0 == kind } } ?? false
        }
    }

    /// The names as configured, sorted.
    var names: [String] {
        switch self {
        case .any: ["ANY"]
        case .only(let kinds): kinds.map(\.rawValue).sorted()
        }
    }
}
