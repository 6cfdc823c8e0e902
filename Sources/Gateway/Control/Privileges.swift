internal import CLinux
internal import Glibc

/// Gives up root once what needs it is done.
enum Privileges {
    /// Becomes `user` for good, when the process is root's; otherwise does nothing.
    ///
    /// - Parameters:
    ///   - user: whom to become.
    ///   - files: what was opened as root and `user` must be able to open again, such as logs: they become the user's.
    /// - Throws: if that user does not exist, or cannot be become.
    static func drop(to user: String?, givingAway files: [String] = []) throws(StartupProblem) {
        guard let user, geteuid() == 0 else { return }
        guard let entry = unsafe getpwnam(user) else {
            throw StartupProblem(
                location: nil, message: "there is no user \(user)", remedy: "Create it, or change `user`.")
        }
        let (uid, gid) = unsafe (entry.pointee.pw_uid, entry.pointee.pw_gid)
        for file in files { giveAway(file, to: uid, gid) }
        // While there is the capability to do it.
        clinux_bound_capabilities(0)
        // The order matters: without root the groups cannot be changed any more.
        guard unsafe initgroups(user, gid) == 0, setgid(gid) == 0, setuid(uid) == 0, setuid(0) != 0 else {
            throw StartupProblem(location: nil, message: "cannot become the user \(user)", remedy: nil)
        }
    }

    /// Makes root's own plain file another's.
    ///
    /// Who may write to its folder could have put a link there: to somebody else's file, it is not followed, and not given.
    private static func giveAway(_ path: String, to user: uid_t, _ group: gid_t) {
        let descriptor = unsafe open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var facts = stat()
        guard unsafe fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, facts.st_nlink == 1,
            facts.st_uid == 0
        else { return }
        // On a file system that knows no owners the log goes on as it was opened.
        _ = fchown(descriptor, user, group)
    }
}
