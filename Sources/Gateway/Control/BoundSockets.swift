internal import Configuration
internal import EventLoop
internal import Glibc

/// A listening socket as one worker gets it.
struct SocketShare: Sendable, Equatable {
    let number: Int32
    /// Whether it is systemd's, which goes on listening when this process has gone.
    let isLent: Bool
}

/// The listening sockets of every worker, bound before privileges are dropped, or taken over from who had them before.
struct BoundSockets {
    /// For each worker its sockets by listener, mostly one of each.
    ///
    /// The workers own them from now on.
    private(set) var sockets: [[String: [SocketShare]]]
    /// Where each listener listens, with the port that the kernel chose.
    private(set) var addresses: [(listener: String, address: String)] = []
    /// Every socket once, for a process that is to take over.
    private(set) var passedOn: [(name: String, number: Int32)] = []

    /// Takes over what was passed to this process, and binds what was not.
    init(
        for configuration: GatewayConfiguration, inheriting inherited: inout InheritedSockets
    ) throws(StartupProblem) {
        sockets = Array(repeating: [:], count: configuration.workerCount)
        for listener in configuration.listeners {
            do {
                let found = try Self.open(listener, workers: sockets.count, &inherited)
                try share(found, of: listener)
            } catch {
                var problem = Self.problem(listener.address, at: listener.addressLocation, error, inherited)
                problem.file = configuration.file
                throw problem
            }
        }
    }

    /// The socket of the operator's endpoint.
    static func open(
        _ admin: AdminConfiguration, inheriting inherited: inout InheritedSockets, file: String
    ) throws(StartupProblem) -> SocketShare {
        do {
            let address = Self.literal(admin.address)
            if let number = inherited.take(InheritedSockets.Name.admin, at: address).first {
                return SocketShare(number: number, isLent: admin.address.isLent)
            }
            switch admin.address {
            case .systemd(let name):
                guard let number = inherited.take(name).first else { throw BindingError.notPassed }
                return SocketShare(number: try checked(number), isLent: true)
            case .tcp, .unix:
                guard let address else { throw BindingError.notAnAddress }
                return SocketShare(number: try Socket.listen(on: address).release(), isLent: false)
            }
        } catch {
            var problem = problem(admin.address, at: admin.location, error, inherited)
            problem.file = file
            throw problem
        }
    }

    /// Opens or takes over the sockets of a listener, at least one.
    private static func open(
        _ listener: ListenerConfiguration, workers: Int, _ inherited: inout InheritedSockets
    ) throws -> [Int32] {
        let taken = inherited.take(
            InheritedSockets.Name.listener(listener.name), at: literal(listener.address))
        guard taken.isEmpty else { return taken }
        switch listener.address {
        case .systemd(let name):
            let passed = try inherited.take(name).map { try checked($0) }
            guard !passed.isEmpty else { throw BindingError.notPassed }
            return passed
        case .unix(let path):
            return [try Socket.listen(on: .unix(path)).release()]
        case .tcp(let host, let port):
            guard
                var address = try literal(listener.address) ?? SocketAddress.resolve(host: host, port: port).first
            else { throw BindingError.notAnAddress }
            try checkIsFree(address)
            var opened: [Int32] = []
            for _ in 0..<workers {
                let socket = try Socket.listen(on: address)
                address = try Socket.boundAddress(of: socket)
                opened.append(socket.release())
            }
            return opened
        }
    }

    /// Gives each worker its part: a socket of its own where there are enough, else the same as others.
    ///
    /// A Unix socket and one of systemd's are one queue for all workers; after an upgrade with another number of workers
    /// there may be more sockets than workers, each of which somebody has to serve.
    private mutating func share(_ opened: [Int32], of listener: ListenerConfiguration) throws {
        let isLent = listener.address.isLent
        for (index, number) in opened.enumerated() {
            let worker = index % sockets.count
            sockets[worker][listener.name, default: []].append(SocketShare(number: number, isLent: isLent))
            passedOn.append((name: InheritedSockets.Name.listener(listener.name), number: number))
        }
        if opened.count < sockets.count {
            for worker in opened.count..<sockets.count {
                let copy = try Self.duplicate(opened[worker % opened.count])
                sockets[worker][listener.name] = [SocketShare(number: copy, isLent: isLent)]
            }
        }
        let first = Descriptor(owning: opened[0])
        let address = try? Socket.boundAddress(of: first)
        _ = first.release()
        addresses.append((listener.name, address.map { "\($0)" } ?? "\(listener.address)"))
    }

    /// Refuses an address that another process serves.
    ///
    /// With SO_REUSEPORT a second gateway could bind it as well, and the kernel would share the callers out between the
    /// two without a word. Without it the kernel says so.
    private static func checkIsFree(_ address: SocketAddress) throws(SocketError) {
        guard let port = address.port, port != 0 else { return }
        _ = try Socket.listen(on: address, reusePort: false)
    }

    /// Refuses what was passed and does not listen: a unit may name any kind of descriptor.
    private static func checked(_ number: Int32) throws(BindingError) -> Int32 {
        let socket = Descriptor(owning: number)
        guard Socket.isListening(socket) else { throw .notListening }
        return socket.release()
    }

    private static func duplicate(_ number: Int32) throws(SocketError) -> Int32 {
        let original = Descriptor(owning: number)
        do {
            let copy = try original.duplicate()
            _ = original.release()
            return copy.release()
        } catch {
            _ = original.release()
            throw error
        }
    }

    /// The address that is written, if it is one.
    private static func literal(_ endpoint: Endpoint) -> SocketAddress? {
        switch endpoint {
        case .tcp, .unix: SocketAddress(parsing: "\(endpoint)")
        case .systemd: nil
        }
    }

    private static func problem(
        _ endpoint: Endpoint, at location: SourceLocation, _ error: any Error, _ inherited: borrowing InheritedSockets
    ) -> StartupProblem {
        guard case .systemd(let name) = endpoint else {
            var problem = StartupProblem(
                location: location, message: "cannot listen on \(endpoint): \(error)", remedy: nil)
            switch error as? SocketError {
            case .system(_, errno: EADDRINUSE), .pathInUse: problem.isAddressTaken = true
            default: break
            }
            return problem
        }
        let passed = inherited.names.joined(separator: ", ")
        return StartupProblem(
            location: location, message: "\(endpoint): \(error)",
            remedy: "A socket unit of the service needs FileDescriptorName=\(name); "
                + (passed.isEmpty ? "nothing else was passed." : "passed were: \(passed)."))
    }
}

/// Why there is no socket for an address.
enum BindingError: Error, CustomStringConvertible {
    case notPassed
    case notListening
    case notAnAddress

    var description: String {
        switch self {
        case .notPassed: "no socket of this name was passed to this process"
        case .notListening: "what was passed is not a listening stream socket"
        case .notAnAddress: "not an address"
        }
    }
}

extension Endpoint {
    /// Whether its socket is somebody else's.
    fileprivate var isLent: Bool {
        if case .systemd = self { true } else { false }
    }
}
