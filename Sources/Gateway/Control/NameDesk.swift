internal import EventLoop
internal import Logging

/// A name of an upstream, looked up again.
struct NameLookup: Sendable {
    let name: UpstreamName
    let plan: UpstreamPlan
    /// What it stands for now; nil when it could not be found out.
    let addresses: [SocketAddress]?
}

/// Looks the names of upstreams up again and again, on a thread of its own: an answer may be long in coming, and neither
/// a worker nor the control thread can wait for it.
///
/// A name that is not found keeps the addresses that it had.
final class NameDesk: TimerHandler {
    private let inbox: ControlInbox
    private var timer: Timer?
    private var watched: [(plan: UpstreamPlan, name: UpstreamName)] = []
    private var table = NameTable()
    private var isLooking = false
    private let resolve: Resolver

    /// Finds the addresses of a name; nil when it cannot.
    ///
    /// May block.
    typealias Resolver = @Sendable (_ host: String, _ port: UInt16) -> [SocketAddress]?

    init(
        loop: EventLoop, inbox: ControlInbox,
        resolve: @escaping Resolver = { host, port in try? SocketAddress.resolve(host: host, port: port) }
    ) {
        self.inbox = inbox
        self.resolve = resolve
        timer = Timer(loop: loop, handler: self)
    }

    /// Watches the names of these upstreams from now on.
    func watch(_ upstreams: [UpstreamPlan]) {
        watched = upstreams.flatMap { plan in plan.names.map { (plan: plan, name: $0) } }
        table = NameTable()
        for (plan, name) in watched {
            table.begin(plan, name.entry, at: plan.servers.filter { $0.entry == name.entry }.map(\.address))
        }
        if watched.isEmpty { timer?.cancel() } else { timer?.schedule(after: Limits.nameRefresh) }
    }

    func timerFired(_ token: Int) {
        timer?.schedule(after: Limits.nameRefresh)
        // One that is still waiting for its resolver is not joined by another.
        guard !isLooking else { return }
        let names = watched
        let (inbox, resolve) = (self.inbox, self.resolve)
        do {
            // Not joined: it ends by itself, and a process that ends need not wait for a name.
            _ = try spawnThread(name: "names") {
                inbox.post(
                    .lookedUp(
                        names.map { plan, name in
                            NameLookup(
                                name: name, plan: plan,
                                addresses: resolve(name.host, name.port).map {
                                    Array($0.prefix(Limits.addressesOfName))
                                })
                        }))
            }
            isLooking = true
        } catch {
            // No thread to be had: the next turn tries again.
        }
    }

    /// Takes what was looked up; returns what has changed.
    func take(_ lookups: [NameLookup], log: Logger) -> [(
        name: UpstreamName, plan: UpstreamPlan, addresses: [SocketAddress]
    )] {
        isLooking = false
        return lookups.compactMap { lookup in
            let label = "upstream \(lookup.plan.name): \(lookup.name.host)"
            switch table.take(lookup.addresses, for: lookup.plan, lookup.name.entry) {
            case .unchanged: return nil
            case .lost:
                log.warning("\(label) is not found any more; its last addresses stay in use")
                return nil
            case .changed(let addresses):
                log.notice("\(label) is at \(addresses.map { "\($0)" }.joined(separator: ", ")) now")
                return (name: lookup.name, plan: lookup.plan, addresses: addresses)
            }
        }
    }
}

/// The addresses that each name had last.
struct NameTable {
    /// What a look-up came to.
    enum Outcome: Equatable {
        case unchanged
        /// Not found, for the first time since it was.
        case lost
        case changed([SocketAddress])
    }

    private struct Key: Hashable {
        let plan: ObjectIdentifier
        let entry: Int
    }

    private struct State {
        var addresses: Set<SocketAddress>
        var isLost = false
    }

    private var states: [Key: State] = [:]

    /// A name begins with these addresses.
    mutating func begin(_ plan: UpstreamPlan, _ entry: Int, at addresses: [SocketAddress]) {
        states[Key(plan: ObjectIdentifier(plan), entry: entry)] = State(addresses: Set(addresses))
    }

    /// Takes what a name was found at; in another order it is the same, as answers are rotated by servers of names.
    mutating func take(_ addresses: [SocketAddress]?, for plan: UpstreamPlan, _ entry: Int) -> Outcome {
        let key = Key(plan: ObjectIdentifier(plan), entry: entry)
        // Of a configuration that is not in force any more.
        guard var state = states[key] else { return .unchanged }
        defer { states[key] = state }
        guard let addresses, !addresses.isEmpty else {
            defer { state.isLost = true }
            return state.isLost ? .unchanged : .lost
        }
        state.isLost = false
        guard Set(addresses) != state.addresses else { return .unchanged }
        state.addresses = Set(addresses)
        return .changed(addresses)
    }
}
