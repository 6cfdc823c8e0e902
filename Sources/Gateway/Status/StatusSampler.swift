internal import EventLoop

/// Has the counts sampled every second, on the control thread.
final class StatusSampler: TimerHandler {
    private let loop: EventLoop
    private let desk: AdminDesk
    private let revocation: RevocationDesk
    private var timer: Timer?

    init(loop: EventLoop, desk: AdminDesk, revocation: RevocationDesk) {
        self.loop = loop
        self.desk = desk
        self.revocation = revocation
        timer = Timer(loop: loop, handler: self)
        timerFired(0)
    }

    func timerFired(_ token: Int) {
        desk.sample(sources: revocation.reports, at: loop.now)
        timer?.schedule(after: .seconds(1))
    }
}
