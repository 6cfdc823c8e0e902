import Crypto
import DER
import Testing

@testable import Token

@Suite("A token")
struct TokenVerifierTests {
    @Test("passes, signed in each of the ways that are accepted", arguments: JWSAlgorithm.allCases)
    func passes(algorithm: JWSAlgorithm) throws {
        let key = try SigningKey(algorithm)
        #expect(outcome(of: try key.token(claims()), keys: try key.set()) == nil)
    }

    @Test("is the RFC's own: RFC 7515 A.3")
    func rfcExample() throws {
        let text = Array(
            ("eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290"
                + "Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")
                .utf8)
        let keys = try KeySet(
            Array(
                """
                {"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
                """.utf8
            ).span)
        var rules = TokenRules()
        rules.requiresSignature = true
        let token = try TokenVerifier(rules: rules, keys: keys).read(text.span)
        #expect(token.expires == Timestamp(secondsSinceEpoch: 1_300_819_380))
        #expect(token.proof == .signature)
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let refusal: TokenRefusal?
        let changes: [String: String?]
        var testDescription: String { name }

        init(_ name: String, _ refusal: TokenRefusal?, _ changes: [String: String?]) {
            self.name = name
            self.refusal = refusal
            self.changes = changes
        }
    }

    @Test(
        "is held to its claims",
        arguments: [
            Case("expired", .expired, ["exp": "1799999970"]),
            Case("expired within the skew", nil, ["exp": "1799999971"]),
            Case("expires in the far past", .expired, ["exp": "-9223372036854775808"]),
            Case("expires never", .malformed(.claim), ["exp": nil]),
            Case("exp as a text", .malformed(.claim), ["exp": "\"1800003600\""]),
            Case("exp with an exponent", .malformed(.claim), ["exp": "18e8"]),
            Case("exp with a fraction", nil, ["exp": "1800003600.75"]),
            Case("not yet valid", .notYetValid, ["nbf": "1800000031"]),
            Case("not yet valid within the skew", nil, ["nbf": "1800000030"]),
            Case("nbf at the end of time", .notYetValid, ["nbf": "9223372036854775807"]),
            Case("another issuer", .issuer, ["iss": "\"https://as.example/\""]),
            Case("no issuer", .issuer, ["iss": nil]),
            Case("issuer that Swift takes for the same text", .issuer, ["iss": "\"https://as.ex\u{0301}ample\""]),
            Case("another audience", .audience, ["aud": "[\"https://other.example\"]"]),
            Case("one audience among others", nil, ["aud": "[\"x\",\"https://api.example\"]"]),
            Case("no audience", .audience, ["aud": nil]),
            Case("audience in an object", .audience, ["aud": "{\"a\":\"https://api.example\"}"]),
            Case("bound to nothing", .unbound, ["cnf": nil]),
            Case("bound to a key", .unbound, ["cnf": "{\"jkt\":\"abc\"}"]),
            Case("cnf as a text", .malformed(.claim), ["cnf": "\"x\""]),
            Case("thumbprint as a number", .malformed(.claim), ["cnf": "{\"x5t#S256\":1}"]),
            Case("empty thumbprint", .bindingMismatch, ["cnf": "{\"x5t#S256\":\"\"}"]),
            Case("thumbprint in hexadecimal", .bindingMismatch, ["cnf": "{\"x5t#S256\":\"\(thumbprint.hex)\"}"]),
            Case("thumbprint padded", .bindingMismatch, ["cnf": "{\"x5t#S256\":\"\(thumbprint.base64URL)=\"}"]),
        ])
    func claimsDecide(one: Case) throws {
        let key = try Self.key()
        #expect(outcome(of: try key.token(claims(one.changes)), keys: try key.set()) == one.refusal)
    }

    @Test("that was stolen does not pass with the thief's certificate")
    func stolen() throws {
        let key = try Self.key()
        let other = SHA256.digest(of: Array("thief".utf8).span)
        #expect(outcome(of: try key.token(claims()), keys: try key.set(), certificate: other) == .bindingMismatch)
    }

    @Test("may say its thumbprint as base64 of the hexadecimal digits only where that is switched on")
    func hexThumbprint() throws {
        let key = try Self.key()
        let text = Base64.encode(Array(thumbprint.hex.utf8).span)
        let token = try key.token(claims(["cnf": "{\"x5t#S256\":\"\(text)\"}"]))
        var rules = strictRules
        #expect(outcome(of: token, keys: try key.set(), rules: rules) == .bindingMismatch)
        rules.acceptsHexThumbprint = true
        #expect(outcome(of: token, keys: try key.set(), rules: rules) == nil)
        #expect(outcome(of: try key.token(claims()), keys: try key.set(), rules: rules) == nil)
        let example = Array(
            "YTIzYThiYThjNWNmNTYyZWVkMjE3YmRhM2Y1OWM1MzA3NzAyOWQyMWY4YzY4MjZiYzU2OGY4ODU0ODZhN2RhMA==".utf8)
        #expect(
            Confirmation.digest(of: example, acceptsHex: true)?.hex
                == "a23a8ba8c5cf562eed217bda3f59c53077029d21f8c6826bc568f885486a7da0")
    }

    @Test(
        "is held to its header",
        arguments: [
            ("{\"alg\":\"none\"}", TokenRefusal.algorithm), ("{\"alg\":\"None\"}", .algorithm),
            ("{\"alg\":\"HS256\"}", .algorithm), ("{\"alg\":\"ES384\"}", .algorithm), ("{}", .malformed(.header)),
            ("{\"alg\":[\"ES256\"]}", .malformed(.header)),
            ("{\"alg\":\"ES256\",\"crit\":[\"b64\"],\"b64\":false}", .malformed(.criticalHeader)),
            ("{\"alg\":\"ES256\",\"crit\":[]}", .malformed(.criticalHeader)),
            ("{\"alg\":\"ES256\",\"typ\":\"logout+jwt\"}", .malformed(.type)),
            ("{\"alg\":\"ES256\",\"kid\":7}", .malformed(.header)), ("{\"alg\":\"ES256\",\"kid\":\"b\"}", .keyUnknown),
            ("{\"alg\":\"ES256\",\"alg\":\"ES256\"}", .malformed(.json(.duplicateMember))),
            ("[\"alg\",\"ES256\"]", .malformed(.json(.syntax(at: 0)))),
            ("{\"alg\":\"RS256\"}", .keyUnknown),
        ])
    func headerDecides(header: String, refusal: TokenRefusal) throws {
        let key = try Self.key()
        #expect(outcome(of: try key.token(claims(), header: header), keys: try key.set("\"kid\":\"a\"")) == refusal)
    }

    @Test("passes whatever its header says of keys that it brings along, and only if the issuer signed it")
    func ownKeys() throws {
        let key = try Self.key()
        let stranger = try SigningKey(.es256)
        let header = "{\"alg\":\"ES256\",\"jwk\":\(stranger.webKey()),\"jku\":\"https://evil.example\",\"typ\":\"JWT\"}"
        #expect(outcome(of: try key.token(claims(), header: header), keys: try key.set()) == nil)
        #expect(outcome(of: try stranger.token(claims(), header: header), keys: try key.set()) == .signatureInvalid)
    }

    @Test("that a stranger signed, or that was changed, does not pass")
    func badSignatures() throws {
        let key = try Self.key()
        let keys = try key.set()
        #expect(outcome(of: try SigningKey(.es256).token(claims()), keys: keys) == .signatureInvalid)
        var parts = String(decoding: try key.token(claims()), as: UTF8.self).split(separator: ".").map(String.init)
        parts[1] = encode(Array(claims(["exp": "1900000000"]).utf8))
        #expect(outcome(of: Array(parts.joined(separator: ".").utf8), keys: keys) == .signatureInvalid)
        // The DER form is not JOSE's, and r = s = 0 is no signature (CVE-2022-21449).
        parts[2] = encode([UInt8](repeating: 0, count: 64))
        #expect(outcome(of: Array(parts.joined(separator: ".").utf8), keys: keys) == .signatureInvalid)
        parts[2] = encode([UInt8](repeating: 0x30, count: 70))
        #expect(outcome(of: Array(parts.joined(separator: ".").utf8), keys: keys) == .signatureInvalid)
    }

    @Test("signed by HMAC with the issuer's public key as secret is refused before any key is looked for")
    func algorithmConfusion() throws {
        let key = try SigningKey(.rs256)
        let token = try key.token(claims(), header: "{\"alg\":\"HS256\",\"typ\":\"JWT\"}")
        #expect(outcome(of: token, keys: try key.set()) == .algorithm)
    }

    @Test(
        "is not repaired when it is malformed",
        arguments: [
            ("", TokenRefusal.Fault.form), (".", .form), ("a.b", .form), ("a.b.c.d", .form),
            ("..", .json(.syntax(at: 0))),
            ("e30=.e30.AA", .encoding), ("e30.e30.AA", .header), ("e30 .e30.AA", .encoding),
            ("eyJhbGciOiJFUzI1NiJ9.e31.AA", .encoding), ("eyJhbGciOiJFUzI1NiJ9.e30.", .encoding),
            ("eyJhbGciOiJFUzI1NiJ9.e30.AB", .encoding), ("eyJhbGciOiJFUzI1NiJ9.e30.A+", .encoding),
            ("eyJhbGciOiJFUzI1NiJ9.IA.AA", .json(.syntax(at: 1))),
        ])
    func malformed(text: String, fault: TokenRefusal.Fault) throws {
        #expect(outcome(of: Array(text.utf8), keys: nil, rules: TokenRules()) == .malformed(fault))
    }

    @Test("larger than the limit is not read")
    func oversized() throws {
        let key = try Self.key()
        let token = try key.token(claims(["pad": "\"" + String(repeating: "x", count: 13_000) + "\""]))
        #expect(token.count > Limits.token)
        #expect(outcome(of: token, keys: try key.set()) == .tooLarge)
    }

    @Test("without keys of the issuer's cannot pass where its signature is asked for")
    func noKeys() throws {
        #expect(outcome(of: try Self.key().token(claims()), keys: nil) == .keysUnavailable)
    }

    @Test("is asked for its binding, and for dates it has, where no keys are configured; anybody may have signed it")
    func bindingAlone() throws {
        let key = try Self.key()
        let rules = TokenRules()
        #expect(outcome(of: try key.token(claims(["iss": "\"x\""])), keys: nil, rules: rules) == nil)
        #expect(outcome(of: try key.token(claims(["exp": nil])), keys: nil, rules: rules) == nil)
        #expect(outcome(of: try key.token(claims(["exp": "1"])), keys: nil, rules: rules) == .expired)
        #expect(outcome(of: try key.token(claims(["cnf": nil])), keys: nil, rules: rules) == .unbound)
    }

    @Test("signed with an algorithm that the configuration leaves out is refused")
    func algorithmsNarrowed() throws {
        let key = try Self.key()
        var rules = strictRules
        rules.algorithms = [.ps256]
        #expect(outcome(of: try key.token(claims()), keys: try key.set(), rules: rules) == .algorithm)
    }

    private static func key() throws -> SigningKey { try SigningKey(.es256) }
}

@Suite("An answer to introspection")
struct IntrospectionTests {
    @Test("says what the token is bound to, or that it is not active")
    func answers() throws {
        let verifier = TokenVerifier(rules: strictRules, keys: nil)
        let active = Array(claims(["active": "true"]).utf8)
        let token = try verifier.read(introspection: active.span)
        #expect(token.proof == .introspection)
        #expect(token.confirmation == thumbprint)
        #expect(refusal(of: claims(["active": "false"])) == .inactive)
        #expect(refusal(of: "{\"active\":false}") == .inactive)
        #expect(refusal(of: claims()) == .introspectionUnavailable)
        #expect(refusal(of: claims(["active": "\"true\""])) == .introspectionUnavailable)
        #expect(refusal(of: "<html>") == .introspectionUnavailable)
        #expect(refusal(of: claims(["active": "true", "aud": "\"x\""])) == .audience)
    }

    private func refusal(of answer: String) -> TokenRefusal? {
        do throws(TokenRefusal) {
            _ = try TokenVerifier(rules: strictRules, keys: nil).read(introspection: Array(answer.utf8).span)
            return nil
        } catch {
            return error
        }
    }
}
