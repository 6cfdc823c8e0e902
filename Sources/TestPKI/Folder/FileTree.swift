import Glibc

/// A folder that is written under a name of its own beside the final one and takes its place whole.
struct FileTree: ~Copyable {
    /// The name of the file by which a generated folder is known, so that no other folder is ever removed.
    static let marker = ".poterne-testpki"

    private let destination: String
    private let temporary: String
    private var folders: Set<String> = []
    private var isPublished = false

    /// Begins a folder that is to take the place of another, or of none.
    static func replacing(_ destination: String) throws(TestPKIError) -> FileTree {
        var path = destination
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        guard try mayReplace(path) else { throw .notGenerated(path: path) }
        let beside = "\(path).new-\(getpid())"
        if let slash = path.lastIndex(of: "/") { try makeFolders(String(path[..<slash])) }
        try makeFolder(beside, mode: 0o755)
        return FileTree(destination: path, temporary: beside)
    }

    private init(destination: String, temporary: String) {
        self.destination = destination
        self.temporary = temporary
    }

    deinit {
        if !isPublished { Self.remove(temporary) }
    }

    /// Writes a file and the folders above it.
    mutating func write(_ file: GeneratedFile) throws(TestPKIError) {
        var folder = temporary
        for part in file.name.split(separator: "/").dropLast() {
            folder += "/" + part
            if folders.insert(folder).inserted { try Self.makeFolder(folder, mode: 0o755) }
        }
        try Self.writeFile("\(temporary)/\(file.name)", file.bytes, mode: file.isSecret ? 0o600 : 0o644)
    }

    /// Makes an empty folder that only its owner may enter.
    mutating func makePrivateFolder(_ name: String) throws(TestPKIError) {
        try Self.makeFolder("\(temporary)/\(name)", mode: 0o700)
    }

    /// Takes the place of the former folder.
    consuming func publish() throws(TestPKIError) {
        let former = "\(destination).old-\(getpid())"
        let hadFormer = unsafe rename(destination, former) == 0
        guard hadFormer || errno == ENOENT else {
            throw .system(call: "rename", path: destination, errno: errno)
        }
        guard unsafe rename(temporary, destination) == 0 else {
            let number = errno
            if hadFormer { _ = unsafe rename(former, destination) }
            throw .system(call: "rename", path: destination, errno: number)
        }
        isPublished = true
        if hadFormer { Self.remove(former) }
    }

    /// Whether there is nothing, an empty folder, or one that was made here.
    private static func mayReplace(_ path: String) throws(TestPKIError) -> Bool {
        guard let names = try entries(of: path) else { return true }
        return names.isEmpty || names.contains(marker)
    }

    /// The names in a folder; nothing if there is no such folder.
    private static func entries(of path: String) throws(TestPKIError) -> [String]? {
        guard let folder = unsafe opendir(path) else {
            if errno == ENOENT { return nil }
            throw .system(call: "opendir", path: path, errno: errno)
        }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
                unsafe String(cString: UnsafeRawPointer(field).assumingMemoryBound(to: CChar.self))
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Removes a tree of ours.
    ///
    /// Links are removed, not followed; what cannot be removed stays.
    private static func remove(_ path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            _ = unsafe unlink(path)
            return
        }
        for name in (try? entries(of: path)) ?? [] { remove("\(path)/\(name)") }
        _ = unsafe rmdir(path)
    }

    private static func makeFolders(_ path: String) throws(TestPKIError) {
        var partial = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            partial += "/" + part
            try makeFolder(partial, mode: 0o755)
        }
    }

    private static func makeFolder(_ path: String, mode: mode_t) throws(TestPKIError) {
        guard unsafe mkdir(path, mode) == 0 || errno == EEXIST else {
            throw .system(call: "mkdir", path: path, errno: errno)
        }
    }

    private static func writeFile(_ path: String, _ bytes: [UInt8], mode: mode_t) throws(TestPKIError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw .system(call: "open", path: path, errno: errno) }
        defer { close(descriptor) }
        var start = 0
        while start < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: start), buffer.count - start)
            }
            guard written > 0 else {
                if written < 0, errno == EINTR { continue }
                throw .system(call: "write", path: path, errno: errno)
            }
            start += written
        }
    }
}
