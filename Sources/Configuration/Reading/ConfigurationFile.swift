import Glibc

/// The bytes of a configuration file, bounded.
enum ConfigurationFile {
    /// Why there is no text.
    enum Fault: Error {
        /// A call failed with this `errno`.
        case system(call: String, code: Int32)
        /// More bytes than that.
        case tooLarge(limit: Int)
    }

    /// Reads the whole file.
    ///
    /// The corresponding C functions are `open` and `read`.
    static func read(_ path: String, limit: Int = Limits.fileSize) throws(Fault) -> [UInt8] {
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
            guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
        }
    }
}

extension ConfigurationFile {
    /// The text of a file in UTF-8.
    static func text(at path: String, limit: Int = Limits.fileSize) throws(ConfigurationErrors) -> String {
        let bytes: [UInt8]
        do throws(Fault) {
            bytes = try read(path, limit: limit)
        } catch {
            throw ConfigurationErrors(
                file: path, diagnostics: [Diagnostic(.error, at: .start, error.description)], text: "")
        }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        // The part before the first fault decodes to itself: its length tells where the fault is.
        let repaired = String(decoding: bytes, as: UTF8.self)
        let sound = zip(repaired.utf8, bytes).prefix { $0 == $1 }.count
        let before = String(decoding: bytes.prefix(sound), as: UTF8.self).unicodeScalars.count
        let location = SourceLines.location(ofScalar: before, in: repaired)
        throw ConfigurationErrors(
            file: path, diagnostics: [Diagnostic(.error, at: location, "the file is not UTF-8")], text: repaired)
    }
}

extension ConfigurationFile.Fault: CustomStringConvertible {
    var description: String {
        switch self {
        case .system(_, let code): "the file cannot be read: " + (unsafe String(cString: strerror(code)))
        case .tooLarge(let limit): "the file is larger than \(SizeForm.text(limit))"
        }
    }
}
