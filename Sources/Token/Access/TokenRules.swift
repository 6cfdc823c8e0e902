/// What is asked of the tokens of one issuer.
public struct TokenRules: Hashable, Sendable {
    /// Whether the issuer's signature has to be there.
    ///
    /// Without it the binding alone is checked.
    public var requiresSignature = false
    /// With which algorithms a token may be signed.
    public var algorithms = Set(JWSAlgorithm.allCases)
    /// What `iss` has to be; nil for anything.
    public var issuer: String?
    /// One of which `aud` has to hold; empty for anything.
    public var audiences: [String] = []
    /// How far the issuer's clock may be off, in seconds.
    public var clockSkewSeconds: Int64 = 30
    /// Whether `x5t#S256` may be base64 of the hexadecimal digits.
    public var acceptsHexThumbprint = false

    /// The binding alone.
    public init() {}

    /// Whether the claims name the issuer and one of the audiences.
    func check(_ claims: JSONObject) throws(TokenRefusal) {
        if let issuer {
            guard claims["iss"]?.string?.elementsEqual(issuer.utf8) == true else { throw .issuer }
        }
        guard !audiences.isEmpty else { return }
        let named: [JSONValue] =
            switch claims["aud"] {
            case .array(let values): values
            case .some(let value): [value]
            case .none: []
            }
        guard named.contains(where: { value in audiences.contains { value.string?.elementsEqual($0.utf8) == true } })
        else { throw .audience }
    }
}
