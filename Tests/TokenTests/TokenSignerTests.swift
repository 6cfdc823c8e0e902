import Crypto
import DER
import Testing

@testable import Token

@Suite("A token of the gateway's own")
struct TokenSignerTests {
    @Test("is verified by the key set that is published for it")
    func roundTrip() throws {
        let signer = try TokenSigner(try PrivateKey.generate(.p256))
        var writer = ClaimsWriter()
        writer.add("iss", "https://as.example")
        writer.add("aud", "https://api.example")
        writer.add("exp", 1_800_003_600)
        writer.add("name", "D'\"É\\\n")
        writer.add("cnf", "x5t#S256", thumbprint.base64URL)
        let published = Array(TokenSigner.webKeySet(of: [signer]).utf8)
        let keys = try KeySet(published.span)
        for _ in 0..<20 {
            let token = try signer.sign(writer)
            #expect(outcome(of: token, keys: keys) == nil)
        }
        let token = try signer.sign(writer)
        let read = try SignedToken(token.span)
        #expect(read.claims["name"]?.string == Array("D'\"É\\\n".utf8))
        #expect(read.keyIdentifier == Array(signer.keyIdentifier.utf8))
    }

    @Test("is made with a key on P-256 only")
    func otherKeys() throws {
        let key = try PrivateKey.generate(.ed25519)
        #expect(throws: TokenSigner.Unusable.notP256) { try TokenSigner(key) }
    }
}
