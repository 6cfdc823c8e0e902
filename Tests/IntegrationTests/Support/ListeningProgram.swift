import Foundation
import Glibc

/// A server of somebody else's that runs while a test needs it.
final class ListeningProgram {
    /// Where programs are that a user's PATH may not name.
    private static let folders = ["/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin"]

    /// The path of a program; nil if it is not installed.
    static func path(of name: String) -> String? {
        folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    struct CannotStart: Error {
        let log: String
    }

    private let process: ChildProcess
    private let folder: TestFolder

    /// Starts `name`, and waits until it `listens`.
    init(_ name: String, _ arguments: [String], in folder: TestFolder, listens: () -> Bool) throws {
        self.folder = folder
        let process = try ChildProcess(
            Self.path(of: name) ?? name, arguments, output: folder["output"], errors: folder["errors"])
        self.process = process
        try eventually("\(name) listens") {
            guard process.isRunning else { throw CannotStart(log: Self.log(in: folder)) }
            return listens()
        }
    }

    deinit {
        // Its workers go with it.
        process.send(SIGTERM)
        _ = try? process.wait(within: 10)
    }

    /// What it said of itself.
    var log: String { Self.log(in: folder) }

    private static func log(in folder: TestFolder) -> String { folder.text("errors") + folder.text("output") }
}
