internal import Foundation
public import HTTP

/// One message of the corpus: a file whose comment lines tell what is to become of it, and why.
///
///     # refused bareLineFeed          or: accepted FACTS, or: incomplete
///     # RFC 9112 §2.2
///     # to HEAD                       the method a response answers; GET if not said
///     GET / HTTP/1.1\r\n
///
/// Line breaks of the file are not part of the message; octets that are not plain text are written `\r`, `\n`,
/// `\t`, `\0`, `\\`, `\xHH`, and `\*{COUNT,TEXT}` repeats a text.
public struct CorpusMessage: Sendable, CustomStringConvertible {
    /// The file's name.
    public let name: String
    /// What is to become of it: the first comment line.
    public let outcome: String
    /// The method that a response answers.
    public let method: HTTP.Method
    /// The message.
    public let bytes: [UInt8]

    /// The file's name.
    public var description: String { name }

    /// The corpus of requests.
    public static let requests = load("requests", extension: "req")
    /// The corpus of responses.
    public static let responses = load("responses", extension: "resp")

    private static func load(_ folder: String, extension suffix: String) -> [CorpusMessage] {
        let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
            .appendingPathComponent("HTTP1Tests/Corpus/\(folder)")
        let files = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return files.filter { $0.hasSuffix("." + suffix) }.sorted().compactMap { file in
            guard let text = try? String(contentsOf: directory.appendingPathComponent(file), encoding: .utf8) else {
                return nil
            }
            return CorpusMessage(name: file, text: text)
        }
    }

    private init?(name: String, text: String) {
        var comments: [Substring] = []
        var body = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
            if line.hasPrefix("# "), body.isEmpty {
                comments.append(line.dropFirst(2))
            } else {
                body += line
            }
        }
        guard comments.count >= 2, comments[1].hasPrefix("RFC ") else { return nil }
        self.name = name
        outcome = String(comments[0])
        let answered = comments.dropFirst(2).first { $0.hasPrefix("to ") }?.dropFirst(3) ?? "GET"
        method = HTTP.Method(Array(answered.utf8).span, at: 0..<0)
        bytes = CorpusMessage.unescape(Array(body.utf8)[...])
    }

    private static func unescape(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
                result.append(byte)
                continue
            }
            switch escape {
            case UInt8(ascii: "r"): result.append(13)
            case UInt8(ascii: "n"): result.append(10)
            case UInt8(ascii: "t"): result.append(9)
            case UInt8(ascii: "0"): result.append(0)
            case UInt8(ascii: "x"):
                result.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
                rest = rest.dropFirst(2)
            case UInt8(ascii: "*"):
                let end = rest.firstIndex(of: UInt8(ascii: "}")) ?? rest.endIndex
                let parts = rest[..<end].dropFirst().split(separator: UInt8(ascii: ","), maxSplits: 1)
                let count = Int(String(decoding: parts[0], as: UTF8.self)) ?? 0
                let repeated = unescape(parts[1])
                for _ in 0..<count { result += repeated }
                rest = rest[end...].dropFirst()
            default: result.append(escape)
            }
        }
        return result
    }
}
