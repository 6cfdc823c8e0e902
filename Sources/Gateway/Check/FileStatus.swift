internal import Glibc

/// What the system says of a file, links followed.
struct FileStatus {
    private let facts: stat

    /// Asks; nil when there is no such file, or it cannot be seen.
    init?(_ path: String) {
        var facts = stat()
        guard unsafe stat(path, &facts) == 0 else { return nil }
        self.facts = facts
    }

    var isFolder: Bool { facts.st_mode & S_IFMT == S_IFDIR }
    var permissions: UInt32 { UInt32(facts.st_mode) & 0o7777 }
    var owner: UInt32 { facts.st_uid }
    var group: UInt32 { facts.st_gid }

    /// As `chmod` takes it.
    var modeText: String {
        let digits = String(permissions, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    /// The folder that a path lies in.
    static func folder(of path: String) -> String {
        let trimmed = path.count > 1 && path.hasSuffix("/") ? path.dropLast() : path[...]
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }
}

/// Whom the gateway would run as: `user` when root starts it, else whoever asks.
struct ActingUser {
    /// For messages and commands.
    let name: String
    /// Whether the configured user does not exist.
    let isMissing: Bool
    private let identifier: UInt32
    private let groups: Set<UInt32>
    /// Whether the system can be asked about this very process.
    private let isThisProcess: Bool

    /// More groups than anybody is in.
    private static let maxGroups: Int32 = 256

    init(_ configured: String?) {
        let me = geteuid()
        guard me == 0, let configured else {
            let entry = unsafe getpwuid(me)
            name = unsafe entry.map { unsafe String(cString: $0.pointee.pw_name) } ?? "\(me)"
            (isMissing, identifier, groups, isThisProcess) = (false, me, [], true)
            return
        }
        name = configured
        guard let entry = unsafe getpwnam(configured) else {
            (isMissing, identifier, groups, isThisProcess) = (true, me, [], true)
            return
        }
        isMissing = false
        identifier = unsafe entry.pointee.pw_uid
        var list = [gid_t](repeating: 0, count: Int(ActingUser.maxGroups))
        var count = ActingUser.maxGroups
        let group = unsafe entry.pointee.pw_gid
        let found = unsafe getgrouplist(configured, group, &list, &count)
        groups = found < 0 ? [group] : Set(list.prefix(Int(count)))
        isThisProcess = identifier == me
    }

    /// Whether it may write a file, or make files in a folder.
    func mayWrite(_ path: String, _ status: FileStatus) -> Bool {
        if isThisProcess {
            return unsafe access(path, status.isFolder ? W_OK | X_OK : W_OK) == 0
        }
        let wanted: UInt32 = status.isFolder ? 0o3 : 0o2
        let granted =
            if status.owner == identifier {
                status.permissions >> 6
            } else if groups.contains(status.group) {
                status.permissions >> 3
            } else {
                status.permissions
            }
        return granted & wanted == wanted
    }
}
