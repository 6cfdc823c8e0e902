import HTTP
import Testing

@Suite("Paths as routes compare them")
struct PathNormalizerTests {
    typealias Findings = PathNormalizer.Findings

    @Test(
        "a path has one normal form (RFC 3986 §6.2.2)",
        arguments: [
            ("/", "/", []), ("/a", "/a", []), ("/a/", "/a/", []), ("/a/b/c", "/a/b/c", []),
            // Percent-encodings: decoded where they mean nothing, upper-case where they do.
            ("/%61%7E%2D", "/a~-", []), ("/a%c3%a9", "/a%C3%A9", []), ("/%3f%23%3B", "/%3F%23%3B", []),
            ("/a|b{c}", "/a%7Cb%7Bc%7D", []), ("/a%7cb", "/a%7Cb", []), ("/%25%32%65", "/%252e", []),
            ("/a:b@c!$&'()*+,;=", "/a:b@c!$&'()*+,;=", []),
            // RFC 3986 §5.4.
            ("/b/c/./g", "/b/c/g", [.dotSegment]), ("/b/c/.", "/b/c/", [.dotSegment]),
            ("/b/c/..", "/b/", [.dotSegment]), ("/b/c/../g", "/b/g", [.dotSegment]),
            ("/b/c/../../g", "/g", [.dotSegment]), ("/b/c/../../../g", "/g", [.dotSegment, .aboveRoot]),
            ("/..", "/", [.dotSegment, .aboveRoot]), ("/.", "/", [.dotSegment]),
            ("/../", "/", [.dotSegment, .aboveRoot]),
            ("/g.", "/g.", []), ("/.g", "/.g", []), ("/g..", "/g..", []), ("/..g", "/..g", []), ("/...", "/...", []),
            // Encoded dots are dots.
            ("/a/%2e%2e/b", "/b", [.dotSegment]), ("/a/.%2E/b", "/b", [.dotSegment]),
            ("/a/%2e/b", "/a/b", [.dotSegment]),
            // Empty segments are merged.
            ("//admin", "/admin", [.emptySegment]), ("/a//b///c", "/a/b/c", [.emptySegment]),
            ("/a//../b", "/b", [.emptySegment, .dotSegment]), ("/a/./", "/a/", [.dotSegment]),
            // What servers disagree about.
            ("/a%2Fb", "/a%2Fb", [.encodedSlash]), ("/a/..%2fb", "/a/..%2Fb", [.encodedSlash]),
            ("/a\\b", "/a%5Cb", [.backslash]), ("/a%5cb", "/a%5Cb", [.backslash]),
            ("/a/..\\b", "/a/..%5Cb", [.backslash]),
            ("/a%0d%0aB:", "/a%0D%0AB:", [.encodedControl]), ("/%7f", "/%7F", [.encodedControl]),
            ("/a/..;x=y/b", "/a/..;x=y/b", [.disguisedDotSegment]), ("/a/.;/b", "/a/.;/b", [.disguisedDotSegment]),
            ("/a/%2e%2e%3bx/b", "/a/..%3Bx/b", [.disguisedDotSegment]),
        ] as [(String, String, Findings)])
    func normalForms(_ path: String, _ normal: String, _ findings: Findings) throws {
        var buffer: [UInt8] = Array("left over".utf8)
        let found = try PathNormalizer.normalize(Array(path.utf8).span, into: &buffer)
        #expect(buffer.span.text == normal)
        #expect(found == findings)
    }

    @Test(
        "what is no path is refused",
        arguments: [
            ("", .notAbsolute), ("a", .notAbsolute), ("*", .notAbsolute), ("%2Fa", .notAbsolute),
            ("/%", .malformedPercentEncoding), ("/%4", .malformedPercentEncoding), ("/%zz", .malformedPercentEncoding),
            ("/%u0041", .malformedPercentEncoding), ("/a%", .malformedPercentEncoding),
            ("/%%41", .malformedPercentEncoding),
            ("/%00", .null), ("/a%00.html", .null),
            // Overlong "/", ".", NUL; a surrogate; beyond U+10FFFF; cut off; a lone continuation; Latin-1.
            ("/%c0%af", .invalidUTF8), ("/%c0%ae%c0%ae/", .invalidUTF8), ("/%e0%80%af", .invalidUTF8),
            ("/%f0%80%80%af", .invalidUTF8), ("/%c0%80", .invalidUTF8), ("/%ed%a0%80", .invalidUTF8),
            ("/%f4%90%80%80", .invalidUTF8), ("/%f5%80%80%80", .invalidUTF8), ("/%c3", .invalidUTF8),
            ("/%c3/", .invalidUTF8), ("/%c3a9", .invalidUTF8), ("/%80", .invalidUTF8), ("/caf%e9", .invalidUTF8),
            ("/%c3%", .malformedPercentEncoding), ("/%ff", .invalidUTF8),
            ("/é", .forbiddenCharacter), ("/a b", .forbiddenCharacter), ("/a\tb", .forbiddenCharacter),
        ] as [(String, PathNormalizer.Fault)])
    func faults(_ path: String, _ fault: PathNormalizer.Fault) {
        var buffer: [UInt8] = []
        #expect(throws: fault) { try PathNormalizer.normalize(Array(path.utf8).span, into: &buffer) }
    }

    @Test("a visible character stays if RFC 3986 §3.3 lets it, else it is encoded, alone or beside a dot segment")
    func characters() throws {
        let kept = Set("!$&'()*+,;=:@-._~/0123456789".utf8)
        for byte in UInt8(0x21)...0x7E where byte != 0x25 {
            let isKept = kept.contains(byte) || Octet.isLetter(byte)
            let written = isKept ? [byte] : [0x25, Octet.hexDigit(byte >> 4), Octet.hexDigit(byte)]
            var buffer: [UInt8] = []
            for (path, before) in [("/a", "/a"), ("/b/../a", "/a")] {
                _ = try PathNormalizer.normalize((Array(path.utf8) + [byte]).span, into: &buffer)
                #expect(buffer == Array(before.utf8) + written)
            }
        }
    }

    @Test(
        "parameters are cut off segments as servlet containers do",
        arguments: [
            ("/admin;x", "/admin"), ("/admin;x/y", "/admin/y"), ("/;/admin", "/admin"), ("/a/;x;y/b", "/a/b"),
            ("/admin%3Bx/y", "/admin/y"), ("/admin", nil), ("/a%3A", nil), ("/a%3", nil), ("/", nil),
        ] as [(String, String?)])
    func parameters(_ path: String, _ expected: String?) {
        let bytes = Array(path.utf8)
        let bare = PathNormalizer.withoutParameters(bytes.span).map { $0.span.text }
        #expect(bare == expected)
    }

    @Test("all of Unicode passes percent-encoded, and normal forms are normal")
    func unicode() throws {
        var buffer: [UInt8] = []
        var again: [UInt8] = []
        for value in stride(from: UInt32(0x21), through: 0x10FFFF, by: 97) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            var path = Array("/".utf8)
            for byte in String(scalar).utf8 {
                path.append(0x25)
                path.append(Octet.hexDigit(byte >> 4))
                path.append(Octet.hexDigit(byte))
            }
            _ = try PathNormalizer.normalize(path.span, into: &buffer)
            _ = try PathNormalizer.normalize(buffer.span, into: &again)
            #expect(buffer == again)
        }
    }
}
