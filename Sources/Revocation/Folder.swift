internal import Glibc

/// A folder on disk, listed.
enum Folder {
    /// The paths of what a folder holds, sorted, names that begin with a dot left out: those of editors, of files being
    /// written, and the machinery of mounted volumes that the others link to.
    ///
    /// The corresponding C functions are `opendir` and `readdir`.
    static func paths(in folder: String) throws(FileReadError) -> [String] {
        guard let directory = unsafe opendir(folder) else { throw .system(SystemFailure("opendir")) }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
                unsafe field.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
                    unsafe String(cString: $0)
                }
            }
            guard !name.hasPrefix(".") else { continue }
            guard names.count < RevocationLimits.filesPerFolder else {
                throw .tooManyFiles(limit: RevocationLimits.filesPerFolder)
            }
            names.append(name)
        }
        return names.sorted().map { folder.hasSuffix("/") ? folder + $0 : "\(folder)/\($0)" }
    }
}
