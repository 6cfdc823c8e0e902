internal import Token

/// Where the keys of an issuer come from.
enum KeySetSource: Hashable, Sendable {
    /// A file, looked at again and again.
    case file(path: String)
    /// A URL, and a file of CAs to trust there instead of the system's.
    case url(String, authorities: String?, refreshSeconds: Int64)
}

/// What one configuration asks of the tokens of one issuer, compiled for the workers.
final class TokenIssuerPlan: Sendable {
    /// Its name in the configuration; empty where only the binding is asked for.
    let name: String
    let rules: TokenRules
    /// Where its keys come from; nil where no signature is verified.
    let source: KeySetSource?
    /// The keys that the file held when the configuration was read.
    let keys: KeySet?
    /// How it is asked about opaque tokens.
    let introspection: IntrospectionPlan?

    init(
        name: String, rules: TokenRules, source: KeySetSource? = nil, keys: KeySet? = nil,
        introspection: IntrospectionPlan? = nil
    ) {
        self.name = name
        self.rules = rules
        self.source = source
        self.keys = keys
        self.introspection = introspection
    }

    /// Whether a token is one that only the issuer can read.
    func isOpaque(_ token: Span<UInt8>) -> Bool {
        introspection != nil && (source == nil || !SignedToken.hasForm(token))
    }
}
