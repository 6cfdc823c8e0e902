import Foundation
import Synchronization

/// The log files of the processes that are running, to be shown when a test fails.
final class RunningLogs: Sendable {
    static let shared = RunningLogs()

    private let paths = Mutex<[String]>([])

    func add(_ path: String) {
        paths.withLock { $0.append(path) }
    }

    func remove(_ path: String) {
        paths.withLock { $0.removeAll { $0 == path } }
    }

    /// The last lines of each.
    func tails(lines: Int = 40) -> [String] {
        paths.withLock { $0 }.compactMap { path in
            guard let text = try? String(contentsOfFile: path, encoding: .utf8), !text.isEmpty else { return nil }
            return "--- \(path)\n" + text.split(separator: "\n").suffix(lines).joined(separator: "\n")
        }
    }
}
