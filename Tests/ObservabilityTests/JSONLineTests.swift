import Foundation
import Testing

@testable import Observability

@Suite("JSON lines")
struct JSONLineTests {
    @Test(
        "escape what would break them",
        arguments: [
            ("", ""), ("plain", "plain"), ("a\"b\\c/d", "a\\\"b\\\\c/d"), ("\n\r\t", "\\n\\r\\t"),
            ("\0\u{1}\u{8}\u{c}\u{1f}\u{7f}", "\\u0000\\u0001\\u0008\\u000c\\u001f\\u007f"),
            ("é€😀", "é€😀"), ("FORGÉ\", \"kind\":\"X", "FORGÉ\\\", \\\"kind\\\":\\\"X"),
        ])
    func escapes(text: String, escaped: String) {
        #expect(escape(Array(text.utf8)) == escaped)
    }

    @Test(
        "replace what is not UTF-8, one mark for each broken sequence",
        arguments: [
            ([0x80], "\u{FFFD}"), ([0x61, 0xff, 0x62], "a\u{FFFD}b"), ([0xc3], "\u{FFFD}"),
            ([0xc0, 0xaf], "\u{FFFD}\u{FFFD}"),
            ([0xe2, 0x82], "\u{FFFD}"), ([0xe2, 0x82, 0x22], "\u{FFFD}\\\""),
            ([0xed, 0xa0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),
            ([0xf4, 0x90, 0x80, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"), ([0xf0, 0x9f, 0x98, 0x0a], "\u{FFFD}\\n"),
            ([0xe0, 0x80, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"), ([0xf8, 0x88], "\u{FFFD}\u{FFFD}"),
        ] as [([UInt8], String)])
    func replaces(bytes: [UInt8], escaped: String) {
        #expect(escape(bytes) == escaped)
    }

    @Test("say the same as the standard library for any bytes, and stay one line")
    func anyBytes() throws {
        var generator = SystemRandomNumberGenerator()
        let alphabet: [UInt8] = [
            0x00, 0x0a, 0x22, 0x5c, 0x41, 0x7f, 0x80, 0xa0, 0xbf, 0xc2, 0xe0, 0xe2, 0xed, 0xf0, 0xf4,
        ]
        for _ in 0..<3000 {
            let bytes = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                Bool.random(using: &generator)
                    ? alphabet.randomElement(using: &generator) ?? 0 : UInt8.random(in: 0...255)
            }
            var line = JSONLine()
            line.begin()
            line.add("text", bytes.span)
            line.end()
            let isOneLine = line.bytes.filter { $0 < 0x20 } == [UInt8(ascii: "\n")]
            let object = try JSONSerialization.jsonObject(with: Data(line.bytes)) as? [String: String]
            if !isOneLine || object?["text"] != String(decoding: bytes, as: UTF8.self) {
                Issue.record("\(bytes) became \(line.bytes)")
                return
            }
        }
    }

    @Test("cut a long value between characters, and show it")
    func cuts() {
        let limit = ObservabilityLimits.longestValue
        let exact = [UInt8](repeating: UInt8(ascii: "a"), count: limit)
        #expect(escape(exact).utf8.count == limit)
        #expect(escape(exact + exact) == String(repeating: "a", count: limit) + "…")
        let accents = String(repeating: "é", count: limit)
        #expect(escape(Array("a".utf8) + Array(accents.utf8)) == "a" + String(accents.prefix(limit / 2 - 1)) + "…")
    }

    @Test("hold numbers, durations and truths, and leave out what is absent")
    func members() throws {
        var line = JSONLine()
        line.begin()
        line.add("nothing", nil as String?)
        line.add("zero", 0)
        line.add("most", UInt64.max)
        line.add("yes", true)
        line.add("no", false)
        line.add("short", milliseconds: 999)
        line.add("long", milliseconds: 1_234_567_890)
        line.add("word", word: "HTTP/1.1")
        line.end()
        #expect(
            String(decoding: line.bytes, as: UTF8.self)
                == #"{"zero":0,"most":18446744073709551615,"yes":true,"no":false,"short":0.000,"#
                + #""long":1234.567,"word":"HTTP/1.1"}"# + "\n")
        line.begin()
        line.end()
        #expect(String(decoding: line.bytes, as: UTF8.self) == "{}\n")
    }

    private func escape(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        JSONText.append(bytes.span, to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
