public import DER
import Glibc

extension TestPKI {
    /// Until when the CRLs of a generated folder are fresh, so that whoever serves it knows when to make it anew.
    /// - Parameter folder: the folder.
    /// - Returns: the moment; nothing if there is no folder that was generated.
    public static func freshUntil(folder: String) -> Timestamp? {
        let descriptor = unsafe open("\(folder)/\(FileTree.marker)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1_024)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let label = Self.freshUntilLabel
        return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix(label) }
            .flatMap { Timestamp(rfc3339: String($0.dropFirst(label.count))) }
    }

    static var freshUntilLabel: String { "fresh until: " }
}
