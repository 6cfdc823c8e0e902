import Foundation
import HTTP
import HTTP2
import Testing
import Trust

/// `docs/refusals.md` is where the `type` of every problem document points: it must have an entry for each code.
@Suite("The manual of refusals")
struct RefusalManualTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..")

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The codes that a page has entries for: headings that are a code alone, and anchors.
    private static func entries(of page: String) -> Set<String> {
        let headings = page.matches(of: /(?m)^### ([a-z0-9_]+)$/).map { String($0.output.1) }
        let anchors = page.matches(of: /<a id="([a-z0-9_]+)"><\/a>/).map { String($0.output.1) }
        return Set(headings + anchors)
    }

    /// The literals that a source file's `code` returns, which no list of cases could forget.
    private static func codes(in path: String) throws -> Set<String> {
        let source = try text(path)
        let bodies = source.matches(of: /var (?:code|name): String \{[\s\S]*?\n    \}\n/)
        try #require(!bodies.isEmpty)
        return Set(bodies.flatMap { $0.output.matches(of: /: "([a-z0-9_]+)"/).map { String($0.output.1) } })
    }

    private static func everyCode() throws -> Set<String> {
        try codes(in: "Sources/Trust/Verdict/Refusal+Code.swift")
            .union(codes(in: "Sources/Gateway/Exchange/ExchangeRefusal.swift"))
            .union(codes(in: "Sources/Gateway/Upstream/UpstreamFailure.swift"))
            .union(codes(in: "Sources/Token/Access/TokenRefusal.swift"))
            .union(MessageError.allCases.map(\.code))
            // What ends handshakes and connections: the reasons of the audit log and of the counters.
            .union(codes(in: "Sources/Gateway/Logging/Journal.swift"))
            .union(codes(in: "Sources/HTTP2/HTTP2Error.swift"))
            .union(["h2_stalled_window"])
            .union(["too_many_connections_of_address", "too_many_connections_of_structure"])
            .union(HTTP2Flood.allCases.map { "h2_flood_\($0.rawValue)" })
    }

    @Test("has an entry for every code, and none for what is no code")
    func entriesAreTheCodes() throws {
        let entries = Self.entries(of: try Self.text("docs/refusals.md"))
        let codes = try Self.everyCode()
        #expect(codes.subtracting(entries).sorted() == [])
        #expect(entries.subtracting(codes).sorted() == [])
    }

    @Test("reads codes out of the sources: those of `Trust` are the ones it lists")
    func sourcesAreRead() throws {
        #expect(try Self.codes(in: "Sources/Trust/Verdict/Refusal+Code.swift") == Set(Refusal.allCodes))
    }
}
