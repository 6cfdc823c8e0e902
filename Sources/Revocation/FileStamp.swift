internal import Glibc

/// What tells one state of a file from another without reading it.
///
/// Of the file a path leads to, links followed: a rename over it or a swapped link changes device or inode, a rewrite in
/// place changes the times or the size. The time of change (`ctime`) cannot be set back by who copies a file.
struct FileStamp: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    private let modified: [Int]

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = [
            status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
        ]
    }

    /// The state of the file at a path, and whether it is a folder.
    ///
    /// The corresponding C function is `stat`.
    static func at(_ path: String) throws(SystemFailure) -> (stamp: FileStamp, isFolder: Bool) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw SystemFailure("stat") }
        return (FileStamp(status), status.st_mode & S_IFMT == S_IFDIR)
    }
}

/// The bytes of a file, and the state of the very file they were read from.
struct FileContents {
    let bytes: [UInt8]
    let stamp: FileStamp

    /// Reads a regular file whole.
    ///
    /// It is read, not mapped: a mapped file that another process shortens kills whoever looks at it.
    /// - Throws: `FileReadError`, also for a file larger than the limit, of which nothing is read then.
    init(path: String, limit: Int) throws(FileReadError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw .system(SystemFailure("open")) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .system(SystemFailure("fstat")) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        guard Int(status.st_size) <= limit else { throw .tooLarge(limit: limit) }
        // One more than expected, so that a file that grows meanwhile is noticed.
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size) + 1)
        var count = 0
        while count < bytes.count {
            let room = bytes.count - count
            let step = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe read(descriptor, buffer.baseAddress.map { unsafe $0 + count }, room)
            }
            if step < 0 && errno == EINTR { continue }
            guard step >= 0 else { throw .system(SystemFailure("read")) }
            guard step > 0 else { break }
            count += step
        }
        bytes.removeSubrange(count...)
        self.bytes = bytes
        stamp = FileStamp(status)
    }
}

/// Why a file could not be read.
public enum FileReadError: Error, Hashable, Sendable {
    /// The system refused.
    case system(SystemFailure)
    /// It is a folder, a device, or something else than a file.
    case notAFile
    /// It is larger than the limit.
    case tooLarge(limit: Int)
    /// The folder holds more files than are looked at.
    case tooManyFiles(limit: Int)
}

extension FileReadError: CustomStringConvertible {
    /// A sentence for an operator.
    public var description: String {
        switch self {
        case .system(let failure): failure.description
        case .notAFile: "it is not a regular file"
        case .tooLarge(let limit): "it is larger than \(limit) bytes"
        case .tooManyFiles(let limit): "it holds more than \(limit) files"
        }
    }
}
