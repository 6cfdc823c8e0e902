/// Reads tokens by the rules of one issuer, with the keys it has at present.
///
/// A function of bytes: it knows no connection, so what it finds holds until the token expires or the keys change. What
/// depends on the moment and on the caller's certificate is asked of its finding, each time: `AccessToken.check`.
public struct TokenVerifier: Sendable {
    /// What is asked of a token.
    public let rules: TokenRules
    /// The issuer's keys; nil where none could be had.
    public let keys: KeySet?

    /// A verifier.
    public init(rules: TokenRules, keys: KeySet?) {
        self.rules = rules
        self.keys = keys
    }

    /// Reads a JWT, and verifies its signature where that is asked for.
    public func read(_ text: Span<UInt8>) throws(TokenRefusal) -> AccessToken {
        let token = try SignedToken(text)
        guard rules.algorithms.contains(token.algorithm) else { throw .algorithm }
        guard rules.requiresSignature else {
            return try AccessToken(token.claims, proof: .none, rules: rules)
        }
        guard let keys else { throw .keysUnavailable }
        try token.verify(by: keys, text: text)
        try rules.check(token.claims)
        let access = try AccessToken(token.claims, proof: .signature, rules: rules)
        // RFC 9068 §2.2: an access token ends; one that does not could never be taken back.
        guard access.expires != nil else { throw .malformed(.claim) }
        return access
    }

    /// Reads what the issuer answers when it is asked about a token (RFC 7662 §2.2).
    public func read(introspection answer: Span<UInt8>) throws(TokenRefusal) -> AccessToken {
        guard let value = try? JSONReader.read(answer, limits: Limits.introspectionText), let claims = value.object,
            case .boolean(let isActive)? = claims["active"]
        else { throw .introspectionUnavailable }
        guard isActive else { throw .inactive }
        try rules.check(claims)
        return try AccessToken(claims, proof: .introspection, rules: rules)
    }
}
