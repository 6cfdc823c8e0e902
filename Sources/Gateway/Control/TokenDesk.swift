internal import EventLoop
internal import Token

/// The control thread's hold on the thread that keeps issuers' keys; there is none without issuers that have keys.
final class TokenDesk {
    private let inbox: ControlInbox
    private var desk: (thread: KeySetThread, handle: ThreadHandle)?
    private var issuers: [TokenIssuerPlan] = []

    init(inbox: ControlInbox) {
        self.inbox = inbox
    }

    /// Sees that there is a thread if these issuers need one: all that can fail, and it changes nothing that is in force.
    func prepare(for issuers: [TokenIssuerPlan]) throws(StartupProblem) {
        guard desk == nil, issuers.contains(where: { $0.source != nil }) else { return }
        desk = try start()
    }

    /// Keeps the keys of these issuers, for whom ``prepare(for:)`` has been called, from now on.
    func adopt(_ issuers: [TokenIssuerPlan]) {
        self.issuers = issuers
        desk?.thread.adopt(KeySetOrder.orders(of: issuers))
    }

    /// A worker has seen a token of a key that it does not know.
    func want(_ issuer: String) {
        guard let source = issuers.first(where: { $0.name == issuer })?.source else { return }
        desk?.thread.want(source)
    }

    /// The names of the issuers that have their keys from there.
    func names(of source: KeySetSource) -> [String] {
        issuers.filter { $0.source == source }.map(\.name)
    }

    func stop() {
        desk?.thread.stop()
        desk?.handle.join()
        desk = nil
    }

    private func start() throws(StartupProblem) -> (KeySetThread, ThreadHandle) {
        let inbox = self.inbox
        guard
            let thread = KeySetThread(
                publish: { inbox.post(.keys($1, of: $0)) }, tell: { inbox.post(.keyEvent($1, of: $0)) })
        else { throw StartupProblem(location: nil, message: "no descriptor is left", remedy: nil) }
        do {
            return (thread, try spawnThread(name: "token-keys") { thread.run() })
        } catch {
            throw StartupProblem(location: nil, message: "\(error)", remedy: nil)
        }
    }
}
