internal import EventLoop
internal import Glibc

/// Descriptors that whoever started this process has passed to it by sd_listen_fds(3)'s rules: systemd, for a socket unit,
/// or the process before this one, for an upgrade.
///
/// What nobody takes is closed when the owner goes.
struct InheritedSockets: ~Copyable {
    /// The names under which a gateway passes its own sockets on; systemd's units have names of the operator's choice.
    enum Name {
        static let admin = "poterne.admin"
        static let control = "poterne.control"
        static let ready = "poterne.ready"

        static func listener(_ name: String) -> String { "poterne.listener.\(name)" }
    }

    private var numbers: [String: [Int32]]

    /// Those of a list, by name.
    init(_ numbers: [String: [Int32]] = [:]) {
        self.numbers = numbers
    }

    deinit {
        for number in numbers.values.flatMap(\.self) { close(number) }
    }

    /// Takes what the environment speaks of, and nothing that was meant for another process.
    ///
    /// - Parameters:
    ///   - environment: `LISTEN_PID`, `LISTEN_FDS`, `LISTEN_FDNAMES`.
    ///   - process: this process's id.
    ///   - first: the number of the first descriptor: 3 by the rules.
    init(environment: [String: String], process: Int32, first: Int32 = 3) {
        guard environment["LISTEN_PID"].flatMap({ Int32($0) }) == process,
            let count = environment["LISTEN_FDS"].flatMap({ Int32($0) }), count > 0, count <= Limits.inheritedSockets
        else {
            self.init()
            return
        }
        let names = (environment["LISTEN_FDNAMES"] ?? "").split(separator: ":", omittingEmptySubsequences: false)
        var numbers: [String: [Int32]] = [:]
        for index in 0..<count {
            let number = first + index
            // What was passed must not go on to the programs that this one starts, and must not block a worker.
            guard fcntl(number, F_SETFD, FD_CLOEXEC) == 0 else { continue }
            _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
            let name = Int(index) < names.count ? String(names[Int(index)]) : "unknown"
            numbers[name, default: []].append(number)
        }
        self.init(numbers)
    }

    /// The names that were passed, for messages.
    var names: [String] { numbers.keys.sorted() }

    /// Takes the descriptors of a name; the caller owns them from now on.
    mutating func take(_ name: String) -> [Int32] {
        numbers.removeValue(forKey: name) ?? []
    }

    /// Takes the listening sockets of a name that listen where they should, as far as that is said; others are closed.
    mutating func take(_ name: String, at address: SocketAddress?) -> [Int32] {
        take(name).filter { number in
            guard let address else { return true }
            let socket = Descriptor(owning: number)
            let bound = try? Socket.boundAddress(of: socket)
            guard bound.map({ $0.isAcceptable(for: address) }) == true else { return false }
            _ = socket.release()
            return true
        }
    }
}

extension SocketAddress {
    /// Whether a socket bound here is one for an address of the configuration, where port 0 is whatever the kernel chose.
    fileprivate func isAcceptable(for wanted: SocketAddress) -> Bool {
        if self == wanted { return true }
        return wanted.port == 0 && ip != nil && ip == wanted.ip
    }
}
