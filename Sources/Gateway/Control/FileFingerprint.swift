internal import Glibc

/// What tells one state of a file from another, links followed: a rename over it, a write into it, and a swap of a link on
/// the way to it, as Kubernetes does with `..data`, all change it.
struct FileFingerprint: Hashable, Sendable {
    private let device: UInt
    private let inode: UInt
    private let size: Int
    private let modified: Int
    private let modifiedNanoseconds: Int
    private let changed: Int
    private let changedNanoseconds: Int

    /// The state of the file at this moment; nil while there is none.
    init?(of path: String) {
        var facts = stat()
        guard unsafe stat(path, &facts) == 0 else { return nil }
        device = UInt(facts.st_dev)
        inode = UInt(facts.st_ino)
        size = Int(facts.st_size)
        modified = Int(facts.st_mtim.tv_sec)
        modifiedNanoseconds = Int(facts.st_mtim.tv_nsec)
        changed = Int(facts.st_ctim.tv_sec)
        changedNanoseconds = Int(facts.st_ctim.tv_nsec)
    }

    /// Whether it is another state of the very same file, which was written to, and may still be.
    func isOfSameFile(as other: FileFingerprint) -> Bool {
        device == other.device && inode == other.inode
    }
}
