internal import EventLoop
internal import Observability
internal import TLS

/// A worker's connections to one upstream: which server is next, which connections are idle, how many there are, and
/// which exchanges wait for one.
final class UpstreamPool: TimerHandler {
    let plan: UpstreamPlan
    let worker: Worker
    private(set) var servers: [UpstreamServer]
    /// From the asking for a connection to the response's head.
    private(set) var durations = Histogram()
    private var balancer: Balancer
    private var candidates: [Balancer.Candidate] = []
    private var queue: ExchangeQueue
    private var queueTimer: Timer?
    private var turn: UInt = 0

    /// What servers have shown in the pool of the same upstream before a reload holds on, where they are looked at in the
    /// same way.
    convenience init(plan: UpstreamPlan, worker: Worker, after predecessor: UpstreamPool? = nil) {
        self.init(plan, worker: worker, after: predecessor)
        for server in servers { server.watch(by: self, of: worker) }
    }

    /// For what had begun before the configuration lost this upstream: retired from the start, and probed by nobody.
    convenience init(leaving plan: UpstreamPlan, worker: Worker) {
        self.init(plan, worker: worker, after: nil)
        retire()
    }

    private init(_ plan: UpstreamPlan, worker: Worker, after predecessor: UpstreamPool?) {
        self.plan = plan
        self.worker = worker
        servers = plan.servers.map { UpstreamServer($0, of: plan, after: predecessor?.standing(of: $0, in: plan)) }
        if let predecessor {
            // Counts only grow.
            durations = predecessor.durations
            for server in servers {
                guard let former = predecessor.servers.first(where: { $0.plan.label == server.plan.label }) else {
                    continue
                }
                server.outcomes = former.outcomes
                server.faultNews = former.faultNews
            }
        }
        balancer = Balancer(plan.balance)
        queue = ExchangeQueue(limit: plan.queueLimit)
        queueTimer = Timer(loop: worker.loop, handler: self)
    }

    /// What is known of a server that another configuration has too; nil if it is not the same, or not watched alike.
    private func standing(of server: UpstreamServerPlan, in other: UpstreamPlan) -> ServerStanding? {
        guard plan.healthCheck == other.healthCheck, plan.outlier == other.outlier,
            (plan.tls == nil) == (other.tls == nil), plan.speaksHTTP2 == other.speaksHTTP2
        else { return nil }
        return servers.first { $0.plan.address == server.address && $0.plan.serverName == server.serverName }?.standing
    }

    /// Connections open or being opened.
    private(set) var openConnections = 0

    /// Exchanges in the queue.
    var queueLength: Int { queue.count }

    /// Gives `exchange` a connection: an idle one at once, a new one when it is open, or one that another leaves.
    ///
    /// Answers through `Exchange.upstreamReady` or `Exchange.upstreamFailed`.
    func acquire(for exchange: Exchange) {
        guard let server = chooseServer(for: exchange) else {
            exchange.upstreamFailed(.noServer)
            return
        }
        if plan.speaksHTTP2 {
            acquireStream(on: server, for: exchange)
        } else if let connection = server.takeIdle(of: owner(of: exchange)) {
            hand(connection, to: exchange)
        } else if openConnections < plan.maxConnections || servers.contains(where: { $0.closeOneIdle() }) {
            // Nobody would give back what is idle at another server, so waiting for it would be in vain.
            connect(to: server, for: exchange)
        } else {
            wait(exchange)
        }
    }

    /// The caller's connection that an exchange's connection must belong to; nil where connections are shared by all.
    func owner(of exchange: Exchange) -> UInt64? {
        plan.introduction == nil ? nil : exchange.downstream.number
    }

    /// Hears that a caller's connection is gone, and what is its own with it.
    func callerGone(_ number: UInt64) {
        for server in servers { server.closeIdle(of: number) }
    }

    private func hand(_ connection: UpstreamConnection, to exchange: Exchange) {
        exchange.tried.append(connection.server.plan)
        connection.begin(exchange)
        exchange.upstreamReady(.http1(connection))
    }

    /// Takes back a connection whose exchange is over and which may serve another.
    func giveBack(_ connection: UpstreamConnection) {
        let server = connection.server
        guard !server.isRetired, server.standing.standing(at: worker.loop.now) != .out else {
            connection.close()
            return
        }
        if connection.owner != nil {
            // Whoever waits needs a connection of their own, for which this one makes room.
            guard queue.isEmpty else {
                connection.close()
                return
            }
        } else if let exchange = nextWaiting() {
            hand(connection, to: exchange)
            return
        }
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
        openConnections -= 1
        server.idle.removeAll { $0 === connection }
        guard openConnections < plan.maxConnections, let exchange = nextWaiting() else { return }
        acquire(for: exchange)
    }

    /// Takes `exchange` out of the queue: its caller is gone.
    func cancel(_ exchange: Exchange) {
        queue.remove(exchange)
        if queue.isEmpty { queueTimer?.cancel() }
    }

    /// Set when a new configuration replaces this pool: connections are closed as they become idle.
    private(set) var isRetired = false

    func retire() {
        isRetired = true
        for server in servers { server.retire() }
    }

    /// The servers that serve, for a question that is none of a caller's: another one first each time.
    var serversInTurn: [UpstreamServerPlan] {
        let serving = servers.filter { $0.standing.standing(at: worker.loop.now) != .out }.map(\.plan)
        guard !serving.isEmpty else { return [] }
        turn = turn &+ 1
        let start = Int(turn % UInt(serving.count))
        return Array(serving[start...] + serving[..<start])
    }

    // MARK: Choosing

    /// The server for an exchange: one that serves, that has not failed this exchange already, and whose turn it is.
    ///
    /// When only such are left, one that is ejected is tried rather than none; one whose probes fail is not.
    private func chooseServer(for exchange: Exchange) -> UpstreamServer? {
        let now = worker.loop.now
        // The only one there is needs no choosing.
        if servers.count == 1, let server = servers.first, server.standing.standing(at: now) != .out { return server }
        for avoidance in Avoidance.allCases {
            candidates.removeAll(keepingCapacity: true)
            for (index, server) in servers.enumerated() where avoidance.permits(server, for: exchange, at: now) {
                // Scaled, so that a share of a small weight is not lost; not for hashes, whose keys would wander.
                let share = plan.balance == .hashOfStructure ? 100 : server.standing.share(at: now)
                candidates.append(
                    Balancer.Candidate(
                        index: index, weight: server.plan.weight * share, load: server.load, label: server.label))
            }
            guard !candidates.isEmpty else { continue }
            let key = plan.balance == .hashOfStructure ? exchange.structureKey : nil
            return balancer.choose(among: candidates, key: key).map { servers[$0] }
        }
        return nil
    }

    /// What to keep away from, less at each attempt to find a server.
    private enum Avoidance: CaseIterable {
        case troubleAndRepetition, repetition, trouble, nothing

        func permits(_ server: UpstreamServer, for exchange: Exchange, at now: MonotonicTime) -> Bool {
            let standing = server.standing.standing(at: now)
            guard standing != .out else { return false }
            if self == .troubleAndRepetition || self == .trouble, standing == .ejected { return false }
            if self == .troubleAndRepetition || self == .repetition, exchange.tried.contains(server.plan) {
                return false
            }
            return true
        }
    }

    /// Whether the server that an exchange was last sent to has another address, not tried yet.
    ///
    /// Going on to it is no second attempt: it is how a name with several addresses is connected to.
    func hasAnotherAddress(for exchange: Exchange) -> Bool {
        guard let last = exchange.tried.last else { return false }
        let now = worker.loop.now
        return servers.contains { server in
            server.plan.entry == last.entry && !exchange.tried.contains(server.plan)
                && server.standing.standing(at: now) != .out
        }
    }

    // MARK: What is known of servers

    /// An exchange with a server has shown how it does: what is wrong, or nothing.
    func used(_ server: UpstreamServer, _ fault: ServerFault?) {
        server.outcomes.record(success: fault == nil)
        if let fault {
            tell(fault, of: server)
        } else if server.faultNews.worked() {
            worker.report(.worksAgain(name: server.plan.label, upstream: plan.name))
        }
        note(server.standing.used(success: fault == nil, at: worker.loop.now), of: server)
    }

    private func tell(_ fault: ServerFault, of server: UpstreamServer) {
        let reason: String
        switch fault {
        case .failed(.tlsError), .failed(.wrongProtocol):
            // Told already, and why.
            server.faultNews.failedKnownly()
            return
        case .failed(.connectError):
            reason = server.trouble ?? fault.description
            server.trouble = reason
        case .failed(.connectTimeout):
            reason = fault.description
            server.trouble = reason
        default: reason = fault.description
        }
        guard let untold = server.faultNews.failed(at: worker.loop.now) else { return }
        worker.report(.failing(reason: reason, untold: untold, name: server.plan.label, upstream: plan.name))
    }

    /// A server has answered an exchange.
    func answered(_ server: UpstreamServer, _ exchange: Exchange, _ fault: ServerFault?) {
        if let began = exchange.record.upstreamBegan {
            durations.record(nanoseconds: worker.loop.now.nanoseconds(since: began))
        }
        used(server, fault)
    }

    /// A probe of a server has shown how it does.
    func probed(_ server: UpstreamServer, success: Bool) {
        note(server.standing.probed(success: success, at: worker.loop.now), of: server)
        guard server.standing.standing(at: worker.loop.now) == .out else { return }
        while server.closeOneIdle() {}
    }

    /// A connection to a server could not be made; of TLS the operator is told why, once for as long as it is the same.
    func connectingFailed(_ failure: TransportFailure, to server: UpstreamServer) {
        let reason: String
        switch failure {
        case .tls(let error): reason = error.description
        case .socket(let errno):
            // Told with the exchange that fails by it.
            server.trouble = SocketError.system(.connect, errno: errno).description
            return
        case .wrongProtocol: reason = "it does not agree to \(plan.speaksHTTP2 ? "h2" : "http/1.1") by ALPN"
        default: return
        }
        guard server.trouble != reason else { return }
        server.trouble = reason
        worker.report(.unreachable(reason: reason, name: server.plan.label, upstream: plan.name))
    }

    private func note(_ change: ServerStanding.Change?, of server: UpstreamServer) {
        guard let change else { return }
        worker.report(.server(change, name: server.plan.label, upstream: plan.name))
    }

    /// One of the upstream's names has these addresses now.
    func adopt(_ addresses: [SocketAddress], of entry: Int) {
        guard let name = plan.names.first(where: { $0.entry == entry }) else { return }
        let current = servers.filter { $0.plan.entry == entry }
        var next = servers.filter { $0.plan.entry != entry }
        for address in addresses {
            if let known = current.first(where: { $0.plan.address == address }) {
                next.append(known)
            } else {
                let server = UpstreamServer(name.server(at: address), of: plan)
                server.watch(by: self, of: worker)
                next.append(server)
            }
        }
        let gone = current.filter { !addresses.contains($0.plan.address) }
        servers = next
        balancer = Balancer(plan.balance)
        for server in gone { server.retire() }
    }

    // MARK: Connecting

    private func connect(to server: UpstreamServer, for exchange: Exchange) {
        exchange.tried.append(server.plan)
        do {
            let connection = try UpstreamConnection(to: server, of: self, for: exchange, worker: worker)
            server.openConnections += 1
            openConnections += 1
            exchange.upstreamConnecting(connection)
            connection.start()
        } catch {
            used(server, .failed(error))
            exchange.upstreamFailed(error)
        }
    }

    // MARK: HTTP/2

    /// Gives `exchange` a stream: at once, or when a connection is open or has room.
    private func acquireStream(on server: UpstreamServer, for exchange: Exchange) {
        exchange.tried.append(server.plan)
        if let connection = server.multiplexed.first(where: { $0.takesRequests }) {
            connection.begin(exchange)
            return
        }
        if openConnections < plan.maxConnections, !server.multiplexed.contains(where: { $0.isConnecting }) {
            do {
                let connection = try MultiplexedUpstream(to: server, of: self, worker: worker)
                server.openConnections += 1
                openConnections += 1
                server.multiplexed.append(connection)
                connection.start()
            } catch {
                used(server, .failed(error))
                exchange.upstreamFailed(error)
                return
            }
        }
        wait(exchange)
    }

    /// Hears that a connection is open.
    func opened(_ connection: MultiplexedUpstream) {
        serveWaiting(by: connection)
    }

    /// Gives those that wait to a connection with room.
    func serveWaiting(by connection: MultiplexedUpstream) {
        guard connection.server.standing.standing(at: worker.loop.now) != .out else { return }
        while queueLength > 0, connection.takesRequests, let exchange = nextWaiting() {
            exchange.tried.append(connection.server.plan)
            connection.begin(exchange)
        }
    }

    /// Hears that a connection could not be made: those who wait for it are told, where they wait for no other.
    ///
    /// The connection itself may not be closed yet: that waits for the end of its turn.
    func connectingFailed(_ connection: MultiplexedUpstream, _ failure: UpstreamFailure) {
        let others = servers.lazy.flatMap(\.multiplexed).filter { $0 !== connection && !$0.isClosed }
        guard others.isEmpty else { return }
        // Those who try again wait again: each is told once.
        for _ in 0..<queueLength { nextWaiting()?.upstreamFailed(failure) }
    }

    /// Hears that a connection is gone.
    func forget(_ connection: MultiplexedUpstream) {
        let server = connection.server
        server.openConnections -= 1
        openConnections -= 1
        server.multiplexed.removeAll { $0 === connection }
        // One that never opened says so itself: trying again at once would be trying without end.
        guard connection.hasBeenOpen, openConnections < plan.maxConnections, let exchange = nextWaiting() else {
            return
        }
        acquire(for: exchange)
    }

    // MARK: The queue

    private func wait(_ exchange: Exchange) {
        let deadline = worker.loop.now + plan.connectTimeout
        let wasEmpty = queue.isEmpty
        guard queue.append(exchange, until: deadline) else {
            exchange.upstreamFailed(.queueFull)
            return
        }
        if wasEmpty { queueTimer?.schedule(at: deadline) }
    }

    private func nextWaiting() -> Exchange? {
        let exchange = queue.popFirst()
        if queue.isEmpty { queueTimer?.cancel() }
        return exchange
    }

    func timerFired(_ token: Int) {
        let now = worker.loop.now
        while let deadline = queue.deadline, deadline <= now {
            nextWaiting()?.upstreamFailed(.queueTimeout)
        }
        if let deadline = queue.deadline { queueTimer?.schedule(at: deadline) }
    }
}
