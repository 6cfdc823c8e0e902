/// Files and folders that are looked at again and again, and what in them is new.
///
/// Polling, because it sees what inotify does not: files on network and overlay file systems, and a link somewhere in the
/// middle of the path that now leads elsewhere. A look is one `stat` a file.
package struct WatchedFiles {
    /// What a look found.
    package enum Finding {
        case contents(path: String, [UInt8])
        case unreadable(path: String, FileReadError)
    }

    private let paths: [String]
    private let limit: Int
    /// Of each file, the state in which it was last read, or the failure that was last told.
    private var seen: [String: Sight] = [:]

    private enum Sight: Hashable {
        case read(FileStamp)
        case failed(FileReadError)
    }

    /// Watches files and folders; files of more bytes than the limit are not read.
    package init(paths: [String], limit: Int) {
        self.paths = paths
        self.limit = limit
    }

    /// Reads what is new or has changed since the last look.
    ///
    /// A failure is told once, until it changes.
    package mutating func look(_ found: (Finding) -> Void) {
        var present: Set<String> = []
        for path in paths {
            do throws(FileReadError) {
                guard try WatchedFiles.stamp(path).isFolder else {
                    present.insert(path)
                    read(path, found)
                    continue
                }
                for inner in try Folder.paths(in: path) {
                    // What left between the listing and now is gone; folders within folders are not looked into.
                    guard let (_, isFolder) = try? WatchedFiles.stamp(inner), !isFolder else { continue }
                    present.insert(inner)
                    read(inner, found)
                }
            } catch {
                present.insert(path)
                tell(error, of: path, found)
            }
        }
        seen = seen.filter { present.contains($0.key) }
    }

    /// Forgets a file, so that the next look reads it again though it be unchanged.
    mutating func forget(_ path: String) {
        seen[path] = nil
    }

    private mutating func read(_ path: String, _ found: (Finding) -> Void) {
        do throws(FileReadError) {
            let (stamp, _) = try WatchedFiles.stamp(path)
            guard seen[path] != .read(stamp) else { return }
            let contents = try FileContents(path: path, limit: limit)
            seen[path] = .read(contents.stamp)
            found(.contents(path: path, contents.bytes))
        } catch {
            tell(error, of: path, found)
        }
    }

    private mutating func tell(_ error: FileReadError, of path: String, _ found: (Finding) -> Void) {
        guard seen[path] != .failed(error) else { return }
        seen[path] = .failed(error)
        found(.unreadable(path: path, error))
    }

    private static func stamp(_ path: String) throws(FileReadError) -> (stamp: FileStamp, isFolder: Bool) {
        do { return try FileStamp.at(path) } catch { throw .system(error) }
    }
}
