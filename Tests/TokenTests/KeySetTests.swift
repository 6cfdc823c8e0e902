import Crypto
import DER
import Testing

@testable import Token

@Suite("A key set")
struct KeySetTests {
    private func refusal(of text: String) -> KeySet.Malformed? {
        let bytes = Array(text.utf8)
        do throws(KeySet.Malformed) {
            _ = try KeySet(bytes.span)
        } catch {
            return error
        }
        return nil
    }

    @Test("is an object with a list of keys, of which one at least can be used")
    func form() {
        #expect(refusal(of: "<html>") == .json(.syntax(at: 0)))
        #expect(refusal(of: "[]") == .form)
        #expect(refusal(of: "{\"keys\":{}}") == .form)
        #expect(refusal(of: "{\"keys\":[]}") == .noKey)
    }

    @Test(
        "passes over keys that are not for this",
        arguments: [
            ("{\"kty\":\"oct\",\"k\":\"AAAA\"}", JSONWebKey.Unusable.unsupported),
            ("{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"AA\",\"y\":\"AA\"}", .unsupported),
            ("{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA\"}", .unsupported), ("7", .malformed), ("{}", .malformed),
            ("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}", .malformed),
            // On no curve.
            (
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"\(encode([UInt8](repeating: 1, count: 32)))\",\"y\":\"\(encode([UInt8](repeating: 1, count: 32)))\"}",
                .badKey
            ),
            // 1024 bits.
            ("{\"kty\":\"RSA\",\"n\":\"\(encode([UInt8](repeating: 0xFF, count: 128)))\",\"e\":\"AQAB\"}", .badKey),
            ("{\"kty\":\"RSA\",\"use\":\"enc\",\"n\":\"AA\",\"e\":\"AQAB\"}", .otherUse),
            ("{\"kty\":\"RSA\",\"key_ops\":[\"sign\"],\"n\":\"AA\",\"e\":\"AQAB\"}", .otherUse),
            ("{\"kty\":\"RSA\",\"n\":\"AQ==\",\"e\":\"AQAB\"}", .malformed),
        ])
    func unusable(key: String, reason: JSONWebKey.Unusable) throws {
        let good = try SigningKey(.es256)
        let text = Array("{\"keys\":[\(key),\(good.webKey())]}".utf8)
        let set = try KeySet(text.span)
        #expect(set.count == 1)
        #expect(set.unusable.map(\.reason) == [reason])
    }

    @Test("does not use a key whose private half it publishes")
    func privateHalf() throws {
        let key = try SigningKey(.edDSA)
        #expect(refusal(of: "{\"keys\":[\(key.webKey("\"d\":\"AAAA\""))]}") == .noKey)
    }

    @Test("gives a key only for the algorithm that it says it is for")
    func algorithm() throws {
        let key = try SigningKey(.rs256)
        let token = try key.token(claims())
        #expect(outcome(of: token, keys: try key.set("\"alg\":\"RS256\"")) == nil)
        #expect(outcome(of: token, keys: try key.set("\"alg\":\"PS256\"")) == .keyUnknown)
        #expect(outcome(of: token, keys: try key.set("\"kid\":\"a\"")) == nil)
    }
}
