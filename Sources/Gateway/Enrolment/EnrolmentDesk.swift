internal import Configuration
internal import Glibc

/// The enrolment lists of a process: read at start and at each reload, and read again when a file changes.
///
/// Belongs to the control thread. A list that cannot be used changes nothing: the last good one stays in force, and the
/// fault is told once for each state of the file.
final class EnrolmentDesk {
    /// What the file was when it was looked at: a rename or another target of a link is another inode.
    struct Fingerprint: Equatable {
        let device: UInt64
        let inode: UInt64
        let size: Int
        let modified: [Int]

        init?(_ path: String) {
            var facts = stat()
            guard unsafe stat(path, &facts) == 0 else { return nil }
            device = UInt64(facts.st_dev)
            inode = UInt64(facts.st_ino)
            size = Int(facts.st_size)
            modified = [facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec, facts.st_ctim.tv_sec, facts.st_ctim.tv_nsec]
        }

        /// Whether it may still be written: the same file as before, with other bytes.
        func isRewritten(since before: Fingerprint?) -> Bool {
            guard let before else { return false }
            return before.device == device && before.inode == inode && before != self
        }
    }

    private struct Known {
        var table: EnrolmentTable
        /// The file of `table`.
        var good: Fingerprint?
        /// The file as it was last seen.
        var seen: Fingerprint?
        /// The state of the file that was told to be no good.
        var told: Told?
    }

    private enum Told: Equatable {
        case missing
        case bad(Fingerprint)
    }

    private var known: [String: Known] = [:]

    /// What has become of the files since the last look.
    enum News: Equatable {
        /// A new list is in force, of so many callers.
        case taken(file: String, callers: Int)
        /// A list cannot be used, and why; the one before stays.
        case refused(file: String, reason: String)
    }

    /// The list of a file, as it is now.
    func table(of file: FileReference) throws(StartupProblem) -> EnrolmentTable {
        let fingerprint = Fingerprint(file.path)
        if let known = known[file.path], known.good == fingerprint, fingerprint != nil { return known.table }
        do throws(ConfigurationErrors) {
            let table = EnrolmentTable(try EnrolmentList.load(path: file.path))
            known[file.path] = Known(table: table, good: fingerprint, seen: fingerprint)
            return table
        } catch {
            throw StartupProblem(location: file.location, message: "\(error)", remedy: nil)
        }
    }

    /// The lists in force, of these files.
    func tables(of files: [String]) -> [EnrolmentTable] {
        files.compactMap { known[$0]?.table }
    }

    /// Forgets the lists that no route names any more.
    func keep(_ files: [String]) {
        known = known.filter { files.contains($0.key) }
    }

    /// How the lists stand, for metrics.
    var standings: [(file: String, callers: Int, isStale: Bool)] {
        known.map { (file: $0.key, callers: $0.value.table.count, isStale: $0.value.told != nil) }
            .sorted { $0.file < $1.file }
    }

    /// Looks whether files have changed, and takes those that have.
    func refresh() -> [News] {
        known.keys.sorted().compactMap(refresh)
    }

    private func refresh(_ path: String) -> News? {
        guard var entry = known[path] else { return nil }
        defer { known[path] = entry }
        guard let now = Fingerprint(path) else {
            entry.seen = nil
            return Self.tell(.missing, &entry, path, "the file is not there")
        }
        let isStillWritten = now.isRewritten(since: entry.seen)
        entry.seen = now
        if now == entry.good {
            entry.told = nil
            return nil
        }
        // A file that is overwritten in place may be half there: it is read once it has rested between two looks.
        guard !isStillWritten, entry.told != .bad(now) else { return nil }
        do throws(ConfigurationErrors) {
            let table = EnrolmentTable(try EnrolmentList.load(path: path))
            // What changed while it was read is looked at again.
            guard Fingerprint(path) == now else { return nil }
            entry.table = table
            entry.good = now
            entry.told = nil
            return .taken(file: path, callers: table.count)
        } catch {
            return Self.tell(.bad(now), &entry, path, "\(error)")
        }
    }

    private static func tell(_ told: Told, _ entry: inout Known, _ path: String, _ reason: String) -> News? {
        guard entry.told != told else { return nil }
        entry.told = told
        return .refused(file: path, reason: reason)
    }
}
