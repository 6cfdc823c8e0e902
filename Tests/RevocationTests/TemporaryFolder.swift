import Glibc

/// A folder of a test, gone with it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/poterne-revocation-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw Failure(call: "mkdtemp") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { Self.remove(path) }

    struct Failure: Error {
        let call: String
    }

    /// Writes a file in one go.
    func write(_ bytes: [UInt8], to name: String) throws {
        let descriptor = unsafe open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else { throw Failure(call: "open") }
        defer { close(descriptor) }
        guard unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw Failure(call: "write") }
    }

    /// Writes a file beside and renames it into place.
    func replace(_ name: String, with bytes: [UInt8]) throws {
        try write(bytes, to: ".\(name).tmp")
        guard unsafe rename("\(path)/.\(name).tmp", "\(path)/\(name)") == 0 else { throw Failure(call: "rename") }
    }

    /// Makes a link lead elsewhere, atomically.
    func link(_ name: String, to target: String) throws {
        guard unsafe symlink(target, "\(path)/.\(name).lnk") == 0,
            unsafe rename("\(path)/.\(name).lnk", "\(path)/\(name)") == 0
        else { throw Failure(call: "symlink") }
    }

    func folder(_ name: String) throws {
        guard unsafe mkdir("\(path)/\(name)", 0o755) == 0 else { throw Failure(call: "mkdir") }
    }

    func remove(_ name: String) {
        Self.remove("\(path)/\(name)")
    }

    static func names(in path: String) -> [String] {
        guard let folder = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
                unsafe String(cString: UnsafeRawPointer(field).assumingMemoryBound(to: CChar.self))
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private static func remove(_ path: String) {
        if unsafe unlink(path) == 0 { return }
        for name in names(in: path) { remove("\(path)/\(name)") }
        _ = unsafe rmdir(path)
    }
}
