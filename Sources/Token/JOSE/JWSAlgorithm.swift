internal import Crypto

/// How a token may be signed: the asymmetric algorithms of RFC 7518 and RFC 8037 that are in use.
///
/// `none` and the HMAC family are no members, so that no configuration and no token can bring them in.
public enum JWSAlgorithm: String, Hashable, Sendable, CaseIterable {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    case rs256 = "RS256"
    /// RSASSA-PSS with SHA-256.
    case ps256 = "PS256"
    /// ECDSA on P-256 with SHA-256.
    case es256 = "ES256"
    /// EdDSA on Ed25519.
    case edDSA = "EdDSA"

    init?(_ name: [UInt8]) {
        guard let known = Self.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name) }) else { return nil }
        self = known
    }

    /// The same for the cryptographic library.
    var signature: SignatureAlgorithm {
        switch self {
        case .rs256: .rsaPKCS1(.sha256)
        case .ps256: .rsaPSS(digest: .sha256, mask: .sha256, saltLength: 32)
        case .es256: .ecdsa(.sha256)
        case .edDSA: .ed25519
        }
    }

    /// Whether a key of this kind makes such signatures (RFC 7518 §3.3 to §3.5).
    func fits(_ kind: KeyKind) -> Bool {
        switch (self, kind) {
        case (.rs256, .rsa(let bits)), (.ps256, .rsa(let bits)):
            bits >= Limits.rsaModulusBits && bits <= Crypto.Limits.rsaModulusBits
        case (.es256, .ec(let curve)): curve == "prime256v1"
        case (.edDSA, .ed25519): true
        default: false
        }
    }
}
