import Crypto
import Testing

@Suite("Hexadecimal and base64")
struct CodingTests {
    @Test(
        "RFC 4648 §10 vectors go both ways",
        arguments: [
            ("", "", ""), ("f", "Zg==", "Zg"), ("fo", "Zm8=", "Zm8"), ("foo", "Zm9v", "Zm9v"),
            ("foob", "Zm9vYg==", "Zm9vYg"), ("fooba", "Zm9vYmE=", "Zm9vYmE"), ("foobar", "Zm9vYmFy", "Zm9vYmFy"),
            ("\u{FFFF}>?", "77+/Pj8=", "77-_Pj8"),
        ])
    func vectors(plain: String, standard: String, url: String) {
        let bytes = Array(plain.utf8)
        #expect(Base64.encode(array: bytes) == standard)
        #expect(Base64.encode(array: bytes, variant: .url) == url)
        #expect(Base64.decode(standard) == bytes)
        #expect(Base64.decode(url, variant: .url) == bytes)
    }

    @Test(
        "What is not canonical base64 is refused",
        arguments: ["Zg", "Zg=", "Zh==", "Zg===", "=Zg=", "Zm9v\n", "Zm 9v", "Zm9-", "Z", "===="])
    func refusedStandard(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test("What is not canonical base64url is refused", arguments: ["Zg==", "Zh", "Zm9+", "Z", "Zm9vY"])
    func refusedURL(text: String) {
        #expect(Base64.decode(text, variant: .url) == nil)
    }

    @Test("Hexadecimal goes both ways, in either case")
    func hexadecimal() {
        #expect(Hexadecimal.encode(array: [0x00, 0x0F, 0xA9, 0xFF]) == "000fa9ff")
        #expect(Hexadecimal.encode(array: [0xAB], letters: .uppercase) == "AB")
        #expect(Hexadecimal.decode("00fFaB") == [0x00, 0xFF, 0xAB])
    }

    @Test("What is not hexadecimal is refused", arguments: ["0", "0g", " 0", "0x00", "é"])
    func refusedHexadecimal(text: String) {
        #expect(Hexadecimal.decode(text) == nil)
    }
}

@Suite("Digests")
struct DigestTests {
    static let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @Test("SHA-256 of abc is that of FIPS 180-4, at once and piece by piece")
    func sha256() throws {
        #expect(SHA256.digest(ofArray: Array("abc".utf8)).hex == Self.abc)
        var hash = try SHA256()
        try hash.update(Array("a".utf8).span)
        try hash.update(Span())
        try hash.update(Array("bc".utf8).span)
        let digest = try hash.finalize()
        #expect(digest.hex == Self.abc)
        #expect(digest == SHA256Digest(hex: Self.abc))
        #expect(digest.bytes.count == 32)
        #expect(digest.base64URL == "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0")
    }

    @Test("SHA-1 of abc is that of FIPS 180-4")
    func sha1() {
        let digest = SHA1.digest(of: Array("abc".utf8).span)
        #expect(
            Hexadecimal.encode(array: digest) == "a9993e364706816aba3e25717850c26c9cd0d89d")
    }

    @Test("A digest of another length is none", arguments: [0, 31, 33])
    func lengths(count: Int) {
        #expect(SHA256Digest(array: [UInt8](repeating: 0, count: count)) == nil)
    }

    @Test("Random bytes are as many as asked for, and others each time")
    func random() throws {
        #expect(try randomBytes(0).isEmpty)
        #expect(try randomBytes(32).count == 32)
        #expect(try randomBytes(32) != randomBytes(32))
    }
}
