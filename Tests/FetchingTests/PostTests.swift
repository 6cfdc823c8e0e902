import LoopbackHTTP
import Testing

@testable import Fetching

@Suite("Sending by POST", .timeLimit(.minutes(1)))
struct PostTests {
    /// Sends one request, and says what came of it.
    private func outcome(_ request: FetchRequest) throws -> FetchOutcome {
        let fetcher = try Fetcher()
        try fetcher.start(request, tag: 7)
        while true {
            for (tag, outcome) in fetcher.advance() {
                #expect(tag == 7)
                #expect(fetcher.isIdle)
                return outcome
            }
            fetcher.wait(orFor: -1, milliseconds: 200)
        }
    }

    private func post(
        _ body: [UInt8], to url: String, fields: [FetchField] = [], timeoutSeconds: Int64 = 20
    ) throws -> FetchOutcome {
        try outcome(
            FetchRequest(
                post: body, mediaType: "application/json", to: url, fields: fields, authorities: nil,
                timeoutSeconds: timeoutSeconds, limit: 4000))
    }

    @Test(
        "the body arrives as it is, of its media type, with the fields that were asked for",
        arguments: [0, 3, 2_000_000])
    func arrives(_ size: Int) throws {
        let server = try LoopbackServer { _, _ in .response(status: 202, body: Array("taken".utf8)) }
        defer { server.stop() }
        // Every octet, NUL among them.
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
        let fields = try [
            #require(FetchField("Authorization", "Bearer a b")), #require(FetchField("X-Empty", "")),
        ]
        guard case .body(let answer, _) = try post(body, to: server.url + "/v1/traces", fields: fields) else {
            Issue.record("not taken")
            return
        }
        #expect(answer == Array("taken".utf8))
        let request = try #require(server.received.first)
        #expect(request.body == body)
        let lines = request.head.split(separator: "\r\n").map(String.init)
        #expect(lines.first == "POST /v1/traces HTTP/1.1")
        #expect(lines.contains("Content-Type: application/json"))
        #expect(lines.contains("Content-Length: \(size)"))
        #expect(lines.contains("Authorization: Bearer a b"))
        #expect(lines.contains("X-Empty:"))
        // A server that does not answer it would hold each large body up for a second.
        #expect(!lines.contains { $0.lowercased().hasPrefix("expect") })
    }

    @Test(
        "a status other than 2xx is a failure that says when to ask again",
        arguments: [
            ("Retry-After: 17", 17), ("Retry-After: 99999999", 86_400), ("Retry-After: soon", nil),
            ("X-Nothing: 1", nil),
            ("Retry-After: Wed, 21 Oct 2015 07:28:00 GMT", nil),
        ] as [(String, Int64?)])
    func refused(_ field: String, _ seconds: Int64?) throws {
        let server = try LoopbackServer { _, _ in .response(status: 503, headers: [field], body: [1]) }
        defer { server.stop() }
        guard case .failed(let error) = try post([1, 2], to: server.url) else {
            Issue.record("it was taken")
            return
        }
        #expect(error == .status(503, retryAfterSeconds: seconds))
    }

    @Test("a redirect is not followed: what is sent is for that server")
    func redirected() throws {
        let server = try LoopbackServer { _, _ in .response(status: 307, headers: ["Location: /elsewhere"]) }
        defer { server.stop() }
        guard case .failed(.status(307, _)) = try post([1], to: server.url) else {
            Issue.record("followed")
            return
        }
        #expect(server.heads.count == 1)
    }

    @Test("an answer larger than the limit, one that never comes and a server that is not there are failures")
    func failing() throws {
        let large = try LoopbackServer { _, _ in .response(status: 200, body: [UInt8](repeating: 1, count: 4001)) }
        let silent = try LoopbackServer { _, _ in .silence }
        defer {
            large.stop()
            silent.stop()
        }
        guard case .failed(.tooLarge(limit: 4000)) = try post([1], to: large.url) else {
            Issue.record("too large was taken")
            return
        }
        guard case .failed(.timedOut) = try post([1], to: silent.url, timeoutSeconds: 1) else {
            Issue.record("silence was not given up")
            return
        }
        guard case .failed(.network) = try post([1], to: "http://127.0.0.1:1") else {
            Issue.record("nobody answered")
            return
        }
    }

    @Test("other schemes than HTTP's are not spoken")
    func schemes() throws {
        guard case .failed(.network) = try post([1], to: "file:///etc/hostname") else {
            Issue.record("spoken")
            return
        }
    }

    @Test("a fetcher that is let go gives up what it does")
    func abandoned() throws {
        let silent = try LoopbackServer { _, _ in .silence }
        defer { silent.stop() }
        let fetcher = try Fetcher()
        try fetcher.start(
            FetchRequest(
                post: [1], mediaType: "text/plain", to: silent.url, authorities: nil, timeoutSeconds: 600, limit: 10),
            tag: 0)
        while silent.heads.isEmpty {
            #expect(fetcher.advance().isEmpty)
            fetcher.wait(orFor: -1, milliseconds: 20)
        }
        #expect(!fetcher.isIdle)
    }

    @Test(
        "a field that would be two, or none, is none",
        arguments: [
            ("X-A", "b\r\nX-C: d"), ("X-A", "b\nc"), ("X-A", "b\0c"), ("X A", "b"), ("", "b"), ("X-A:", "b"),
            ("X-\u{e9}", "b"),
        ])
    func fields(_ name: String, _ value: String) {
        #expect(FetchField(name, value) == nil)
    }
}
