internal import Glibc

/// Why a file that the configuration names cannot be used.
enum FileError: Error, CustomStringConvertible {
    case unreadable(path: String, errno: Int32)
    case tooLarge(path: String, limit: Int)
    case notAFile(path: String)
    case openToOthers(path: String, mode: String)

    var description: String {
        switch self {
        case .unreadable(let path, let number): "cannot read \(path): \(unsafe String(cString: strerror(number)))"
        case .tooLarge(let path, let limit): "\(path) is larger than \(limit) bytes"
        case .notAFile(let path): "\(path) is not a regular file"
        case .openToOthers(let path, let mode):
            "\(path) holds a secret, and others than its owner and its group may read or change it (mode \(mode))"
        }
    }

    /// What to do about it, where there is one thing to do.
    var remedy: String? {
        guard case .openToOthers(let path, _) = self else { return nil }
        return "chmod 0600 \(path), owned by the gateway's user; or chmod 0640, owned by root and the gateway's group"
    }
}

/// Reads whole files, at start and at reload.
enum FileContents {
    /// More than any certificate bundle or key has.
    static let largest = 16 * 1024 * 1024

    /// The bytes of a regular file of at most `limit` bytes.
    static func read(_ path: String, limit: Int = largest) throws(FileError) -> [UInt8] {
        let file = try RegularFile(path)
        try file.checkSize(limit)
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = try file.read(into: &block)
            if count == 0 { return bytes }
            bytes.append(contentsOf: block[0..<count])
            guard bytes.count <= limit else { throw .tooLarge(path: path, limit: limit) }
        }
    }
}
