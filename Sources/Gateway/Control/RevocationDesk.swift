internal import Configuration
internal import EventLoop
internal import Revocation
internal import Trust

/// The threads that keep revocation current, one for each trust.
final class RevocationDesk {
    private let inbox: ControlInbox
    private var desks: [String: (thread: RevocationThread, handle: ThreadHandle)] = [:]

    init(inbox: ControlInbox) {
        self.inbox = inbox
    }

    /// Keeps the CRLs of these trusts from now on; those of trusts that stay are kept, so a reload forgets none.
    func adopt(_ configuration: GatewayConfiguration, trusts: [TrustSnapshot]) throws(StartupProblem) {
        for (name, desk) in desks where !trusts.contains(where: { $0.name == name }) {
            desk.thread.stop()
            desks[name] = nil
        }
        for trust in configuration.trusts {
            guard let snapshot = trusts.first(where: { $0.name == trust.name }) else { continue }
            let settings = try RevocationSettings(
                trust, snapshot: snapshot, stateDirectory: configuration.stateDirectory.path)
            if let desk = desks[trust.name] {
                desk.thread.reconfigure(settings)
            } else {
                desks[trust.name] = try start(settings, name: trust.name)
            }
        }
    }

    /// The reports of all trusts.
    var reports: [(trust: String, report: RevocationReport)] {
        desks.map { ($0.key, $0.value.thread.report) }
    }

    func stop() {
        for desk in desks.values { desk.thread.stop() }
        for desk in desks.values { desk.handle.join() }
        desks = [:]
    }

    private func start(
        _ settings: RevocationSettings, name: String
    ) throws(StartupProblem) -> (thread: RevocationThread, handle: ThreadHandle) {
        let inbox = self.inbox
        do {
            let thread = try RevocationThread(
                settings, publish: { inbox.post(.snapshot(trust: name, $0)) },
                tell: { inbox.post(.revocation(trust: name, $0)) })
            return (thread, try spawnThread(name: "revocation") { thread.run() })
        } catch {
            throw StartupProblem(location: nil, message: "\(error)", remedy: nil)
        }
    }
}
