internal import Glibc

/// Gives up root once what needs it is done.
enum Privileges {
    /// Becomes `user` for good, when the process is root's; otherwise does nothing.
    static func drop(to user: String?) throws(StartupProblem) {
        guard let user, geteuid() == 0 else { return }
        guard let entry = unsafe getpwnam(user) else {
            throw StartupProblem(
                location: nil, message: "there is no user \(user)", remedy: "Create it, or change `user`.")
        }
        let (uid, gid) = unsafe (entry.pointee.pw_uid, entry.pointee.pw_gid)
        // The order matters: without root the groups cannot be changed any more.
        guard unsafe initgroups(user, gid) == 0, setgid(gid) == 0, setuid(uid) == 0, setuid(0) != 0 else {
            throw StartupProblem(location: nil, message: "cannot become the user \(user)", remedy: nil)
        }
    }
}
