internal import EventLoop

/// Looks again and again whether files have changed, and says so once they have come to rest.
///
/// Asked by path each time, rather than told by inotify: what is watched may be a link to a link, on a network file system,
/// or not there at the moment, and a few calls of `stat` each half second cost nothing. A change is told when two looks in
/// a row have found the same, so that a chain and its key, replaced one after the other, are told as one.
final class FileWatch: TimerHandler {
    private var known: [String: FileFingerprint] = [:]
    private var latest: [String: FileFingerprint] = [:]
    private var paths: [String] = []
    private var quietLooks = 0
    private var timer: Timer?
    private let settled: ([String]) -> Void

    /// Prepares to watch, nothing yet; `settled` is called with the paths that have changed since they were last told.
    init(loop: EventLoop, settled: @escaping ([String]) -> Void) {
        self.settled = settled
        timer = Timer(loop: loop, handler: self)
    }

    /// The state of files, to be taken before they are read, so that what changes in the meantime is not missed.
    static func fingerprints(of paths: [String]) -> [String: FileFingerprint] {
        var found: [String: FileFingerprint] = [:]
        for path in paths { found[path] = FileFingerprint(of: path) }
        return found
    }

    /// Watches these files from now on, as compared to the state that they were read in.
    func watch(_ paths: [String], since state: [String: FileFingerprint]) {
        self.paths = paths
        known = state
        latest = state
        quietLooks = 0
        if paths.isEmpty { timer?.cancel() } else { timer?.schedule(after: Limits.fileLook) }
    }

    /// Ends the watch.
    func stop() {
        timer = nil
    }

    func timerFired(_ token: Int) {
        timer?.schedule(after: Limits.fileLook)
        look(at: Self.fingerprints(of: paths))
    }

    /// Takes what a look has found.
    func look(at found: [String: FileFingerprint]) {
        guard found == latest else {
            latest = found
            quietLooks = 0
            return
        }
        guard latest != known else { return }
        quietLooks += 1
        guard quietLooks >= Limits.quietLooks else { return }
        let changed = paths.filter { latest[$0] != known[$0] }
        // Told once, whatever comes of it: what is refused is not tried again until something changes.
        known = latest
        settled(changed)
    }
}
