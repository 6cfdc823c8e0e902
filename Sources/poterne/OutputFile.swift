import Glibc

/// Files and folders that a command makes.
enum OutputFile {
    /// Why one cannot be made.
    struct Fault: Error, CustomStringConvertible {
        let path: String
        let code: Int32

        var description: String { "cannot write \(path): \(unsafe String(cString: strerror(code)))" }
    }

    /// Makes a folder and the folders above it, unless they are there.
    static func makeFolder(_ path: String) throws(Fault) {
        var end = path.startIndex
        while end < path.endIndex {
            end = path[end...].dropFirst().firstIndex(of: "/") ?? path.endIndex
            let part = String(path[..<end])
            guard unsafe mkdir(part, 0o755) != 0, errno != EEXIST else { continue }
            throw Fault(path: part, code: errno)
        }
    }

    /// Writes a file whole, in the place of what is there: whoever reads it sees the old one or the new one.
    static func write(_ text: String, to path: String) throws(Fault) {
        let temporary = "\(path).new"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw Fault(path: path, code: errno) }
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let step = unsafe bytes[written...].withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if step < 0 && errno == EINTR { continue }
            guard step > 0 else { break }
            written += step
        }
        let isWhole = written == bytes.count && fsync(descriptor) == 0
        let code = errno
        close(descriptor)
        guard isWhole, unsafe rename(temporary, path) == 0 else {
            let fault = Fault(path: path, code: isWhole ? errno : code)
            unsafe unlink(temporary)
            throw fault
        }
    }
}
