import Glibc
import X509

/// The real certificates that the ANS and its partners published, read in place and never copied into the tree.
///
/// They lie where `POTERNE_IGC_SANTE` says, or beside the package; tests that need them are skipped where they are not.
enum RealCertificates {
    static let directory =
        unsafe getenv("POTERNE_IGC_SANTE").map { unsafe String(cString: $0) } ?? "../shared/igc-sante"

    static var arePresent: Bool { unsafe access(directory + "/ca/ACR-EL.pem", R_OK) == 0 }

    static func certificate(_ path: String) throws -> Certificate {
        let certificates = try CertificateFile.certificates(in: bytes(path))
        guard let first = certificates.first else { throw Unreadable(path: path) }
        return first
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        let descriptor = unsafe open("\(directory)/\(path)", O_RDONLY)
        guard descriptor >= 0 else { throw Unreadable(path: path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
        }
    }

    struct Unreadable: Error {
        let path: String
    }
}
