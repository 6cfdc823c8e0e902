internal import EventLoop
internal import Observability
internal import Trust

/// One worker's socket of one listener: accepts callers in batches that leave time for those already there.
final class Listener: ReadinessHandler, TimerHandler {
    /// What is configured at this moment.
    private(set) var plan: ListenerPlan
    /// Decides about callers; nil where no certificate is asked for.
    var verifier: ClientVerifier<RenderedIdentity>?
    /// What the verifier's callers are rendered by.
    var renderings = IdentityRenderings()
    private unowned let worker: Worker
    private let socket: Descriptor
    private var watcher: Watcher?
    private var timer: Timer?
    private var openConnections = 0

    init(plan: ListenerPlan, socket: consuming Descriptor, worker: Worker) {
        self.plan = plan
        self.worker = worker
        self.socket = socket
        timer = Timer(loop: worker.loop, handler: self)
    }

    /// Begins to accept.
    func start() {
        var watcher = Watcher(loop: worker.loop, descriptor: socket, handler: self)
        watcher.setInterest(.read)
        self.watcher = consume watcher
    }

    /// Accepts no more.
    func stop() {
        watcher = nil
        timer = nil
        Socket.stopListening(on: socket)
    }

    /// Takes a new configuration; connections see it at their next request.
    func adopt(_ plan: ListenerPlan) {
        self.plan = plan
        resume()
    }

    /// One of the listener's connections has ended.
    func connectionClosed() {
        openConnections -= 1
        if openConnections == plan.maxConnections - 1 { resume() }
    }

    func ready(_ readiness: Readiness) {
        for _ in 0..<Limits.acceptBatch {
            guard openConnections < plan.maxConnections else {
                // Callers wait in the kernel's queue until a connection ends.
                watcher?.setInterest([])
                return
            }
            switch Socket.accept(from: socket) {
            case .connection(let descriptor, let address):
                open(descriptor, address)
            case .wouldBlock:
                return
            case .exhausted:
                worker.journal.count { $0.acceptsPutOff.increment() }
                watcher?.setInterest([])
                timer?.schedule(after: Limits.acceptBackOff)
                return
            case .failed:
                return
            }
        }
    }

    func timerFired(_ token: Int) {
        resume()
    }

    private func resume() {
        watcher?.setInterest(.read)
    }

    private func open(_ descriptor: consuming Descriptor, _ address: SocketAddress) {
        Socket.setNoDelay(descriptor)
        openConnections += 1
        worker.journal.count { $0.accepts.increment() }
        DownstreamConnection(descriptor: descriptor, address: address, listener: self, worker: worker).open()
    }
}
