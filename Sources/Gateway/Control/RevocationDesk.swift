internal import Configuration
internal import EventLoop
internal import Revocation
internal import Trust

/// The threads that keep revocation current, one for each trust.
final class RevocationDesk {
    private let inbox: ControlInbox
    private let stateDirectory: String
    private var desks: [String: (thread: RevocationThread, handle: ThreadHandle)] = [:]

    init(inbox: ControlInbox, stateDirectory: String) {
        self.inbox = inbox
        self.stateDirectory = stateDirectory
    }

    /// What the trusts of a configuration ask of revocation, read and checked.
    struct Plan {
        fileprivate let settings: [(name: String, settings: RevocationSettings)]
    }

    /// Reads what ``adopt(_:)`` needs: whatever may be wrong is found out before anything changes.
    func plan(_ configuration: GatewayConfiguration, trusts: [TrustSnapshot]) throws(StartupProblem) -> Plan {
        var settings: [(name: String, settings: RevocationSettings)] = []
        for trust in configuration.trusts {
            guard let snapshot = trusts.first(where: { $0.name == trust.name }) else { continue }
            do {
                let wanted = try RevocationSettings(
                    trust, snapshot: snapshot, stateDirectory: stateDirectory)
                settings.append((name: trust.name, settings: wanted))
            } catch {
                var problem = error
                problem.file = configuration.file
                throw problem
            }
        }
        return Plan(settings: settings)
    }

    /// Keeps the CRLs of these trusts from now on; those of trusts that stay are kept, so a reload forgets none.
    func adopt(_ plan: Plan) throws(StartupProblem) {
        // What can still fail, a thread that cannot be had, comes before what changes anything.
        let kept = Set(desks.keys)
        for (name, settings) in plan.settings where !kept.contains(name) {
            desks[name] = try start(settings, name: name)
        }
        for (name, settings) in plan.settings where kept.contains(name) {
            desks[name]?.thread.reconfigure(settings)
        }
        for (name, desk) in desks where !plan.settings.contains(where: { $0.name == name }) {
            desk.thread.stop()
            desks[name] = nil
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
