internal import Configuration
internal import EventLoop

/// The listening sockets of every worker, bound before privileges are dropped.
struct BoundSockets {
    /// For each worker the descriptors by listener.
    ///
    /// The workers own them from now on.
    private(set) var sockets: [[String: Int32]]
    /// Where each listener listens, with the port that the kernel chose.
    private(set) var addresses: [(listener: String, address: String)] = []

    init(for configuration: GatewayConfiguration) throws(StartupProblem) {
        sockets = Array(repeating: [:], count: configuration.workerCount)
        for listener in configuration.listeners {
            do {
                try bind(listener)
            } catch {
                var problem = StartupProblem(
                    location: listener.addressLocation, message: "cannot listen on \(listener.address): \(error)",
                    remedy: nil)
                problem.file = configuration.file
                throw problem
            }
        }
    }

    private mutating func bind(_ listener: ListenerConfiguration) throws(SocketError) {
        var address = try Self.address(of: listener.address)
        try Self.checkIsFree(address)
        for worker in sockets.indices {
            let socket: Descriptor
            if worker > 0, case .unix = address {
                // A Unix socket has no SO_REUSEPORT: the workers accept from one queue.
                socket = try duplicate(sockets[0][listener.name])
            } else {
                socket = try Socket.listen(on: address)
            }
            if worker == 0 {
                address = try Socket.boundAddress(of: socket)
                addresses.append((listener.name, "\(address)"))
            }
            sockets[worker][listener.name] = socket.release()
        }
    }

    /// Refuses an address that another process serves.
    ///
    /// With SO_REUSEPORT a second gateway could bind it as well, and the kernel would share the callers out between the
    /// two without a word. Without it the kernel says so.
    private static func checkIsFree(_ address: SocketAddress) throws(SocketError) {
        guard let port = address.port, port != 0 else { return }
        _ = try Socket.listen(on: address, reusePort: false)
    }

    private func duplicate(_ number: Int32?) throws(SocketError) -> Descriptor {
        let original = Descriptor(owning: number ?? -1)
        do {
            let copy = try original.duplicate()
            _ = original.release()
            return copy
        } catch {
            _ = original.release()
            throw error
        }
    }

    private static func address(of endpoint: Endpoint) throws(SocketError) -> SocketAddress {
        if let address = SocketAddress(parsing: "\(endpoint)") { return address }
        guard case .tcp(let host, let port) = endpoint,
            let address = try SocketAddress.resolve(host: host, port: port).first
        else { return .unix("") }
        return address
    }
}
