internal import EventLoop
internal import Observability
internal import Trust

/// One worker's part of one listener: accepts callers in batches that leave time for those already there.
final class Listener: TimerHandler {
    /// What is configured at this moment.
    private(set) var plan: ListenerPlan
    /// Decides about callers; nil where no certificate is asked for.
    var verifier: ClientVerifier<RenderedIdentity>?
    private unowned let worker: Worker
    private var doors: [Door] = []
    private var timer: Timer?
    /// Callers' connections that are open.
    private(set) var openConnections = 0

    init(plan: ListenerPlan, sockets: [SocketShare], worker: Worker) {
        self.plan = plan
        self.worker = worker
        doors = sockets.map { Door($0, listener: self) }
        timer = Timer(loop: worker.loop, handler: self)
    }

    /// One of its sockets: mostly there is but one.
    private final class Door: ReadinessHandler {
        private unowned let listener: Listener
        // Before the socket: the watch has to end first.
        private var watcher: Watcher?
        private let socket: Descriptor
        private let isLent: Bool

        init(_ share: SocketShare, listener: Listener) {
            self.listener = listener
            socket = Descriptor(owning: share.number)
            isLent = share.isLent
        }

        func open() {
            if watcher == nil { watcher = Watcher(loop: listener.worker.loop, descriptor: socket, handler: self) }
            watcher?.setInterest(.read)
        }

        func shut() {
            watcher?.setInterest([])
        }

        /// Accepts no more, for good.
        func stop(_ manner: DrainManner) {
            watcher = nil
            // What others go on with is only let go.
            guard case .ending = manner, !isLent else { return }
            Socket.stopListening(on: socket)
        }

        func ready(_ readiness: Readiness) {
            listener.accept(from: socket)
        }
    }

    /// Begins to accept.
    func start() {
        for door in doors { door.open() }
    }

    /// Accepts no more.
    func stop(_ manner: DrainManner) {
        for door in doors { door.stop(manner) }
        doors = []
        timer = nil
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

    private func accept(from socket: borrowing Descriptor) {
        for _ in 0..<Limits.acceptBatch {
            guard openConnections < plan.maxConnections else {
                // Callers wait in the kernel's queue until a connection ends.
                for door in doors { door.shut() }
                return
            }
            guard !worker.isShortOfMemory else {
                putOff()
                return
            }
            switch Socket.accept(from: socket) {
            case .connection(let descriptor, let address):
                open(descriptor, address)
            case .wouldBlock:
                return
            case .exhausted:
                putOff()
                return
            case .failed:
                return
            }
        }
    }

    /// Accepts no more for a while: callers wait in the kernel's queue.
    private func putOff() {
        worker.journal.count { $0.acceptsPutOff.increment() }
        for door in doors { door.shut() }
        timer?.schedule(after: Limits.acceptBackOff)
    }

    func timerFired(_ token: Int) {
        resume()
    }

    private func resume() {
        for door in doors { door.open() }
    }

    private func open(_ descriptor: consuming Descriptor, _ address: SocketAddress) {
        Socket.setNoDelay(descriptor)
        openConnections += 1
        worker.journal.count { $0.accepts.increment() }
        DownstreamConnection(descriptor: descriptor, address: address, listener: self, worker: worker).open()
    }
}
