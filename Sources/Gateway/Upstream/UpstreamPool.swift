internal import EventLoop

/// A worker's connections to one upstream: which are idle, how many there are, and which exchanges wait for one.
final class UpstreamPool: TimerHandler {
    let plan: UpstreamPlan
    private unowned let worker: Worker
    private var servers: [UpstreamServer]
    private var rotation = WeightedRotation()
    private var waiting: [Waiting] = []
    private var waitingStart = 0
    private var queueTimer: Timer?

    private struct Waiting {
        let exchange: Exchange
        let until: MonotonicTime
    }

    init(plan: UpstreamPlan, worker: Worker) {
        self.plan = plan
        self.worker = worker
        servers = plan.servers.map { UpstreamServer($0) }
        queueTimer = Timer(loop: worker.loop, handler: self)
    }

    /// Connections open or being opened.
    var openConnections: Int { servers.reduce(0) { $0 + $1.openConnections } }

    /// Exchanges in the queue.
    var queueLength: Int { waiting.count - waitingStart }

    /// Gives `exchange` a connection: an idle one at once, a new one when it is open, or one that another leaves.
    ///
    /// Answers through `Exchange.upstreamReady` or `Exchange.upstreamFailed`.
    func acquire(for exchange: Exchange) {
        guard !servers.isEmpty else {
            exchange.upstreamFailed(.noServer)
            return
        }
        let server = servers[rotation.next(in: servers)]
        if let connection = idleConnection(of: server) {
            connection.begin(exchange)
            exchange.upstreamReady(connection)
        } else if openConnections < plan.maxConnections {
            connect(to: server, for: exchange)
        } else if let connection = servers.lazy.compactMap({ self.idleConnection(of: $0) }).first {
            // Nobody would give back what is idle already, so waiting for it would be in vain.
            connection.begin(exchange)
            exchange.upstreamReady(connection)
        } else {
            wait(exchange)
        }
    }

    private func idleConnection(of server: UpstreamServer) -> UpstreamConnection? {
        while let connection = server.idle.popLast() {
            if !connection.isClosed, !connection.hasInputEnded { return connection }
        }
        return nil
    }

    /// Takes back a connection whose exchange is over and which may serve another.
    func giveBack(_ connection: UpstreamConnection) {
        if let exchange = nextWaiting() {
            connection.begin(exchange)
            exchange.upstreamReady(connection)
            return
        }
        let server = connection.server
        guard server.idle.count < plan.keepalive, !isRetired else {
            connection.close()
            return
        }
        server.idle.append(connection)
    }

    /// Hears that a connection is gone.
    func forget(_ connection: UpstreamConnection) {
        let server = connection.server
        server.openConnections -= 1
        server.idle.removeAll { $0 === connection }
        guard openConnections < plan.maxConnections, let exchange = nextWaiting() else { return }
        acquire(for: exchange)
    }

    /// Takes `exchange` out of the queue: its caller is gone.
    func cancel(_ exchange: Exchange) {
        waiting.removeFirst(waitingStart)
        waitingStart = 0
        waiting.removeAll { $0.exchange === exchange }
        if waiting.isEmpty { queueTimer?.cancel() }
    }

    /// Set when a new configuration replaces this pool: connections are closed as they become idle.
    private(set) var isRetired = false

    func retire() {
        isRetired = true
        for server in servers {
            for connection in server.idle { connection.close() }
        }
    }

    // MARK: Connecting

    private func connect(to server: UpstreamServer, for exchange: Exchange) {
        do {
            let connection = try UpstreamConnection.open(server: server, pool: self, worker: worker)
            server.openConnections += 1
            connection.begin(exchange)
            exchange.upstreamConnecting(connection)
            connection.start()
        } catch {
            exchange.upstreamFailed(.connectError)
        }
    }

    // MARK: The queue

    private func wait(_ exchange: Exchange) {
        guard queueLength < Limits.pendingExchanges else {
            exchange.upstreamFailed(.queueFull)
            return
        }
        let now = worker.loop.now
        waiting.append(Waiting(exchange: exchange, until: now + plan.connectTimeout))
        if queueLength == 1 { queueTimer?.schedule(after: plan.connectTimeout) }
    }

    private func nextWaiting() -> Exchange? {
        guard waitingStart < waiting.count else { return nil }
        let exchange = waiting[waitingStart].exchange
        waitingStart += 1
        if waitingStart == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            waitingStart = 0
            queueTimer?.cancel()
        } else if waitingStart == Limits.pendingExchanges {
            // A queue that is never empty would keep everyone who ever waited in it.
            waiting.removeFirst(waitingStart)
            waitingStart = 0
        }
        return exchange
    }

    func timerFired(_ token: Int) {
        let now = worker.loop.now
        while waitingStart < waiting.count, waiting[waitingStart].until <= now {
            nextWaiting()?.upstreamFailed(.queueTimeout)
        }
        guard waitingStart < waiting.count else { return }
        queueTimer?.schedule(at: waiting[waitingStart].until)
    }
}

/// One server of an upstream, as one worker sees it.
final class UpstreamServer {
    let plan: UpstreamServerPlan
    var idle: [UpstreamConnection] = []
    var openConnections = 0

    init(_ plan: UpstreamServerPlan) {
        self.plan = plan
    }
}

/// Smooth weighted round robin: each turn every server gains its weight, the richest is chosen and pays the sum.
struct WeightedRotation {
    private var credit: [Int] = []

    /// The index of the server whose turn it is.
    ///
    /// `servers` is not empty.
    mutating func next(in servers: [UpstreamServer]) -> Int {
        if servers.count == 1 { return 0 }
        if credit.count != servers.count { credit = Array(repeating: 0, count: servers.count) }
        var total = 0
        var chosen = 0
        for index in servers.indices {
            let weight = servers[index].plan.weight
            credit[index] += weight
            total += weight
            if credit[index] > credit[chosen] { chosen = index }
        }
        credit[chosen] -= total
        return chosen
    }
}
