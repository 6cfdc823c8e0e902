internal import Crypto
internal import Glibc
internal import X509

/// The folder where the last good CRL of each CA is kept, so that a start without network has them, and what else is to
/// outlive the process.
///
/// Nothing in it is believed: what is read from it is offered and verified like what comes from anywhere else.
public struct StateDirectory {
    private let path: String

    /// Uses a folder, which is made with mode 0700 when it is missing and may be written, and so is the one that holds it.
    public init(_ path: String, writing: Bool = true) throws(SystemFailure) {
        self.path = path
        guard writing, !StateDirectory.make(path) else { return }
        if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            guard StateDirectory.make(String(path[..<slash])), StateDirectory.make(path) else {
                throw SystemFailure("mkdir")
            }
            return
        }
        throw SystemFailure("mkdir")
    }

    /// Whether a folder is there, made or found; `errno` says why not.
    private static func make(_ path: String) -> Bool {
        unsafe mkdir(path, 0o700) == 0 || errno == EEXIST
    }

    /// The paths of the CRLs in it, bases first.
    func lists() throws(FileReadError) -> [String] {
        let paths = try Folder.paths(in: path).filter { $0.hasSuffix(".crl") }
        return paths.filter { !$0.hasSuffix("-delta.crl") } + paths.filter { $0.hasSuffix("-delta.crl") }
    }

    /// Keeps a CRL in the place of the one of the same CA, scope and kind.
    ///
    /// At any moment, a crash of the machine included, the place holds the old one or the new one whole.
    func keep(_ list: CertificateRevocationList, of authority: Certificate) throws(SystemFailure) {
        let key = IssuerKey(of: authority).digest.hex.prefix(24)
        let encoded = list.scope.encoded
        let scope = encoded.isEmpty ? "" : "-" + SHA256.digest(of: encoded.span).hex.prefix(16)
        let name = "\(key)\(scope)\(list.isDelta ? "-delta" : "").crl"
        try write(list.der, to: name)
    }

    /// The name of the file that says how the sources stand.
    private static let recordsName = "sources"

    /// Keeps how the sources stand, in the place of what was kept before.
    func keep(_ records: [SourceRecord]) throws(SystemFailure) {
        try write(Array(records.map { $0.line + "\n" }.joined().utf8), to: StateDirectory.recordsName)
    }

    /// How the sources stood when that was last kept; nothing when it never was, or cannot be read.
    var records: [SourceRecord] {
        let file = try? FileContents(
            path: "\(path)/\(StateDirectory.recordsName)", limit: RevocationLimits.recordsSize)
        return String(decoding: file?.bytes ?? [], as: UTF8.self).split(separator: "\n")
            .compactMap { SourceRecord(line: $0) }
    }

    /// Reads a file whole; nil where there is none.
    ///
    /// - Throws: `FileReadError`, also for one of more than `limit` bytes, of which nothing is read.
    public func read(_ name: String, limit: Int) throws(FileReadError) -> [UInt8]? {
        do throws(FileReadError) {
            return try FileContents(path: "\(path)/\(name)", limit: limit).bytes
        } catch {
            if case .system(let failure) = error, failure.code == ENOENT { return nil }
            throw error
        }
    }

    /// Puts a file in the place of the one of the same name.
    ///
    /// At any moment, a crash of the machine included, the place holds the old one or the new one whole.
    public func write(_ bytes: [UInt8], to name: String) throws(SystemFailure) {
        // Hidden from readers by its dot; one writer has the folder, so a left-over of a crash is simply overwritten.
        let temporary = "\(path)/.\(name).new"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SystemFailure("open") }
        do throws(SystemFailure) {
            defer { close(descriptor) }
            try StateDirectory.write(bytes, to: descriptor)
            guard fsync(descriptor) == 0 else { throw SystemFailure("fsync") }
        } catch {
            unsafe unlink(temporary)
            throw error
        }
        guard unsafe rename(temporary, "\(path)/\(name)") == 0 else {
            let failure = SystemFailure("rename")
            unsafe unlink(temporary)
            throw failure
        }
        // The rename itself is durable only once the folder is.
        let folder = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw SystemFailure("open") }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw SystemFailure("fsync") }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(SystemFailure) {
        var written = 0
        while written < bytes.count {
            let step = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    descriptor, buffer.baseAddress.map { unsafe $0 + written }, buffer.count - written)
            }
            if step < 0 && errno == EINTR { continue }
            guard step >= 0 else { throw SystemFailure("write") }
            written += step
        }
    }
}
