import HTTP
import HTTP1
import Testing

@testable import Configuration
@testable import Gateway

@Suite("Redirections")
struct RedirectTests {
    private static func head(_ target: String, host: String = "old.example.fr:8443") throws -> RequestHead {
        var head = RequestHead()
        var position = ParsePosition()
        let bytes = Array("GET \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n".utf8)
        _ = try parseRequestHead(bytes.span, resume: &position, limits: HTTP.Limits(), into: &head)
        return head
    }

    private static func location(
        _ pieces: [RedirectConfiguration.Piece], of target: String, without prefix: String = ""
    ) throws -> String? {
        let head = try head(target)
        var path: [UInt8] = []
        _ = try PathNormalizer.normalize(head.fields.arena.span.extracting(head.path), into: &path)
        let redirect = Redirect(RedirectConfiguration(target: pieces, status: 308))
        return redirect.location(of: head, path: path.span, without: Array(prefix.utf8))
            .map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        "Host, path and query are what was asked for",
        arguments: [
            ("/a/b?x=1&y=%20", "https://old.example.fr/a/b?x=1&y=%20"), ("/", "https://old.example.fr/"),
            ("/a?", "https://old.example.fr/a?"), ("/a//b/../c", "https://old.example.fr/a/c"),
            ("/a?q=\"<>`{|}\\^", "https://old.example.fr/a?q=%22%3C%3E%60%7B%7C%7D%5C%5E"),
        ])
    func everything(_ target: String, _ expected: String) throws {
        #expect(try Self.location([.text("https://"), .host, .path, .query], of: target) == expected)
    }

    @Test(
        "A path without its prefix stays a path, and never becomes part of a host",
        arguments: [
            ("/old/x", "/old", "https://new.example.fr/x"), ("/old", "/old", "https://new.example.fr/"),
            ("/old/x", "/old/", "https://new.example.fr/x"),
            ("/old/.evil.example", "/old/", "https://new.example.fr/.evil.example"),
            ("/old//evil.example", "/old", "https://new.example.fr/evil.example"),
        ])
    func prefixes(_ target: String, _ prefix: String, _ expected: String) throws {
        #expect(try Self.location([.text("https://new.example.fr"), .path], of: target, without: prefix) == expected)
    }

    @Test("A fixed target is sent as it stands")
    func fixed() throws {
        #expect(try Self.location([.text("/elsewhere?kept=1")], of: "/a?b") == "/elsewhere?kept=1")
    }
}
