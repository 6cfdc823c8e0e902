import HTTP
import Testing

@Suite("Field sections")
struct FieldSectionTests {
    private static func section(_ lines: [(String, String)]) -> FieldSection {
        var section = FieldSection()
        for (name, value) in lines {
            guard let name = FieldName(name) else { continue }
            section.append(name: name, value: Array(value.utf8))
        }
        return section
    }

    private static func text(_ section: FieldSection) -> [String] {
        section.lines.map {
            section.arena.span.extracting($0.name).text + ": " + section.arena.span.extracting($0.value).text
        }
    }

    @Test("a value that is appended cannot end its line")
    func injection() {
        var section = FieldSection()
        section.append(name: "X-A", value: Array("a\r\nX-B: b\0\u{7F}\tc".utf8))
        section.append(.via, value: Array("1.1 a\rb".utf8))
        #expect(FieldSectionTests.text(section) == ["X-A: a  X-B: b  \tc", "Via: 1.1 a b"])
    }

    @Test(
        "a line from outside is validated",
        arguments: [("a b", "c"), ("", "c"), ("a", "b\n"), ("a", " b"), ("a:", "b")])
    func validation(_ name: String, _ value: String) {
        var section = FieldSection()
        #expect(throws: MessageError.self) {
            try section.append(validating: Array(name.utf8).span, value: Array(value.utf8).span)
        }
        #expect(section.lines.isEmpty)
    }

    @Test("lines are found, joined and removed by what they are")
    func access() {
        var section = FieldSectionTests.section([("Via", "a"), ("X-B", "c"), ("VIA", "b"), ("Cookie", "d")])
        #expect(section.contains(.via))
        #expect(section.text(of: .via) == "a")
        #expect(section.value(named: "x-b") != nil)
        var joined: [UInt8] = []
        #expect(section.appendCombinedValue(of: .via, to: &joined))
        #expect(joined.span.text == "a, b")
        section.remove(.via)
        #expect(!section.contains(.via) && section.contains(.cookie))
        section.remove { _, name in name.equalsIgnoringCase("x-B") }
        #expect(FieldSectionTests.text(section) == ["Cookie: d"])
        section.reset()
        #expect(section.lines.isEmpty && section.arena.isEmpty && !section.contains(.cookie))
    }

    @Test(
        "hop-by-hop fields go, and no nomination takes what the upstream has to see",
        arguments: [
            // Always removed, nominated or not.
            (["Connection: close", "A: b"], ["A: b"]),
            (["Keep-Alive: 5", "TE: trailers", "Upgrade: x", "Transfer-Encoding: chunked", "A: b"], ["A: b"]),
            (["Proxy-Connection: a", "Proxy-Authorization: b", "HTTP2-Settings: c", "A: b"], ["A: b"]),
            // Nominated.
            (["Connection: X-A", "x-a: b", "C: d"], ["C: d"]),
            (["Connection: close, X-A ,, X-B", "x-a: b", "x-b: c", "C: d"], ["C: d"]),
            (["X-A: b", "Connection: foo", "Connection: x-a", "C: d"], ["C: d"]),
            (["Connection: X", "XX: a"], ["XX: a"]),
            // Nominated in vain: end-to-end fields.
            (["Connection: Host", "Host: a"], ["Host: a"]),
            (["Connection: content-length, x", "Content-Length: 1"], ["Content-Length: 1"]),
            (
                ["Connection: Authorization, Cookie, x", "Authorization: a", "Cookie: b"],
                ["Authorization: a", "Cookie: b"]
            ),
            (["Connection: X-Forwarded-For, x", "X-Forwarded-For: a"], ["X-Forwarded-For: a"]),
            // Nominated in vain: the identity family, in any spelling.
            (["Connection: X-Identity-Name", "X-Identity-Name: a"], ["X-Identity-Name: a"]),
            (["Connection: x_identity_name", "x_identity_name: a"], ["x_identity_name: a"]),
        ])
    func hopByHop(_ before: [String], _ after: [String]) {
        let families = FoldedNames(names: [], prefixes: ["X-Identity-"])
        var section = FieldSectionTests.section(
            before.map { line in
                let parts = line.split(separator: ": ", maxSplits: 1)
                return (String(parts[0]), String(parts[1]))
            })
        section.removeHopByHop { families.contains($0) }
        #expect(FieldSectionTests.text(section) == after)
    }

    @Test(
        "a connection persists by the rule of its version (RFC 9112 §9.3)",
        arguments: [
            (HTTP.Version.http11, [], true), (.http11, ["close"], false), (.http11, ["keep-alive"], true),
            (.http11, ["Keep-Alive, CLOSE"], false), (.http11, ["upgrade", "close"], false),
            (.http11, ["closed"], true),
            (.http10, [], false), (.http10, ["keep-alive"], true), (.http10, ["keep-alive, close"], false),
        ] as [(HTTP.Version, [String], Bool)])
    func persistence(_ version: HTTP.Version, _ values: [String], _ persists: Bool) {
        let section = FieldSectionTests.section(values.map { ("Connection", $0) })
        #expect(section.keepsAlive(version: version) == persists)
    }

    @Test("lists are walked without blanks and empty elements")
    func lists() {
        let section = FieldSectionTests.section([("TE", " , trailers ,\t"), ("TE", "a;q=1,,b")])
        var elements: [String] = []
        section.forEachElement(of: .te) { elements.append($0.text) }
        #expect(elements == ["trailers", "a;q=1", "b"])
        #expect(section.lists("TRAILERS", in: .te))
        #expect(!section.lists("a", in: .te))
    }

    @Test("several cookies become one (RFC 9113 §8.2.3)")
    func cookies() {
        var section = FieldSectionTests.section([("Cookie", "a=1"), ("A", "b"), ("Cookie", "c=2"), ("Cookie", "d=3")])
        section.joinCookies()
        #expect(FieldSectionTests.text(section) == ["A: b", "Cookie: a=1; c=2; d=3"])
    }

    @Test("no forbidden field stays among the trailers")
    func trailers() {
        var section = FieldSectionTests.section([
            ("Content-Length", "1"), ("Digest", "a"), ("If-None-Match", "b"), ("Content-MD5", "c"),
            ("X-Identity-Name", "d"), ("grpc-status", "0"), ("Authorization", "e"), ("X-Forwarded-User", "f"),
            ("Sec-WebSocket-Key", "g"), ("Set-Cookie2", "h"), ("TE", "i"), ("Host", "j"),
        ])
        section.removeForbiddenTrailers { $0.hasPrefix("x-identity-") }
        #expect(FieldSectionTests.text(section) == ["Digest: a", "grpc-status: 0"])
    }
}
