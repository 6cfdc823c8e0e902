internal import EventLoop
internal import Logging

/// Looks at the enrolment lists each second, on the control thread, and tells what has become of them.
///
/// A list that changes needs no new epoch: workers get the lists alone, and lose neither a connection nor what they know of
/// upstreams.
final class EnrolmentWatch: TimerHandler {
    private let desk: EnrolmentDesk
    private let log: Logger
    private let settled: (_ hasChanged: Bool) -> Void
    private var timer: Timer?

    /// Begins to look; `settled` is called whenever a list has changed, or has become of no use.
    init(_ desk: EnrolmentDesk, loop: EventLoop, log: Logger, settled: @escaping (_ hasChanged: Bool) -> Void) {
        self.desk = desk
        self.log = log
        self.settled = settled
        timer = Timer(loop: loop, handler: self)
        timer?.schedule(after: Limits.enrolmentRefresh)
    }

    func timerFired(_ token: Int) {
        timer?.schedule(after: Limits.enrolmentRefresh)
        let news = desk.refresh()
        guard !news.isEmpty else { return }
        var hasChanged = false
        for one in news {
            switch one {
            case .taken(let file, let callers):
                hasChanged = true
                log.notice("enrolment list taken", metadata: ["file": "\(file)", "callers": "\(callers)"])
            case .refused(let file, let reason):
                log.error(
                    "enrolment list refused, the one before stays in force\n\(reason)", metadata: ["file": "\(file)"])
            }
        }
        settled(hasChanged)
    }
}

extension ControlThread {
    /// Has workers decide by the lists as they are now, in the order of their numbers.
    func adoptEnrolments(hasChanged: Bool = true) {
        admin.adopt(enrolments.standings)
        if hasChanged { post(.enrolments(enrolments.tables(of: epoch.identity.files))) }
    }
}
