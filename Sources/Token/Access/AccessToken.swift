public import Crypto
public import DER

/// What a token that was read says of itself, as far as it decides.
public struct AccessToken: Sendable {
    /// What its word rests on.
    public enum Proof: Hashable, Sendable {
        /// Nothing: no key of the issuer's is configured, and whoever holds the certificate may have written the token.
        case none
        /// The issuer's signature.
        case signature
        /// The issuer's answer when it was asked.
        case introspection
    }

    /// What its word rests on.
    public let proof: Proof
    /// `exp`: the first moment at which it is no longer taken.
    public let expires: Timestamp?
    /// `nbf`: the first moment at which it is taken.
    public let notBefore: Timestamp?
    /// The digest of the certificate that it is bound to; nil for a token that is bound to none.
    public let confirmation: SHA256Digest?
    /// `sub`, for people.
    public let subject: String?

    init(_ claims: JSONObject, proof: Proof, rules: TokenRules) throws(TokenRefusal) {
        self.proof = proof
        expires = try Self.moment(claims["exp"])
        notBefore = try Self.moment(claims["nbf"])
        _ = try Self.moment(claims["iat"])
        subject = claims["sub"]?.string.map { String(decoding: $0.prefix(256), as: UTF8.self) }
        switch claims["cnf"] {
        case .none: confirmation = nil
        case .object(let members):
            switch members["x5t#S256"] {
            case .none: confirmation = nil
            case .string(let text):
                // A value of neither form is that of no certificate, like one of another's.
                guard let digest = Confirmation.digest(of: text, acceptsHex: rules.acceptsHexThumbprint) else {
                    throw .bindingMismatch
                }
                confirmation = digest
            case .some: throw .malformed(.claim)
            }
        case .some: throw .malformed(.claim)
        }
    }

    private static func moment(_ value: JSONValue?) throws(TokenRefusal) -> Timestamp? {
        switch value {
        case .none: return nil
        case .number(let seconds): return Timestamp(secondsSinceEpoch: seconds)
        case .some: throw .malformed(.claim)
        }
    }

    /// Whether the token is in force, and bound to this certificate.
    public func check(
        certificate: SHA256Digest, at now: Timestamp, rules: TokenRules
    ) throws(TokenRefusal) {
        if let expires, now >= expires.adding(seconds: rules.clockSkewSeconds) { throw .expired }
        if let notBefore, now.adding(seconds: rules.clockSkewSeconds) < notBefore { throw .notYetValid }
        guard let confirmation else { throw .unbound }
        guard confirmation == certificate else { throw .bindingMismatch }
    }
}
