/// Which PKI a trust is about, and which half of it.
public enum TrustEnvironment: String, Hashable, Sendable, CaseIterable {
    /// IGC-Santé, production: nothing of TEST passes.
    case production
    /// IGC-Santé, TEST: nothing of production passes.
    case test
    /// Another PKI: certificates have no kind, and RFC 5280 alone decides.
    case generic
}
