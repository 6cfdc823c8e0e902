internal import EventLoop
internal import HTTP
internal import Trust

/// The embedded upstream as a server of its own: one worker, in the clear, that echoes every request.
public struct EchoServer: Sendable {
    /// Where it listens, with the port that the kernel chose.
    public let address: String
    private let inbox: WorkerInbox
    private let thread: ThreadHandle

    /// Binds `address`, `HOST:PORT` or `unix:PATH`, and serves on a thread of its own.
    ///
    /// - Throws: `StartupProblem` when the address cannot be had.
    public init(address text: String) throws(StartupProblem) {
        guard let address = SocketAddress(parsing: text) else {
            throw StartupProblem(
                location: nil, message: "\(text) is not an address", remedy: "Give HOST:PORT with an IP address.")
        }
        do {
            let socket = try Socket.listen(on: address)
            self.address = "\(try Socket.boundAddress(of: socket))"
            let inbox = try WorkerInbox()
            self.inbox = inbox
            let seed = WorkerSeed(
                number: 0, inbox: inbox, epoch: Self.epoch, revocations: [:], sockets: ["echo": socket.release()],
                journal: .none)
            thread = try spawnThread(name: "echo") { try? Worker(seed).run() }
        } catch {
            throw StartupProblem(location: nil, message: "cannot listen on \(text): \(error)", remedy: nil)
        }
    }

    /// Waits for the end of the server.
    public func wait() {
        thread.join()
    }

    /// Lets exchanges end, and ends.
    public func stop() {
        inbox.post(.drain(.seconds(5)))
    }

    /// One listener with one route: everything is echoed.
    private static var epoch: Epoch {
        let route = Route(
            name: "echo", host: .any, path: [UInt8(ascii: "/")], methods: [], action: .local(.echo),
            needsCertificate: false, access: .init(), identity: nil, stripPrefix: [], requestEdits: .none,
            responseEdits: .none, timeout: .seconds(60))
        var limits = ListenerLimits()
        limits.maxConnections = 100_000
        limits.maxRequestsPerConnection = .max
        let listener = ListenerPlan(
            name: "echo", certificates: [], certificateMode: .none, trust: nil, accept: .any, refusesByHTTP: false,
            cutsOnRevocation: true, cutsOnExpiry: true, limits: limits, router: Router([route]),
            forwarding: RequestForwarding(families: FoldedNames()))
        return Epoch(
            number: 1, listeners: [listener], upstreams: [], trusts: [], identity: IdentityRenderings())
    }
}
