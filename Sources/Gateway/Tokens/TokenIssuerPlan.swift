internal import Token

/// Where the keys of an issuer come from: what known keys are known by.
///
/// How often they are fetched is no part of it, so that keys outlive a change of that.
enum KeySetSource: Hashable, Sendable {
    /// A file, looked at again and again.
    case file(path: String)
    /// A URL, and a file of CAs to trust there instead of the system's.
    case url(String, authorities: String?)
}

/// A source of keys, and how often it is asked.
struct KeySetOrder: Sendable {
    let source: KeySetSource
    /// Seconds between two fetches of a URL.
    let refreshSeconds: Int64

    /// What these issuers ask for, each source once: as often as the most eager of them wants.
    static func orders(of issuers: [TokenIssuerPlan]) -> [KeySetOrder] {
        var seconds: [KeySetSource: Int64] = [:]
        for issuer in issuers {
            guard let source = issuer.source else { continue }
            seconds[source] = min(seconds[source] ?? .max, issuer.refreshSeconds)
        }
        return seconds.map { KeySetOrder(source: $0.key, refreshSeconds: $0.value) }
    }
}

/// What one configuration asks of the tokens of one issuer, compiled for the workers.
final class TokenIssuerPlan: Sendable {
    /// Its name in the configuration; empty where only the binding is asked for.
    let name: String
    let rules: TokenRules
    /// Where its keys come from; nil where no signature is verified.
    let source: KeySetSource?
    /// Seconds between two fetches of its keys, where they come from a URL.
    let refreshSeconds: Int64
    /// The keys that the file held when the configuration was read.
    let keys: KeySet?
    /// How it is asked about opaque tokens.
    let introspection: IntrospectionPlan?

    init(
        name: String, rules: TokenRules, source: KeySetSource? = nil, refreshSeconds: Int64 = 3600,
        keys: KeySet? = nil, introspection: IntrospectionPlan? = nil
    ) {
        self.name = name
        self.rules = rules
        self.source = source
        self.refreshSeconds = refreshSeconds
        self.keys = keys
        self.introspection = introspection
    }

    /// Whether a token is one that only the issuer can read.
    func isOpaque(_ token: Span<UInt8>) -> Bool {
        introspection != nil && (source == nil || !SignedToken.hasForm(token))
    }
}
