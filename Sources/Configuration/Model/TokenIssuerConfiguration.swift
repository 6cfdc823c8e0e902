/// One entry of `token_issuers`: who issues access tokens, and what is asked of them.
public struct TokenIssuerConfiguration: Hashable, Sendable {
    /// `jwks`: where the issuer's keys come from.
    public enum KeySource: Hashable, Sendable {
        /// A file, watched.
        case file(FileReference)
        /// An `http` or `https` URL; `jwks_ca` is whom to trust there instead of the system's CAs.
        case url(String, authorities: FileReference?)
    }

    /// An entry of `algorithms`.
    public enum Algorithm: String, Hashable, Sendable, CaseIterable {
        /// RSASSA-PKCS1-v1_5 with SHA-256.
        case rs256 = "RS256"
        /// RSASSA-PSS with SHA-256.
        case ps256 = "PS256"
        /// ECDSA on P-256.
        case es256 = "ES256"
        /// Ed25519.
        case edDSA = "EdDSA"
    }

    /// Its name in the file.
    public let name: String
    /// `jwks`; `nil` verifies no signature.
    public let keys: KeySource?
    /// `jwks_refresh`: between two fetches.
    public let refresh: Duration
    /// `issuer`: what `iss` has to be.
    public let issuer: String?
    /// `audience`: one of which `aud` has to hold; empty for anything.
    public let audiences: [String]
    /// `algorithms`.
    public let algorithms: [Algorithm]
    /// `clock_skew`.
    public let clockSkew: Duration
    /// `hex_thumbprint`: whether `x5t#S256` may be base64 of hexadecimal digits.
    public let acceptsHexThumbprint: Bool
    /// `introspection`: how opaque tokens are asked about.
    public let introspection: IntrospectionConfiguration?
    /// Where it is written.
    public let location: SourceLocation
}

/// `introspection` (RFC 7662).
public struct IntrospectionConfiguration: Hashable, Sendable {
    /// `upstream`: the authorization server, by its name in `upstreams`.
    public let upstream: String
    /// `path` of its introspection endpoint.
    public let path: String
    /// `client_id` and `client_secret_file`: HTTP Basic; `nil` where the upstream's TLS client certificate is enough.
    public let client: Client?
    /// `cache`: how long an answer is relied upon at the most.
    public let cache: Duration
    /// `timeout` of a question.
    public let timeout: Duration
    /// Where it is written.
    public let location: SourceLocation

    /// Who asks.
    public struct Client: Hashable, Sendable {
        /// `client_id`.
        public let identifier: String
        /// `client_secret_file`.
        public let secretFile: FileReference
    }
}

/// `signed_identity`: the key with which the gateway signs what it tells upstreams of callers.
public struct SignedIdentityConfiguration: Hashable, Sendable {
    /// `per`: how often one is signed.
    public enum Scope: String, Hashable, Sendable, CaseIterable {
        /// Once for a connection and an audience, until half its life is over.
        case connection
        /// For each request, whose id it holds.
        case request
    }

    /// `keys`: the first one signs, upstreams may find all of them.
    public let keys: [FileReference]
    /// `issuer`: what `iss` says.
    public let issuer: String
    /// `lifetime`: from `iat` to `exp`.
    public let lifetime: Duration
    /// `header`.
    public let header: String
    /// `per`.
    public let scope: Scope
    /// Where it is written.
    public let location: SourceLocation
}
