import EventLoop
import TLS

/// A client's connection to the server, one after the other: TCP, TLS over it, and what it is ready for.
final class LoadTransport: ReadinessHandler {
    private enum Phase { case closed, connecting, handshaking, open }

    private unowned let client: LoadClient
    private let worker: LoadWorker
    private var phase = Phase.closed
    /// When TCP had the connection.
    private(set) var connected = MonotonicTime(nanoseconds: 0)

    // Ended in this order: a watcher before the descriptor it watches.
    private var watcher: Watcher?
    private var tls: TLSConnection?
    private var descriptor: Descriptor?
    private var line: SlowLine?

    init(client: LoadClient, worker: LoadWorker) {
        self.client = client
        self.worker = worker
    }

    /// Which step an attempt has come to that waits for the connection.
    var step: LoadOutcome.Step { phase == .connecting ? .connecting : .handshaking }

    /// What the handshake agreed on.
    var facts: HandshakeFacts? { tls?.facts }

    var resumableSession: TLSSession? { tls?.resumableSession() }

    /// Begins to connect; the client hears what comes of it, maybe in this call.
    func connect(_ context: TLSClientContext, resuming session: TLSSession?, slowly slowness: SlowLine.Slowness?) {
        do throws(SocketError) {
            let connecting = try Socket.connect(to: worker.plan.target)
            let isInProgress = connecting.isInProgress
            let descriptor = connecting.descriptor
            Socket.setNoDelay(descriptor)
            guard let slowness else { return open(descriptor, isInProgress: isInProgress, context, session) }
            let pair = try Socket.pair()
            line = SlowLine(slowness, from: pair.second, to: descriptor, client: client, worker: worker)
            open(pair.first, isInProgress: false, context, session)
        } catch {
            if case .system(_, let errno) = error { return client.connectionEnded(.notConnected(errno: errno)) }
            client.connectionEnded(.notConnected(errno: 0))
        }
    }

    private func open(
        _ descriptor: consuming Descriptor, isInProgress: Bool, _ context: TLSClientContext, _ session: TLSSession?
    ) {
        do throws(TLSError) {
            tls = try TLSConnection(
                client: context, descriptor: descriptor.rawValue, serverName: worker.plan.serverName,
                resuming: session)
        } catch {
            return client.connectionEnded(.tlsFailure)
        }
        var watcher = Watcher(loop: worker.loop, descriptor: descriptor, handler: self)
        watcher.setInterest(isInProgress ? .write : .read)
        self.watcher = consume watcher
        self.descriptor = consume descriptor
        phase = .connecting
        if !isInProgress { finishConnecting() }
    }

    /// Lets go of the connection, with `close_notify` where there is a session.
    func close() {
        watcher = nil
        if tls != nil { _ = tls?.shutdown() }
        tls = nil
        descriptor = nil
        line = nil
        phase = .closed
    }

    /// Says `close_notify`, to wait for the server's.
    func takeLeave() {
        _ = tls?.shutdown()
    }

    func ready(_ readiness: Readiness) {
        if readiness.contains(.failed) { return client.connectionEnded(.broken(errno: 0)) }
        switch phase {
        case .closed: return
        case .connecting: finishConnecting()
        case .handshaking: handshake()
        case .open: client.transportReady()
        }
    }

    // MARK: Before it is open

    private func finishConnecting() {
        if let errno = connectionError() { return client.connectionEnded(.notConnected(errno: errno)) }
        connected = .now()
        client.transportConnected()
        phase = .handshaking
        handshake()
    }

    private func connectionError() -> Int32? {
        switch descriptor {
        case .some(let descriptor): Socket.pendingError(of: descriptor)
        case .none: nil
        }
    }

    private func handshake() {
        do throws(TLSError) {
            switch try tls?.handshake() ?? .closed {
            case .done:
                phase = .open
                line?.handshakeEnded()
                client.transportOpened()
            case .wantsRead: wait(for: .read)
            case .wantsWrite: wait(for: .write)
            case .closed: client.connectionEnded(.closed)
            }
        } catch {
            client.connectionEnded(LoadOutcome(error))
        }
    }

    // MARK: Bytes

    /// Watches for this, and for nothing else.
    func wait(for readiness: Readiness) {
        watcher?.setInterest(readiness)
    }

    /// Whether there may be more to read, of which the kernel does not tell.
    var hasBufferedInput: Bool { tls?.hasBufferedInput ?? false }

    /// Reads into the thread's block.
    func read() throws(TLSError) -> TLSConnection.Progress {
        try worker.read(&tls)
    }

    func write(_ bytes: Span<UInt8>) throws(TLSError) -> TLSConnection.Progress {
        try tls?.write(bytes) ?? .closed
    }
}
