import HTTP
import Testing

@Suite("What the gateway says itself")
struct ContentTests {
    @Test("a problem is JSON as RFC 9457 wants it")
    func problem() {
        var problem = ProblemDetails(status: 403, detail: "\"No\" \\ \u{1}\n é")
        problem.type = "https://example.org/refused"
        problem.instance = "urn:uuid:0"
        problem.extensions = [
            .init("code", .string("revoked")), .init("count", .integer(-3)), .init("final", .boolean(true)),
            .init("kinds", .strings(["a", "b"])), .init("none", .strings([])),
        ]
        var bytes: [UInt8] = []
        problem.write(into: &bytes)
        #expect(
            bytes.span.text
                == #"{"type":"https://example.org/refused","title":"Forbidden","status":403,"#
                + #""detail":"\"No\" \\ \u0001\u000A é","instance":"urn:uuid:0","code":"revoked","count":-3,"#
                + #""final":true,"kinds":["a","b"],"none":[]}"#)
    }

    @Test("a refused message is a problem that names its clause")
    func refusal() {
        var bytes: [UInt8] = []
        ProblemDetails(MessageError.obsoleteFolding).write(into: &bytes)
        #expect(
            bytes.span.text
                == #"{"type":"about:blank","title":"Bad Request","status":400,"#
                + #""detail":"A field value is folded over several lines.","clause":"RFC 9112 §5.2"}"#)
    }

    @Test(
        "a date is written as RFC 9110 §5.6.7 wants it",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (-1, "Wed, 31 Dec 1969 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (951_868_799, "Tue, 29 Feb 2000 23:59:59 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"), (1_767_225_599, "Wed, 31 Dec 2025 23:59:59 GMT"),
        ] as [(Int64, String)])
    func dates(_ seconds: Int64, _ text: String) {
        var bytes: [UInt8] = []
        HTTPDate.append(secondsSinceEpoch: seconds, to: &bytes)
        #expect(bytes.span.text == text)
    }

    @Test("leading zeros of a Content-Length are cut from the field")
    func leadingZeros() throws {
        var fields = FieldSection()
        fields.append(.contentLength, value: "00042")
        #expect(try BodyFraming(request: &fields, version: .http11) == .length(42))
        #expect(fields.text(of: .contentLength) == "42")
    }

    @Test("a target that is set replaces path and query")
    func setTarget() {
        var head = RequestHead()
        head.setTarget(path: Array("/a".utf8).span, query: Array("b=c".utf8).span)
        #expect(head.text(head.target) == "/a?b=c" && head.text(head.path) == "/a")
        head.setTarget(path: Array("/d".utf8).span, query: nil)
        #expect(head.text(head.target) == "/d" && head.query == nil)
    }

    @Test("Expect is known or not, and nothing in HTTP/1.0")
    func expectation() {
        var head = RequestHead()
        #expect(head.expectation == .none)
        head.fields.append(.expect, value: "100-Continue")
        #expect(head.expectation == .proceed)
        head.version = .http10
        #expect(head.expectation == .none)
        head.reset()
        head.fields.append(.expect, value: "200-ok")
        #expect(head.expectation == .unknown)
    }
}
