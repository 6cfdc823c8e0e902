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
    convenience init(
        _ application: LocalApplication, name: String, on address: SocketAddress
    ) throws(StartupProblem) {
        let socket: Int32
        do {
            socket = try Socket.listen(on: address).release()
        } catch {
            throw StartupProblem(location: nil, message: "cannot listen on \(address): \(error)", remedy: nil)
        }
        try self.init(application, name: name, socket: SocketShare(number: socket, isLent: false))
    }

    /// Serves on a thread of its own, by a socket that listens already and is its own from now on.
    init(_ application: LocalApplication, name: String, socket: SocketShare) throws(StartupProblem) {
        do {
            let bound = Descriptor(owning: socket.number)
            address = (try? Socket.boundAddress(of: bound)).map { "\($0)" } ?? name
            _ = bound.release()
            let inbox = try WorkerInbox()
            self.inbox = inbox
            let seed = WorkerSeed(
                number: 0, inbox: inbox, epoch: Self.epoch(application, name: name), revocations: [:],
                sockets: [name: [socket]], journal: .none, control: nil, scoreboard: Scoreboard())
            thread = try spawnThread(name: name) { try? Worker(seed).run() }
        } catch {
            throw StartupProblem(location: nil, message: "\(error)", remedy: nil)
        }
    }

    /// Waits for the end of the server.
    func wait() {
        thread.join()
    }

    /// Lets exchanges end, and ends.
    func stop(_ manner: DrainManner = .ending) {
        inbox.post(.drain(.seconds(5), manner))
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
