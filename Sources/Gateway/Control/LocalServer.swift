internal import EventLoop
internal import HTTP
internal import Trust

/// One worker that serves a part of the program in the clear: the echo upstream, the operator's endpoint.
final class LocalServer: Sendable {
    /// Where it listens, with the port that the kernel chose.
    let address: String
    private let inbox: WorkerInbox
    private let thread: ThreadHandle

    /// Binds and serves on a thread of its own.
    init(
        _ application: LocalApplication, name: String, on address: SocketAddress
    ) throws(StartupProblem) {
        do {
            let socket = try Socket.listen(on: address)
            self.address = "\(try Socket.boundAddress(of: socket))"
            let inbox = try WorkerInbox()
            self.inbox = inbox
            let seed = WorkerSeed(
                number: 0, inbox: inbox, epoch: Self.epoch(application, name: name), revocations: [:],
                sockets: [name: socket.release()], journal: .none, control: nil, scoreboard: Scoreboard())
            thread = try spawnThread(name: name) { try? Worker(seed).run() }
        } catch {
            throw StartupProblem(location: nil, message: "cannot listen on \(address): \(error)", remedy: nil)
        }
    }

    /// Waits for the end of the server.
    func wait() {
        thread.join()
    }

    /// Lets exchanges end, and ends.
    func stop() {
        inbox.post(.drain(.seconds(5)))
    }

    /// One listener with one route: everything goes to the application.
    private static func epoch(_ application: LocalApplication, name: String) -> Epoch {
        let route = Route(
            name: name, host: .any, path: [UInt8(ascii: "/")], methods: [], action: .local(application),
            needsCertificate: false, access: AccessPolicy(), identity: nil, stripPrefix: [], requestEdits: .none,
            responseEdits: .none, timeout: .seconds(60))
        var limits = ListenerLimits()
        limits.maxConnections = 100_000
        limits.speaksHTTP2 = true
        limits.maxRequestsPerConnection = .max
        let listener = ListenerPlan(
            name: name, certificates: [], certificateMode: .none, trust: nil, accept: .any, refusesByHTTP: false,
            cutsOnRevocation: true, cutsOnExpiry: true, limits: limits, router: Router([route]),
            forwarding: RequestForwarding(families: FoldedNames()))
        return Epoch(number: 1, listeners: [listener], upstreams: [], trusts: [], identity: IdentityRenderings())
    }
}
