import HTTP
import Testing

@Suite("Host and port")
struct AuthorityTests {
    @Test(
        "an authority is read",
        arguments: [
            ("gateway.example", "gateway.example", nil), ("gateway.example:443", "gateway.example", 443),
            ("a", "a", nil), ("a:", "a", nil), ("a:1", "a", 1), ("a:65535", "a", 65535), ("a:00080", "a", 80),
            ("127.0.0.1:8443", "127.0.0.1", 8443), ("[::1]", "[::1]", nil), ("[::1]:443", "[::1]", 443),
            ("[2001:db8::8:800:200c:417a]", "[2001:db8::8:800:200c:417a]", nil), ("[::]", "[::]", nil),
            ("[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7:8]", nil), ("[::ffff:192.0.2.1]", "[::ffff:192.0.2.1]", nil),
            ("[1:2:3:4:5:6:192.0.2.1]:1", "[1:2:3:4:5:6:192.0.2.1]", 1), ("[1::]", "[1::]", nil),
            ("under_score.example", "under_score.example", nil),
        ] as [(String, String, UInt16?)])
    func valid(_ text: String, _ host: String, _ port: UInt16?) throws {
        let bytes = Array(text.utf8)
        let read = Authority(0..<bytes.count, in: bytes.span)
        let authority = try #require(read)
        #expect(bytes.span.extracting(authority.host).text == host)
        #expect(authority.port == port)
    }

    @Test(
        "what is no authority, or not the same to everybody, is refused",
        arguments: [
            "", ":", ":80", "a:0", "a:65536", "a:99999999999999999999", "a:8 0", "a: 80", "a:+80", "a:80:80", "a b",
            "user@a", "a/b", "a?b", "a#b", "a\\b", "a,b", "a%2Eb", "a\0", "é", "[", "[]", "[::1", "::1", "[::1]a",
            "[::1]:x",
            "[1]", "[1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:8:9]", "[1:2:3:4:5:6:7:8::]", "[1::2::3]", "[:::]", "[12345::]",
            "[::g]", "[::1%25eth0]", "[1:2:3:4:5:6:7:]", "[:1:2:3:4:5:6:7]", "[::192.0.2]", "[::192.0.2.256]",
            "[::192.0.2.01]", "[::192.0.2.1.1]", "[v1.a]",
        ])
    func invalid(_ text: String) {
        let bytes = Array(text.utf8)
        #expect(Authority(0..<bytes.count, in: bytes.span) == nil)
    }
}
