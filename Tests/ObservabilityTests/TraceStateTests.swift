import Testing

@testable import Observability

@Suite("The state of traces")
struct TraceStateTests {
    private func value(_ lines: [String]) -> String? {
        var state = TraceState()
        for line in lines { state.add(line.utf8.span) }
        return state.value.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        "what is well formed is passed on as one list",
        arguments: [
            (["a=1"], "a=1"),
            (["rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"], "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"),
            (["a=1", "b=2, c=3"], "a=1,b=2,c=3"),
            ([" \ta=1\t , \t b=2 "], "a=1,b=2"),
            ([",,a=1,,", "", "b=2"], "a=1,b=2"),
            (["fw529a3039@dt=FfQAAAA", "0a_-*/@b=!<>~ x"], "fw529a3039@dt=FfQAAAA,0a_-*/@b=!<>~ x"),
            (["a= 1"], "a= 1"),
        ])
    func kept(_ lines: [String], _ expected: String) {
        #expect(value(lines) == expected)
    }

    @Test(
        "what is not spoils the whole",
        arguments: [
            ["a"], ["=1"], ["a="], ["A=1"], ["a b=1"], ["@a=1"], ["_a=1"], ["a=1=2"], ["a=\u{e9}"], ["a=1\u{7f}"],
            ["b=2", "a"], ["a=1,b=2,a=3"], ["a=1", "a=1"], [""], [" , ,"], [],
            [String(repeating: "k", count: 257) + "=1"], ["k=" + String(repeating: "v", count: 257)],
            [(0..<33).map { "k\($0)=1" }.joined(separator: ",")],
        ])
    func dropped(_ lines: [String]) {
        #expect(value(lines) == nil)
    }

    @Test("as many members as there may be, of the longest keys and values")
    func bounds() {
        let most = (0..<32).map { "k\($0)=1" }.joined(separator: ",")
        #expect(value([most]) == most)
        let longest = String(repeating: "k", count: 255) + "=" + String(repeating: "v", count: 256)
        #expect(value([longest]) == longest)
    }

    @Test("above 512 bytes the long ones go first, then the last ones, each whole")
    func shortened() throws {
        let long = "long=" + String(repeating: "v", count: 200)
        let short = (0..<20).map { "k\($0)=" + String(repeating: "v", count: 20) }
        #expect(
            value([short.prefix(5).joined(separator: ","), long, short.dropFirst(5).joined(separator: ",")])?
                .contains("long") == false)
        let kept = try #require(value([short.joined(separator: ",") + ",z=" + String(repeating: "v", count: 100)]))
        #expect(kept.utf8.count <= 512)
        #expect(kept.hasPrefix(short[0] + "," + short[1]))
        #expect(!kept.contains("z="))
        #expect(kept.split(separator: ",").allSatisfy { short.contains(String($0)) })
    }
}
