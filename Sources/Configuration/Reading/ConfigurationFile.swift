import Glibc

/// The bytes of a configuration file, bounded.
enum ConfigurationFile {
    /// Why there is no text.
    enum Fault: Error {
        /// A call failed with this `errno`.
        case system(call: String, code: Int32)
        /// More than `Limits.fileSize` bytes.
        case tooLarge
    }

    /// Reads the whole file.
    ///
    /// The corresponding C functions are `open` and `read`.
    static func read(_ path: String) throws(Fault) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(call: "open", code: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = unsafe block.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(call: "read", code: errno) }
            if count == 0 { return bytes }
            bytes += block.prefix(count)
            guard bytes.count <= Limits.fileSize else { throw .tooLarge }
        }
    }
}

extension ConfigurationFile.Fault: CustomStringConvertible {
    var description: String {
        switch self {
        case .system(_, let code): "the file cannot be read: " + (unsafe String(cString: strerror(code)))
        case .tooLarge: "the file is larger than \(SizeForm.text(Limits.fileSize))"
        }
    }
}
