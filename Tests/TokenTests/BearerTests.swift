import Crypto
import DER
import Testing

@testable import Token

@Suite("Bearer credentials")
struct BearerTests {
    private func token(in text: String) -> Result<String?, TokenRefusal> {
        let bytes = Array(text.utf8)
        var range: Range<Int>?
        do throws(TokenRefusal) {
            range = try BearerCredentials.token(in: bytes.span)
        } catch {
            return .failure(error)
        }
        guard let range else { return .success(nil) }
        return .success(String(decoding: bytes[range], as: UTF8.self))
    }

    @Test(
        "are found whatever the case of the scheme",
        arguments: ["Bearer abc", "bearer abc", "BEARER   abc"])
    func found(text: String) { #expect(token(in: text) == .success("abc")) }

    @Test(
        "are none under another scheme", arguments: ["Basic abc", "Bearer", "Bearerabc", "", "DPoP abc", "Bearer\tabc"])
    func absent(text: String) { #expect(token(in: text) == .success(nil)) }

    @Test(
        "are one token and nothing else",
        arguments: ["Bearer ", "Bearer a b", "Bearer a,b", "Bearer =", "Bearer a=b", "Bearer é"])
    func malformed(text: String) { #expect(token(in: text) == .failure(.malformed(.form))) }

    @Test("are bounded")
    func bounded() {
        #expect(token(in: "Bearer " + String(repeating: "a", count: Limits.token + 1)) == .failure(.tooLarge))
    }
}
