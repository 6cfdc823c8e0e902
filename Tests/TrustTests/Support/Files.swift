import DER
import Glibc
import X509

/// Why a file of a test cannot be read.
struct UnreadableFile: Error {
    let path: String
}

/// The bytes of a file of a test.
func read(_ path: String) throws -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw UnreadableFile(path: path) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = unsafe Glibc.read(descriptor, &block, block.count)
        guard count >= 0 else { throw UnreadableFile(path: path) }
        guard count > 0 else { return bytes }
        bytes += block[..<count]
    }
}

/// The certificates of a file of a test.
func certificates(in path: String) throws -> [Certificate] {
    try CertificateFile.certificates(in: read(path))
}

/// The value of an environment variable.
func environmentVariable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
}

/// Whether a file is there.
func exists(_ path: String) -> Bool {
    unsafe access(path, R_OK) == 0
}
