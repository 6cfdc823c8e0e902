import Foundation
import Glibc

/// A folder of a test's own, that goes away with its owner.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("poterne-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of something in it.
    subscript(name: String) -> String { "\(path)/\(name)" }

    /// Writes a file, and the folders above it, so that whoever reads it finds the whole of it.
    @discardableResult
    func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        let file = URL(fileURLWithPath: self[name])
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        guard Self.isSecret(name) else {
            try Data(bytes).write(to: file, options: .atomic)
            return file.path
        }
        // Never, not for an instant, with the mode of other files: keys that others may read are refused.
        let temporary = "\(file.path).\(UUID().uuidString)"
        _ = FileManager.default.createFile(
            atPath: temporary, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
        guard unsafe rename(temporary, file.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        return file.path
    }

    /// Whether a file has a key or a passphrase in it, as far as its name tells.
    private static func isSecret(_ name: String) -> Bool {
        ["key", "p12", "pass", "secret", "pin"].contains { name.contains($0) }
    }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try write(text.utf8, to: name)
    }

    func text(_ name: String) -> String {
        (try? String(contentsOfFile: self[name], encoding: .utf8)) ?? ""
    }
}

/// The bytes of a file.
func contents(of path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
}
