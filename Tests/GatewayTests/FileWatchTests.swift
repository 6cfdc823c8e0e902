import DER
import EventLoop
import Foundation
import Glibc
import Logging
import Testing

@testable import Gateway

@Suite("A watch on files")
struct FileWatchTests {
    private final class Told {
        var changes: [[String]] = []
    }

    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("watch-\(UUID().uuidString)")
        .path

    private func write(_ text: String, to name: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }

    private func look(_ watch: FileWatch, at paths: [String], times: Int) {
        for _ in 0..<times { watch.look(at: FileWatch.fingerprints(of: paths)) }
    }

    @Test("tells of two files that changed one after the other at once, when both are at rest")
    func debounced() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let told = Told()
        let watch = FileWatch(loop: try EventLoop()) { told.changes.append($0) }
        let paths = ["\(folder)/chain", "\(folder)/key"]
        try write("1", to: "chain")
        try write("1", to: "key")
        watch.watch(paths, since: FileWatch.fingerprints(of: paths))
        look(watch, at: paths, times: 3)
        #expect(told.changes.isEmpty)
        try write("2", to: "chain")
        look(watch, at: paths, times: 2)
        try write("2", to: "key")
        look(watch, at: paths, times: 2)
        #expect(told.changes.isEmpty, "it is not known yet whether more comes")
        look(watch, at: paths, times: 1)
        #expect(told.changes == [paths])
        look(watch, at: paths, times: 5)
        #expect(told.changes.count == 1)
    }

    @Test("tells of what has changed while it was being read")
    func meanwhile() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let told = Told()
        let watch = FileWatch(loop: try EventLoop()) { told.changes.append($0) }
        let path = "\(folder)/key"
        try write("1", to: "key")
        let before = FileWatch.fingerprints(of: [path])
        try write("2", to: "key")
        watch.watch([path], since: before)
        look(watch, at: [path], times: 4)
        #expect(told.changes == [[path]])
    }

    @Test("tells of a file that goes and comes, and of a link that leads elsewhere")
    func goesAndComes() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let told = Told()
        let watch = FileWatch(loop: try EventLoop()) { told.changes.append($0) }
        try write("1", to: "first")
        try write("1", to: "second")
        let path = "\(folder)/link"
        #expect(unsafe symlink("first", path) == 0)
        watch.watch([path], since: FileWatch.fingerprints(of: [path]))
        #expect(unsafe unlink(path) == 0)
        look(watch, at: [path], times: 3)
        #expect(told.changes.count == 1)
        #expect(unsafe symlink("second", path) == 0)
        look(watch, at: [path], times: 3)
        #expect(told.changes.count == 2)
    }
}

@Suite("The watchdog")
struct WatchdogTests {
    private func report(_ moment: MonotonicTime) -> WorkerReport {
        WorkerReport(metrics: WorkerMetrics(), connections: 0, cache: CacheTotals(), lag: .zero, moment: moment)
    }

    /// What a service manager hears.
    private final class Manager {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("notify-\(UUID().uuidString)").path
        private let number: Int32

        init() {
            number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let bytes = Array(path.utf8)
            unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
            let outcome = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe bind(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            #expect(outcome == 0)
        }

        deinit {
            close(number)
            _ = unsafe unlink(path)
        }

        var heard: [String] {
            var messages: [String] = []
            var buffer = [UInt8](repeating: 0, count: 4_096)
            while true {
                let count = unsafe recv(number, &buffer, buffer.count, 0)
                guard count > 0 else { return messages }
                messages.append(String(decoding: buffer.prefix(count), as: UTF8.self))
            }
        }
    }

    private static var silent: Logger {
        Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    }

    @Test("is fed while every loop turns, and not while one does not")
    func fed() throws {
        let listener = Manager()
        let manager = ServiceManager(
            environment: ["NOTIFY_SOCKET": listener.path, "WATCHDOG_USEC": "4000000", "WATCHDOG_PID": "7"], process: 7)
        let watchdog = Watchdog(
            loop: try EventLoop(), scoreboard: Scoreboard(), manager: manager, log: Self.silent)
        let start = MonotonicTime.now()
        watchdog.look(at: [(0, report(start)), (1, report(start))], now: start + .seconds(1))
        #expect(listener.heard == ["WATCHDOG=1"])
        watchdog.look(at: [(0, report(start + .seconds(4))), (1, report(start))], now: start + .seconds(4))
        #expect(listener.heard == [])
        let later = start + .seconds(5)
        watchdog.look(at: [(0, report(later)), (1, report(later))], now: later)
        #expect(listener.heard == ["WATCHDOG=1"])
    }

    @Test("of another process is not ours")
    func another() {
        let environment = ["NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "4000000", "WATCHDOG_PID": "7"]
        #expect(ServiceManager(environment: environment, process: 8).watchdog == nil)
        #expect(ServiceManager(environment: environment, process: 7).watchdog == .seconds(4))
        #expect(ServiceManager(environment: ["WATCHDOG_USEC": "4000000"], process: 7).watchdog == nil)
    }

    @Test("lag is what the last report says, and grows while none comes")
    func lag() {
        let start = MonotonicTime.now()
        #expect(Watchdog.lag(of: report(start), now: start + .milliseconds(100)) == .zero)
        #expect(Watchdog.lag(of: report(start), now: start + .milliseconds(2_500)) == .seconds(2))
    }

    @Test("a wall clock that is set is noticed, forwards and back, and one that only ticks is not")
    func clock() {
        var watch = ClockWatch()
        let (wall, start) = (Timestamp.now(), MonotonicTime.now())
        #expect(watch.look(wall: wall, monotonic: start) == nil)
        #expect(watch.look(wall: wall.adding(seconds: 1), monotonic: start + .seconds(1)) == nil)
        #expect(watch.look(wall: wall.adding(seconds: 3), monotonic: start + .seconds(2)) == nil, "cut to seconds")
        let jump = watch.look(wall: wall.adding(seconds: 7_203), monotonic: start + .seconds(3)) ?? 0
        #expect(abs(jump - 7_199) <= 1)
        #expect(watch.look(wall: wall.adding(seconds: 7_204), monotonic: start + .seconds(4)) == nil)
        let back = watch.look(wall: wall.adding(seconds: 4), monotonic: start + .seconds(5)) ?? 0
        #expect(abs(back + 7_201) <= 1)
    }

    @Test("who sleeps is not taken for who set the clock")
    func sleeping() {
        var watch = ClockWatch()
        let (wall, start) = (Timestamp.now(), MonotonicTime.now())
        _ = watch.look(wall: wall, monotonic: start)
        #expect(watch.look(wall: wall.adding(seconds: 600), monotonic: start + .seconds(600)) == nil)
    }
}
