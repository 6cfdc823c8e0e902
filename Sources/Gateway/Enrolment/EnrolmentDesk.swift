internal import Configuration

/// The enrolment lists of a process: read at start and at each reload, and read again when a file changes.
///
/// Belongs to the control thread. A list that cannot be used changes nothing: the last good one stays in force, and the
/// fault is told once for each state of the file.
final class EnrolmentDesk {
    private struct Known {
        var table: EnrolmentTable
        /// The file of `table`.
        var good: FileFingerprint?
        /// The file as it was last seen.
        var seen: FileFingerprint?
        /// The state of the file that was told to be no good.
        var told: Told?
    }

    private enum Told: Equatable {
        case missing
        case bad(FileFingerprint)
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
        let fingerprint = FileFingerprint(of: file.path)
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
        guard let now = FileFingerprint(of: path) else {
            entry.seen = nil
            return Self.tell(.missing, &entry, path, "the file is not there")
        }
        let isStillWritten = entry.seen.map { $0 != now && $0.isOfSameFile(as: now) } ?? false
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
            guard FileFingerprint(of: path) == now else { return nil }
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
