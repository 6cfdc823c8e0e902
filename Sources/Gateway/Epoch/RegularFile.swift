internal import EventLoop
internal import Glibc

/// A regular file that is open for reading: no pipe, no device, no folder.
struct RegularFile: ~Copyable {
    let path: String
    /// Bytes in it when it was opened.
    let size: Int
    /// Permission bits and kind, as `stat` gives them.
    let mode: UInt32
    /// The user whom it belongs to.
    let owner: UInt32
    private let descriptor: Descriptor

    init(_ path: String) throws(FileError) {
        let number = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { throw .unreadable(path: path, errno: errno) }
        let descriptor = Descriptor(owning: number)
        var facts = stat()
        guard unsafe fstat(number, &facts) == 0 else { throw .unreadable(path: path, errno: errno) }
        guard facts.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
        self.path = path
        size = Int(facts.st_size)
        mode = UInt32(facts.st_mode)
        owner = facts.st_uid
        self.descriptor = descriptor
    }

    /// Refuses a file that was larger than `limit` bytes when it was opened.
    func checkSize(_ limit: Int) throws(FileError) {
        guard size <= limit else { throw .tooLarge(path: path, limit: limit) }
    }

    /// Reads what comes next into `bytes`, from `offset` on; zero bytes are the file's end.
    func read(into bytes: inout [UInt8], from offset: Int = 0) throws(FileError) -> Int {
        while true {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                let room = unsafe buffer.dropFirst(offset)
                return unsafe Glibc.read(
                    descriptor.rawValue, UnsafeMutableRawBufferPointer(rebasing: room).baseAddress, room.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(path: path, errno: errno) }
            return count
        }
    }
}
