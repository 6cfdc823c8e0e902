import Crypto
import DER

@testable import Token

/// The moment at which the tests' tokens are looked at.
let noon = Timestamp(secondsSinceEpoch: 1_800_000_000)

/// A thumbprint of a certificate that nobody has.
let thumbprint = SHA256.digest(of: Array("certificate".utf8).span)

/// A key with which tests sign, and what a key set says of it.
struct SigningKey {
    let algorithm: JWSAlgorithm
    let key: PrivateKey
    let members: String

    init(_ algorithm: JWSAlgorithm) throws {
        self.algorithm = algorithm
        switch algorithm {
        case .rs256, .ps256:
            key = try PrivateKey.generate(.rsa(bits: 2048))
            let info = try key.publicKeyInfo
            // 24 bytes of SubjectPublicKeyInfo, then SEQUENCE, INTEGER 00 n, INTEGER 65537.
            let modulus = Array(info[(info.count - 261)..<(info.count - 5)])
            members = "\"kty\":\"RSA\",\"n\":\"\(encode(modulus))\",\"e\":\"AQAB\""
        case .es256:
            key = try PrivateKey.generate(.p256)
            let point = try key.publicKeyInfo.suffix(64)
            members = """
                "kty":"EC","crv":"P-256","x":"\(encode(Array(point.prefix(32))))","y":"\(encode(Array(point.suffix(32))))"
                """
        case .edDSA:
            key = try PrivateKey.generate(.ed25519)
            members = "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"\(encode(try key.publicKeyInfo.suffix(32)))\""
        }
    }

    func webKey(_ more: String = "") -> String { "{\(members)\(more.isEmpty ? "" : ",")\(more)}" }

    func set(_ more: String = "") throws -> KeySet { try KeySet(Array("{\"keys\":[\(webKey(more))]}".utf8).span) }

    /// A token with this header and these claims, signed.
    func token(_ claims: String, header: String? = nil) throws -> [UInt8] {
        let header = header ?? "{\"alg\":\"\(algorithm.rawValue)\",\"typ\":\"at+jwt\"}"
        var text = Array("\(encode(Array(header.utf8))).\(encode(Array(claims.utf8)))".utf8)
        var signature = try key.sign(text.span, algorithm: algorithm.signature)
        if algorithm == .es256 { signature = ECDSASignature.joined(of: signature) ?? [] }
        text.append(UInt8(ascii: "."))
        text += Array(encode(signature).utf8)
        return text
    }
}

func encode(_ bytes: [UInt8]) -> String { Base64.encode(bytes.span, variant: .url) }

/// Claims of a token that passes, with some of them otherwise; nil leaves one out.
func claims(_ changes: [String: String?] = [:]) -> String {
    var members = [
        "iss": "\"https://as.example\"", "aud": "\"https://api.example\"", "exp": "1800003600", "nbf": "1799996400",
        "cnf": "{\"x5t#S256\":\"\(thumbprint.base64URL)\"}",
    ]
    for (name, value) in changes { members[name] = value }
    return "{" + members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
}

/// The rules of an issuer whose signature is verified.
var strictRules: TokenRules {
    var rules = TokenRules()
    rules.requiresSignature = true
    rules.issuer = "https://as.example"
    rules.audiences = ["https://api.example"]
    return rules
}

/// What a token comes to: nil when it passes.
func outcome(
    of token: [UInt8], keys: KeySet?, rules: TokenRules = strictRules, certificate: SHA256Digest = thumbprint,
    at now: Timestamp = noon
) -> TokenRefusal? {
    do throws(TokenRefusal) {
        let access = try TokenVerifier(rules: rules, keys: keys).read(token.span)
        try access.check(certificate: certificate, at: now, rules: rules)
        return nil
    } catch {
        return error
    }
}
