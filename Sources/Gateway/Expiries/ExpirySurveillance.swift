internal import Configuration
internal import DER
internal import EventLoop
internal import Logging
internal import Revocation

/// Watches what ends some day: notes callers, warns in the operator's log, and keeps both over restarts.
///
/// Belongs to the control thread. Works by the wall clock, looked at every minute, so that a clock that is set is seen.
final class ExpirySurveillance: TimerHandler {
    private let admin: AdminDesk
    private let log: Logger
    private let stateDirectory: String
    private var callers = SeenCallers()
    private var warnings = ExpiryWarnings()
    private var keeping = Keeping.kept
    private var looks = 0
    private var clock = ClockWatch()
    private var failure: SystemFailure?
    private var lookTimer: Timer?
    private var keepTimer: Timer?
    private var courier: (courier: ExpiryCourier, thread: ThreadHandle)?

    /// Whether the file says what is known.
    private enum Keeping {
        case kept
        /// But for when callers were last seen.
        case stale
        /// Not yet.
        case due
        /// Another process has the file.
        case handedOver
    }

    private enum TimerToken {
        static var look: Int { 0 }
        static var keep: Int { 1 }
    }

    init(loop: EventLoop, admin: AdminDesk, stateDirectory: String, log: Logger) {
        self.admin = admin
        self.stateDirectory = stateDirectory
        self.log = log
        lookTimer = Timer(loop: loop, handler: self, token: TimerToken.look)
        keepTimer = Timer(loop: loop, handler: self, token: TimerToken.keep)
    }

    /// Takes up what was kept, and looks from now on.
    func start(telling receiver: ExpiryWebhookConfiguration?) {
        restore()
        tell(receiver)
        look()
        lookTimer?.schedule(after: Limits.expiryLook)
    }

    /// Tells this receiver from now on.
    func tell(_ receiver: ExpiryWebhookConfiguration?) {
        if courier == nil, receiver != nil {
            guard let courier = ExpiryCourier(log: log),
                let thread = try? spawnThread(name: "expiry-notices", { courier.run() })
            else { return log.error("expiry_webhook: no thread can be had, nobody is told") }
            self.courier = (courier, thread)
        }
        courier?.courier.adopt(receiver)
    }

    func timerFired(_ token: Int) {
        if token == TimerToken.look {
            look()
            lookTimer?.schedule(after: Limits.expiryLook)
            looks += 1
            if keeping == .stale, looks.isMultiple(of: Limits.expiryLooksToKeep) { keeping = .due }
        }
        keep()
    }

    /// Takes callers that a worker has admitted.
    func note(_ notes: [CallerNote]) {
        let (before, now) = (callers.count, Timestamp.now())
        followClock(to: now)
        callers.note(notes, at: now)
        guard callers.count != before else {
            // When a caller was last seen is asked in days: it may wait.
            if keeping == .kept { keeping = .stale }
            return
        }
        admin.adopt(callers: callers.things)
        keepSoon()
    }

    /// Looks at everything, and says what is due.
    func look() {
        let now = Timestamp.now()
        followClock(to: now)
        if callers.forget(at: now) { keepSoon() }
        admin.adopt(callers: callers.things)
        let (due, hasChanged) = warnings.due(of: admin.expiries(at: now), limit: Limits.expiryWarnings)
        for (thing, step) in due { tell(of: thing, step, at: now) }
        if !due.isEmpty { courier?.courier.send(ExpiryNotice.document(due, at: now)) }
        guard hasChanged, keeping != .handedOver else { return }
        keeping = .due
        // At once: after a crash the same would be said again.
        keep()
    }

    /// A clock that is set, rightly or wrongly, has nobody forgotten.
    private func followClock(to now: Timestamp) {
        guard let jump = clock.look(wall: now, monotonic: .now()) else { return }
        callers.shift(bySeconds: jump)
        if keeping == .kept { keeping = .stale }
    }

    private func tell(of thing: ExpiringThing, _ step: ExpiryStep, at moment: Timestamp) {
        // The thread that keeps CRLs says itself when one has ended.
        if thing.kind == .crl, step == .expired { return }
        let days = thing.daysLeft(at: moment)
        let end =
            switch days {
            case ..<0: "has expired"
            case 0: "expires in less than a day"
            case 1: "expires in 1 day"
            default: "expires in \(days) days"
            }
        var facts: Logger.Metadata = ["subject": "\(thing.subject)", "not_after": "\(thing.ends)"]
        facts[thing.kind == .crl ? "number" : "serial"] = "\(thing.serial)"
        if let structure = thing.structure { facts["structure"] = "\(structure)" }
        log.log(level: step == .expired ? .error : .warning, "\(thing.role) \(end)", metadata: facts)
    }

    // MARK: The file

    /// Another process is about to take over: it reads what this one knows now, and keeps the file from then on.
    func handOver() {
        if keeping != .handedOver {
            keeping = .due
            keep()
        }
        keeping = .handedOver
    }

    /// It did not come to that.
    func takeBack() {
        keeping = .due
    }

    /// The last word.
    func stop() {
        lookTimer = nil
        keepTimer = nil
        if keeping == .stale { keeping = .due }
        keep()
        courier?.courier.stop()
        courier?.thread.join()
        courier = nil
    }

    private func keepSoon() {
        guard keeping != .handedOver else { return }
        keeping = .due
        // A longer file costs more to write, and is written less often.
        let delay = Limits.callerKeepDelay + .milliseconds(4 * callers.count)
        if keepTimer?.deadline == nil { keepTimer?.schedule(after: delay) }
    }

    private func keep() {
        guard keeping == .due else { return }
        do throws(SystemFailure) {
            let file = ExpiryFile(callers: Array(callers.all), given: warnings.given)
            try StateDirectory(stateDirectory).write(file.bytes, to: ExpiryFile.name)
            keeping = .kept
            failure = nil
        } catch {
            guard failure != error else { return }
            failure = error
            log.warning("callers seen and warnings given are not kept over a restart: \(stateDirectory): \(error)")
        }
    }

    private func restore() {
        let path = "\(stateDirectory)/\(ExpiryFile.name)"
        do {
            let directory = try StateDirectory(stateDirectory, writing: false)
            guard let bytes = try directory.read(ExpiryFile.name, limit: Limits.expiryFile) else { return }
            let file = try ExpiryFile(bytes)
            callers.restore(file.callers)
            warnings = ExpiryWarnings(file.given)
        } catch {
            log.warning("\(path): \(error): callers seen and warnings given are begun anew")
        }
    }
}

extension ExpiringThing {
    /// What it is, for a sentence.
    fileprivate var role: String {
        switch kind {
        case .own: "the certificate of \(owner)"
        case .chain: "a CA in the chain of \(owner)"
        case .anchor: "an anchor of \(owner)"
        case .issuer: "a CA of \(owner)"
        case .crl: "a CRL of \(owner)"
        case .caller: "a caller's certificate under \(owner)"
        }
    }
}
