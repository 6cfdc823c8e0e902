import DER
import Glibc

/// A file or folder that an operator names on the command line.
enum InputFile {
    /// Why it cannot be used.
    enum Fault: Error, CustomStringConvertible {
        /// The system's word.
        case system(path: String, errno: Int32)
        /// More bytes than any file read here has.
        case tooLarge(path: String)

        var description: String {
            switch self {
            case .system(let path, let code): "\(path): \(unsafe String(cString: strerror(code)))"
            case .tooLarge(let path): "\(path): the file is larger than \(InputFile.maxSize >> 20) MiB"
            }
        }
    }

    /// The largest file read: a CRL of the greatest size, as PEM.
    static let maxSize = 200 << 20

    /// The bytes of a file; `-` is standard input.
    static func read(_ path: String) throws(Fault) -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(path: path, errno: errno) }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe Glibc.read(descriptor, &block, block.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw .system(path: path, errno: errno)
            }
            guard count > 0 else { return bytes }
            bytes += block[..<count]
            guard bytes.count <= maxSize else { throw .tooLarge(path: path) }
        }
    }

    /// When a file was last written; nil when there is none.
    static func modified(_ path: String) -> Timestamp? {
        var facts = stat()
        guard unsafe stat(path, &facts) == 0 else { return nil }
        return Timestamp(secondsSinceEpoch: Int64(facts.st_mtim.tv_sec))
    }

    /// The files right below a folder, sorted by name; nil when it is none.
    static func contents(ofFolder path: String) -> [String]? {
        guard let folder = unsafe opendir(path) else { return nil }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append("\(path)/\(name)") }
        }
        return names.sorted()
    }
}
