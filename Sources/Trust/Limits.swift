/// The bounds of this module, each with what it stands against.
public enum Limits {
    /// Intermediates between a leaf and its anchor, whatever a configuration says: deeper trees exist in test suites only,
    /// and each level multiplies the candidates.
    public static var maxDepth: Int { 32 }
    /// Certificates taken from a caller beside its leaf.
    ///
    /// OpenSSL bounds their bytes; this bounds the graph they can span.
    public static var presentedCertificates: Int { 32 }
    /// Bytes of the verified certificates, and of what was rendered from them, that one worker remembers: some ten
    /// thousand callers.
    public static var cacheBytes: Int { 64 << 20 }
    /// Bytes of the data of one ticket: a path of `maxDepth` with serial numbers of the greatest length.
    public static var ticketBytes: Int { 8 << 10 }
}

/// What one verification may cost.
///
/// A caller chooses the certificates it sends, so whatever grows with their number, or with the product of two numbers,
/// is counted; what is above is refused and not cut short in silence.
public struct Budget: Hashable, Sendable {
    /// What can be used up.
    public enum Bound: String, Hashable, Sendable {
        /// Certificates sent beside the leaf.
        case certificates
        /// Signatures checked.
        case signatures
        /// Certificates tried as the issuer of another.
        case candidates
        /// Names compared with name constraints.
        case nameComparisons = "name_comparisons"
        /// Nodes of the policy graph.
        case policyNodes = "policy_nodes"
    }

    /// Signatures checked.
    ///
    /// An RSA-4096 one takes 50 µs: a hundred are 5 ms, where a path needs two or three. CVE-2018-16875 (Go) is about
    /// certificates that cost seconds each.
    public var signatures = 100
    /// Certificates tried as the issuer of another.
    ///
    /// A mesh of n CAs that certify each other has n! paths; the largest real mesh, the US Federal Bridge, needs some
    /// hundreds. webpki counts 200 000 (`build_chain_calls`), after mozilla::pkix.
    public var candidates = 20_000
    /// Names compared with name constraints.
    ///
    /// Thousands of names times thousands of subtrees fit in 100 KiB of chain; Go's and webpki's bound is 250 000 too.
    public var nameComparisons = 250_000
    /// Nodes of the policy graph of one path.
    ///
    /// The tree of RFC 5280 §6.1 doubles at each level (CVE-2023-0464); the graph of RFC 9618 has at most a node for
    /// each policy of each certificate.
    public var policyNodes = 4_096

    /// The budget of a handshake.
    public init() {}

    mutating func spend(_ bound: Bound, _ count: Int = 1) throws(Refusal) {
        let left: WritableKeyPath<Budget, Int>
        switch bound {
        case .signatures: left = \.signatures
        case .candidates: left = \.candidates
        case .nameComparisons: left = \.nameComparisons
        case .policyNodes: left = \.policyNodes
        case .certificates: throw .budgetExceeded(bound)
        }
        guard self[keyPath: left] >= count else { throw .budgetExceeded(bound) }
        self[keyPath: left] -= count
    }
}
