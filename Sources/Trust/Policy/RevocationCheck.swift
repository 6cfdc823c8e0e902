/// Whose revocation is looked up at each admission.
///
/// What is done with CRLs past their nextUpdate is the revocation snapshot's own policy.
public enum RevocationCheck: String, Hashable, Sendable, CaseIterable {
    /// The leaf's and every intermediate's.
    case path
    /// The leaf's alone.
    case leaf
    /// Nobody's.
    case off
}
