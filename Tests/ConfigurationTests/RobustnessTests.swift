import Foundation
import Testing

@testable import Configuration

/// Nothing that stands in a file may trap, hang, or pass half-read.
@Suite struct RobustnessTests {
    /// SplitMix64: the same mutations in every run.
    struct SeededGenerator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private func outcome(_ text: String) -> [Diagnostic] {
        do throws(ConfigurationErrors) {
            return try GatewayConfiguration.parse(text, file: "f.yaml", environment: [:]).warnings
        } catch {
            // What is shown must be showable, too.
            #expect(!error.description.isEmpty)
            return error.diagnostics
        }
    }

    @Test(arguments: 0..<12)
    func mutatedFilesAreTakenOrRefused(_ seed: Int) {
        var generator = SeededGenerator(state: UInt64(seed))
        let seeds = GoldenCase.all.map { Array($0.text.utf8) }
        let snippets = [
            "*a", "&a", "!!x ", "- ", ": ", "{", "}", "[", "]", "\"", "'", "|\n", ">\n", "${", "}", "\u{0}", "\u{FEFF}",
            "\t", "\r",
            "\u{85}", "\u{E001}", "? ", "<<: ", "---\n", "...\n", "%YAML 9\n", "é", "#", "99999999999999999999",
            "\\u0000",
        ].map { Array($0.utf8) }
        for _ in 0..<60 {
            guard var bytes = seeds.randomElement(using: &generator), !bytes.isEmpty else { continue }
            for _ in 0...Int.random(in: 0..<6, using: &generator) {
                let place = Int.random(in: 0...bytes.count, using: &generator)
                let end = min(bytes.count, place + Int.random(in: 0..<40, using: &generator))
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: bytes.removeSubrange(place..<end)
                case 1: bytes.insert(contentsOf: snippets.randomElement(using: &generator) ?? [], at: place)
                case 2:
                    bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &generator))
                case 3: if place < bytes.count { bytes[place] = UInt8.random(in: 0...127, using: &generator) }
                default: bytes.removeSubrange(end...)
                }
            }
            _ = outcome(String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test(arguments: [
        "", " ", "\n", "#", "a", "[]", "{}", "null", "---", "--- a\n--- b", "- a", "a: b", ": x\n: y", "? [a]\n? [a]",
        "\"", "&a a",
        "*a", "!!map {}", "\u{FEFF}", "\0", "{\"\": 1, \"\": 2}", "x: x: x", "\r\n\r\n", "[[[[",
        "{a: {a: {a: {a: 1, a: 2}}}}",
    ])
    func tinyFilesAreRefusedWithAReason(_ text: String) {
        #expect(outcome(text).contains { $0.severity == .error })
    }

    @Test(arguments: ["[", "{a: ", "- ", "? "])
    func deepNestingIsRefused(_ opening: String) {
        let diagnostics = outcome(String(repeating: opening, count: 20_000))
        #expect(diagnostics.contains { $0.severity == .error })
    }

    @Test func nestingBelowTheParsersBoundIsRefusedByOurs() {
        let text = String(repeating: "[", count: 400) + String(repeating: "]", count: 400)
        #expect(outcome("workers: \(text)\n").contains { $0.message == "nested deeper than 16 levels" })
    }

    /// "Billion laughs", plain and in keys, where comparing keys would go through every copy.
    @Test(arguments: [false, true])
    func aliasesDoNotMultiply(_ inKeys: Bool) {
        var text = "a0: &a0 [x, x]\n"
        for level in 1..<40 {
            text +=
                inKeys
                ? "? &a\(level) [*a\(level - 1), *a\(level - 1)]\n: x\n"
                : "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n"
        }
        #expect(outcome(text).contains { $0.severity == .error })
    }

    @Test func aFileOverTheBoundIsNotParsed() {
        let text = "workers: 1\n" + String(repeating: "#\n", count: Limits.fileSize / 2)
        #expect(outcome(text).map(\.message) == ["the file is larger than 1MiB"])
    }

    @Test func aFileFullOfMistakesIsReportedUpToABound() {
        let text = (0..<1000).map { "unknown\($0): x\n" }.joined()
        let diagnostics = outcome(text)
        #expect(diagnostics.count == Limits.diagnostics)
    }

    @Test func aFileThatIsNotThereOrNotTextSaysSo() throws {
        #expect {
            try GatewayConfiguration.load(path: "/nonexistent/poterne.yaml", environment: [:])
        } throws: { error in
            (error as? ConfigurationErrors)?.diagnostics.map(\.message)
                == ["the file cannot be read: No such file or directory"]
        }
        let url = FileManager.default.temporaryDirectory.appending(
            path: "poterne-\(UInt64.random(in: 0...(.max))).yaml")
        defer { try? FileManager.default.removeItem(at: url) }
        try Data("workers: 1\nuser: é".utf8 + [0xFF, 0x0A]).write(to: url)
        #expect {
            try GatewayConfiguration.load(path: url.path, environment: [:])
        } throws: { error in
            (error as? ConfigurationErrors)?.diagnostics
                == [Diagnostic(.error, at: SourceLocation(line: 2, column: 8), "the file is not UTF-8")]
        }
    }
}
