import Crypto
import EventLoop
import Foundation
import Testing

@testable import Observability

@Suite("Chained logs")
struct AuditChainTests {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "poterne-chain-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private var path: String { folder.appending(path: "audit.log").path }

    /// Writes lines as a process would that starts, writes and ends.
    private func run(_ lines: [String], reopening: Bool = false) throws {
        let sink = try LogSink(target: .file(path), isChained: true)
        let lane = sink.lane()
        let writer = try spawnThread(name: "log") { sink.run() }
        for line in lines {
            let bytes = Array("{\"line\":\"\(line)\"}\n".utf8)
            lane.append(bytes.span)
        }
        sink.close()
        writer.join()
    }

    private func lines(of name: String = "audit.log") throws -> [String] {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8).split(separator: "\n").map(String.init)
    }

    /// Where the chain breaks; nil when it is whole.
    private func fault(in texts: String..., wanted: [String] = []) throws -> AuditChainCheck.Break? {
        var check = AuditChainCheck(wanted: wanted)
        do throws(AuditChainCheck.Break) {
            for text in texts {
                check.beginFile()
                let bytes = Array(text.utf8)
                // In pieces, as a file is read.
                for start in stride(from: 0, to: bytes.count, by: 37) {
                    try check.take(bytes.span.extracting(start..<min(start + 37, bytes.count)))
                }
                try check.endFile()
            }
            #expect(check.missingDigests == [])
            return nil
        } catch {
            return error
        }
    }

    @Test("go on over restarts, from the end of the file or from what is noted beside it")
    func restarts() throws {
        try run(["a", "b"])
        try run(["c"])
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        try run(["d"])
        let (first, second) = (try lines(of: "audit.log.1"), try lines())
        #expect(first.count == 5)
        #expect(second.count == 2)
        #expect(first[0].contains("\"event\":\"chain\",\"previous\":\"\(String(repeating: "0", count: 64))\""))
        let text = (first + [""]).joined(separator: "\n")
        #expect(try fault(in: text, (second + [""]).joined(separator: "\n")) == nil)
        // The second alone says what it follows.
        #expect(try fault(in: (second + [""]).joined(separator: "\n")) == nil)
        #expect(try fault(in: (second + [""]).joined(separator: "\n"), text)?.line == 1)
    }

    @Test("each digest is that of the one before and of the line without it")
    func digests() throws {
        try run(["a"])
        let line = try #require(try lines().last)
        let before = try #require(try lines().first?.suffix(66).prefix(64))
        var bytes = try #require(Hexadecimal.decode(String(before)))
        bytes += Array("{\"line\":\"a\"}".utf8)
        #expect(line == "{\"line\":\"a\",\"chain\":\"\(SHA256.digest(of: bytes.span).hex)\"}")
    }

    @Test(
        "break at the first line that was touched",
        arguments: [
            ("altered", 3), ("removed", 3), ("inserted", 3), ("moved", 3), ("cut off", 4), ("cut at the end", 5),
            ("without a digest", 3), ("first altered", 1),
        ])
    func touched(how: String, line: Int) throws {
        try run(["a", "b", "c", "d"])
        var lines = try lines()
        var end = "\n"
        switch how {
        case "altered": lines[2].replace("\"b\"", with: "\"x\"")
        case "removed": lines.remove(at: 2)
        case "inserted": lines.insert(lines[1], at: 2)
        case "moved": lines.swapAt(2, 3)
        case "cut off": lines[3].removeLast(9)
        case "without a digest": lines[2] = "{\"line\":\"b\"}"
        case "first altered": lines[0].replace("\"time\":\"2", with: "\"time\":\"1")
        default: end = ""
        }
        let found = try fault(in: lines.joined(separator: "\n") + end)
        #expect(found?.line == line)
    }

    @Test("go on where a gateway that was killed had left half a line, and say where")
    func torn() throws {
        try run(["a", "b"])
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.truncate(atOffset: try handle.seekToEnd() - 7)
        try handle.close()
        try run(["c"])
        let text = (try lines() + [""]).joined(separator: "\n")
        #expect(try lines().count == 5)
        let found = try fault(in: text)
        #expect(found?.line == 3)
        #expect(found?.fault == .unchained)
    }

    @Test(
        "go on behind the last whole line of a batch that could not be written to its end",
        arguments: [(3, 0), (3, 20), (1, 0), (0, 0), (4, 0)])
    func halfBatch(whole: Int, more: Int) throws {
        var chaining = try AuditChaining(beside: path)
        var batch: [UInt8] = []
        chaining.append(Array("{\"line\":\"a\"}\n{\"line\":\"b\"}\n{\"line\":\"c\"}\n".utf8), to: &batch)
        let ends = batch.indices.filter { batch[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
        #expect(ends.count == 4)
        let end = (whole == 0 ? 0 : ends[whole - 1]) + more
        chaining.abandon(behind: batch[..<end])
        var next: [UInt8] = []
        chaining.append(Array("{\"line\":\"d\"}\n".utf8), to: &next)
        chaining.keep()
        let text = String(decoding: batch[..<end] + (more > 0 ? [UInt8(ascii: "\n")] : []) + next, as: UTF8.self)
        let found = try fault(in: text)
        // Half a line is one that somebody may have cut off: it is told, and nothing else is.
        #expect(found?.line == (more > 0 ? whole + 1 : nil))
        #expect(more == 0 || found?.fault == .unchained)
    }

    @Test("lines taken from the end are missed by the next process, and by whoever knows a digest")
    func shortened() throws {
        try run(["a", "b", "c"])
        let whole = try lines()
        let known = String(whole[3].suffix(66).prefix(64))
        let short = (whole.dropLast() + [""]).joined(separator: "\n")
        var check = AuditChainCheck(wanted: [known])
        let bytes = Array(short.utf8)
        try check.take(bytes.span)
        try check.endFile()
        #expect(check.missingDigests == [known])
        try Data(bytes).write(to: folder.appending(path: "audit.log"))
        try run(["d"])
        #expect(try fault(in: (try lines() + [""]).joined(separator: "\n"))?.line == 4)
    }

    @Test("stay whole while two processes write the file, one taking over from the other")
    func takeover() throws {
        let sinks = try (0..<2).map { _ in try LogSink(target: .file(path), isChained: true) }
        let writers = try sinks.map { sink in try spawnThread(name: "log") { sink.run() } }
        let workers = try sinks.enumerated().map { number, sink in
            try spawnThread(name: "worker") {
                let lane = sink.lane()
                for line in 0..<2000 {
                    let bytes = Array("{\"line\":\"\(number) \(line)\"}\n".utf8)
                    lane.append(bytes.span)
                }
            }
        }
        for worker in workers { worker.join() }
        for sink in sinks { sink.close() }
        for writer in writers { writer.join() }
        let lines = try lines()
        // Of each an opening.
        #expect(lines.count == 4002)
        #expect(try fault(in: (lines + [""]).joined(separator: "\n")) == nil)
    }
}
