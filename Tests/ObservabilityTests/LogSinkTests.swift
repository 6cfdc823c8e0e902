import EventLoop
import Glibc
import Observability
import Testing

@Suite("Log sink")
final class LogSinkTests {
    let directory: String

    init() throws {
        var template = Array("/tmp/poterne-XXXXXX".utf8CString)
        directory = try #require(unsafe mkdtemp(&template).map { unsafe String(cString: $0) })
    }

    deinit {
        for name in ["log", "log.1", "pipe"] { unsafe unlink("\(directory)/\(name)") }
        unsafe rmdir(directory)
    }

    @Test("writes every lane's lines, whole and in order, from several threads")
    func writes() throws {
        let sink = try LogSink(target: .file("\(directory)/log"))
        let writer = try spawnThread(name: "log") { sink.run() }
        let workers = try (0..<3).map { worker in
            try spawnThread(name: "worker \(worker)") {
                let lane = sink.lane()
                for number in 0..<5000 {
                    lane.append(Array("\(worker) \(number) \(String(repeating: "x", count: number % 50))\n".utf8).span)
                }
            }
        }
        for worker in workers { worker.join() }
        sink.close()
        writer.join()

        let lines = try read("log").split(separator: "\n")
        for worker in 0..<3 {
            let numbers = lines.filter { $0.hasPrefix("\(worker) ") }.map { $0.split(separator: " ")[1] }
            #expect(numbers.elementsEqual((0..<5000).map { "\($0)" }))
        }
        #expect(lines.count == 15_000)
        #expect(sink.statistics.droppedLines == 0)
        #expect(try sink.statistics.writtenBytes == UInt64(read("log").utf8.count))
    }

    @Test("drops and counts what finds no room, never part of a line, and never waits")
    func drops() throws {
        let sink = try LogSink(target: .file("\(directory)/log"))
        let lane = sink.lane(capacity: 4096)
        let line = [UInt8](repeating: UInt8(ascii: "a"), count: 99) + [UInt8(ascii: "\n")]
        // Nobody writes yet: 40 lines of 100 bytes find room.
        let kept = (0..<100).count { _ in lane.append(line.span) }
        #expect(kept == 40)
        #expect(sink.statistics.droppedLines == 60)
        let tooLong = [UInt8](repeating: 1, count: ObservabilityLimits.longestLine + 1)
        lane.append(tooLong.span)
        #expect(lane.droppedLines == 61)
        let shortest = Array("\n".utf8)
        lane.append(shortest.span)
        #expect(lane.droppedLines == 61)
        sink.close()
        sink.run()
        #expect(try read("log").utf8.count == 4001)
        #expect(sink.statistics.droppedLines == 61)
    }

    @Test("goes on in a new file when the old was moved away, losing no line")
    func reopens() throws {
        let sink = try LogSink(target: .file("\(directory)/log"))
        let lane = sink.lane()
        let writer = try spawnThread(name: "log") { sink.run() }
        lane.append(Array("before\n".utf8).span)
        try follow(sink) { $0.writtenBytes == 7 }
        #expect(unsafe rename("\(directory)/log", "\(directory)/log.1") == 0)
        lane.append(Array("meanwhile\n".utf8).span)
        try follow(sink) { $0.writtenBytes == 17 }
        sink.reopen()
        try awaitFile("log")
        lane.append(Array("after\n".utf8).span)
        sink.close()
        writer.join()
        #expect(try read("log.1") == "before\nmeanwhile\n")
        #expect(try read("log") == "after\n")
    }

    @Test("stays with the old file when the new one cannot be opened")
    func reopenFails() throws {
        let sink = try LogSink(target: .file("\(directory)/log"))
        let lane = sink.lane()
        let writer = try spawnThread(name: "log") { sink.run() }
        #expect(unsafe rename("\(directory)/log", "\(directory)/log.1") == 0)
        #expect(unsafe mkdir("\(directory)/log", 0o700) == 0)
        sink.reopen()
        try follow(sink) { $0.failures == 1 }
        lane.append(Array("still here\n".utf8).span)
        sink.close()
        writer.join()
        #expect(try read("log.1") == "still here\n")
        #expect(sink.statistics.lastErrno == EISDIR)
        unsafe rmdir("\(directory)/log")
    }

    @Test("counts what a full disk would not take, and lives on")
    func fullDisk() throws {
        let sink = try LogSink(target: .file("/dev/full"))
        let lane = sink.lane()
        for _ in 0..<3 { lane.append(Array("lost\n".utf8).span) }
        sink.close()
        sink.run()
        #expect(sink.statistics.droppedLines == 3)
        #expect(sink.statistics.failures >= 1)
        #expect(sink.statistics.lastErrno == ENOSPC)
        #expect(sink.statistics.writtenBytes == 0)
    }

    @Test("does not block a worker, nor the end of the process, on a pipe that nobody empties")
    func stuckPipe() throws {
        let path = "\(directory)/pipe"
        #expect(unsafe mkfifo(path, 0o600) == 0)
        let reader = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        defer { close(reader) }
        let sink = try LogSink(target: .file(path), closingMilliseconds: 100)
        let lane = sink.lane(capacity: 1 << 16)
        let writer = try spawnThread(name: "log") { sink.run() }
        let line = [UInt8](repeating: UInt8(ascii: "a"), count: 999) + [UInt8(ascii: "\n")]
        var kept: UInt64 = 0
        // More than the pipe, the writer's buffer and the lane hold together.
        while sink.statistics.droppedLines < 10 {
            if lane.append(line.span) { kept += 1 }
        }
        let refused = lane.droppedLines
        sink.close()
        writer.join()
        let statistics = sink.statistics
        // Each line is either wholly written, or counted; the pipe holds 64 KiB.
        #expect(statistics.writtenBytes > 0)
        #expect(statistics.droppedLines >= refused + kept - statistics.writtenBytes / 1000 - 1)
        #expect(statistics.droppedLines <= refused + kept - statistics.writtenBytes / 1000)
    }

    @Test("writes to standard output")
    func standardOutput() async throws {
        let result = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
            let sink = try LogSink(target: LogTarget(path: "-"))
            sink.lane().append(Array("a line of the log\n".utf8).span)
            sink.close()
            sink.run()
            exit(0)
        }
        #expect(String(decoding: result.standardOutputContent, as: UTF8.self).contains("a line of the log\n"))
    }

    @Test("is refused a target that cannot be opened", arguments: ["/", "/nonexistent/log", "/dev/null/log"])
    func unopenable(path: String) {
        #expect(throws: LogError.self) { try LogSink(target: LogTarget(path: path)) }
    }

    @Test("sleeps and wakes again, as often as lines come")
    func wakes() throws {
        let sink = try LogSink(target: .file("\(directory)/log"))
        let lane = sink.lane()
        let writer = try spawnThread(name: "log") { sink.run() }
        for round in 1...5 {
            lane.append(Array("x\n".utf8).span)
            try follow(sink) { $0.writtenBytes == UInt64(2 * round) }
        }
        sink.close()
        writer.join()
    }

    /// Looks until the writer's thread has come so far.
    private func follow(_ sink: LogSink, _ condition: (LogSink.Statistics) -> Bool) throws {
        try awaitCondition { condition(sink.statistics) }
    }

    private func awaitFile(_ name: String) throws {
        try awaitCondition { unsafe access("\(directory)/\(name)", F_OK) == 0 }
    }

    /// The bound, a minute, is there so that a failing test ends.
    private func awaitCondition(_ condition: () -> Bool) throws {
        let deadline = MonotonicTime.now() + .seconds(60)
        while !condition() {
            try #require(MonotonicTime.now() < deadline)
            sched_yield()
        }
    }

    private func read(_ name: String) throws -> String {
        let file = unsafe open("\(directory)/\(name)", O_RDONLY | O_CLOEXEC)
        try #require(file >= 0)
        defer { close(file) }
        var text: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65536)
        while case let count = unsafe Glibc.read(file, &block, block.count), count > 0 {
            text.append(contentsOf: block[..<count])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
