import EventLoop
import Glibc
import Testing

@Suite("Socket")
struct SocketTests {
    static let anyPort = SocketAddress(.v4(0x7f00_0001), port: 0)

    @Test("listens, accepts, and shows both ends the other's address", arguments: ["127.0.0.1:0", "[::1]:0"])
    func meets(text: String) throws {
        let listener = try Socket.listen(on: #require(SocketAddress(parsing: text)))
        let address = try Socket.boundAddress(of: listener)
        #expect(address.port != 0)

        let connecting = try Socket.connect(to: address)
        try awaitConnection(connecting.descriptor)
        guard case .connection(let accepted, let peer) = Socket.accept(from: listener) else {
            Issue.record("nobody came")
            return
        }
        #expect(try peer == Socket.boundAddress(of: connecting.descriptor))
        #expect(try Socket.peerAddress(of: connecting.descriptor) == address)
        #expect(try Socket.peerAddress(of: accepted) == peer)
        for number in [listener.rawValue, accepted.rawValue, connecting.descriptor.rawValue] {
            #expect(fcntl(number, F_GETFL) & O_NONBLOCK != 0)
            #expect(fcntl(number, F_GETFD) & FD_CLOEXEC != 0)
        }
        Socket.setNoDelay(accepted)
        Socket.setKeepAlive(accepted, idle: 60)
        guard case .wouldBlock = Socket.accept(from: listener) else {
            Issue.record("somebody else came")
            return
        }
    }

    @Test("finds out that nobody listens")
    func refused() throws {
        let address: SocketAddress
        do {
            let gone = try Socket.listen(on: SocketTests.anyPort, reusePort: false)
            address = try Socket.boundAddress(of: gone)
        }
        do {
            let connecting = try Socket.connect(to: address)
            let number = connecting.descriptor.rawValue
            var poll = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
            unsafe Glibc.poll(&poll, 1, 10_000)
            #expect(Socket.pendingError(of: connecting.descriptor) == ECONNREFUSED)
        } catch {
            #expect(error == .system(.connect, errno: ECONNREFUSED))
        }
    }

    @Test("shares a port between several listeners only when asked")
    func reusePort() throws {
        let first = try Socket.listen(on: SocketTests.anyPort)
        let address = try Socket.boundAddress(of: first)
        let second = try Socket.listen(on: address)
        #expect(try Socket.boundAddress(of: second) == address)
        #expect(throws: SocketError.system(.bind, errno: EADDRINUSE)) {
            _ = try Socket.listen(on: address, reusePort: false).rawValue
        }
    }

    @Test("serves IPv6 alone on [::], both when asked, and then shows IPv4 callers as IPv4")
    func dualStack() throws {
        let wildcard = SocketAddress(.v6(high: 0, low: 0), port: 0)
        let both = try Socket.listen(on: wildcard, dualStack: true)
        let port = try #require(Socket.boundAddress(of: both).port)
        let caller = try Socket.connect(to: SocketAddress(.v4(0x7f00_0001), port: port))
        try awaitConnection(caller.descriptor)
        guard case .connection(_, let peer) = Socket.accept(from: both) else {
            Issue.record("nobody came")
            return
        }
        #expect(peer.ip == .v4(0x7f00_0001))

        let six = try Socket.listen(on: wildcard)
        let sixPort = try #require(Socket.boundAddress(of: six).port)
        // The port is free for IPv4.
        let four = try Socket.listen(on: SocketAddress(.v4(0x7f00_0001), port: sixPort), reusePort: false)
        #expect(try Socket.boundAddress(of: four).port == sixPort)
    }

    @Test("reads and writes until the kernel has enough, and tells each end apart")
    func transfers() throws {
        let head = Array("head".utf8)
        let body = Array("body".utf8)
        let empty: [UInt8] = []
        let pair = try Socket.pair()
        var storage = [UInt8](repeating: 0, count: 4096)
        var buffer = storage.mutableSpan
        #expect(Socket.read(from: pair.first, into: &buffer) == .wouldBlock)
        #expect(Socket.write(head.span, body.span, to: pair.second) == .done(8))
        #expect(Socket.write(empty.span, head.span, to: pair.second) == .done(4))
        #expect(Socket.write(empty.span, empty.span, to: pair.second) == .done(0))
        #expect(Socket.read(from: pair.first, into: &buffer) == .done(12))
        #expect(buffer[8] == UInt8(ascii: "h"))

        let block = [UInt8](repeating: 7, count: 65536)
        var sent = 0
        while case .done(let count) = Socket.write(block.span, to: pair.second) { sent += count }
        #expect(Socket.write(block.span, to: pair.second) == .wouldBlock)
        #expect(Socket.write(block.span, block.span, to: pair.second) == .wouldBlock)
        Socket.shutdownWrite(pair.second)
        var received = 0
        while case .done(let count) = Socket.read(from: pair.first, into: &buffer) { received += count }
        #expect(received == sent)
        #expect(Socket.read(from: pair.first, into: &buffer) == .closed)
        #expect(Socket.write(block.span, to: pair.second) == .closed)
        _ = storage
    }

    @Test("tells a reset from an orderly end")
    func reset() throws {
        let listener = try Socket.listen(on: SocketTests.anyPort)
        let caller = try Socket.connect(to: Socket.boundAddress(of: listener))
        try awaitConnection(caller.descriptor)
        guard case .connection(let accepted, _) = Socket.accept(from: listener) else {
            Issue.record("nobody came")
            return
        }
        Socket.setResetOnClose(accepted)
        close(accepted.release())
        var poll = pollfd(fd: caller.descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        unsafe Glibc.poll(&poll, 1, 10_000)
        var storage = [UInt8](repeating: 0, count: 8)
        var buffer = storage.mutableSpan
        #expect(Socket.read(from: caller.descriptor, into: &buffer) == .failed(errno: ECONNRESET))
    }

    @Test("tells apart having no descriptor left, and leaves the caller waiting")
    func exhausted() async {
        await #expect(processExitsWith: .success) {
            let listener = try Socket.listen(on: SocketAddress(.v4(0x7f00_0001), port: 0))
            let caller = try Socket.connect(to: Socket.boundAddress(of: listener))
            var poll = pollfd(fd: listener.rawValue, events: Int16(POLLIN), revents: 0)
            unsafe Glibc.poll(&poll, 1, 10_000)
            var saved = rlimit()
            unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &saved)
            var none = rlimit(rlim_cur: 0, rlim_max: saved.rlim_max)
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &none)
            guard case .exhausted(EMFILE) = Socket.accept(from: listener) else { exit(1) }
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &saved)
            guard case .connection = Socket.accept(from: listener) else { exit(2) }
            _ = consume caller
            exit(0)
        }
    }

    @Test("says that a listener is unusable")
    func unusable() throws {
        let pair = try Socket.pair()
        guard case .failed(.system(.accept, errno: EINVAL)) = Socket.accept(from: pair.first) else {
            Issue.record("a connected socket accepted")
            return
        }
    }

    @Test("resolves a name and leaves numbers alone")
    func resolves() throws {
        #expect(try SocketAddress.resolve(host: "192.0.2.7", port: 8) == [SocketAddress(.v4(0xc000_0207), port: 8)])
        #expect(try SocketAddress.resolve(host: "localhost", port: 80).allSatisfy { $0.ip?.isLoopback == true })
        #expect(throws: SocketError.self) { try SocketAddress.resolve(host: "no such host", port: 80) }
    }

    private func awaitConnection(_ descriptor: borrowing Descriptor) throws {
        var poll = pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
        try #require(unsafe Glibc.poll(&poll, 1, 10_000) == 1)
        #expect(Socket.pendingError(of: descriptor) == nil)
    }
}

@Suite("Unix sockets")
final class UnixSocketTests {
    let directory: String

    init() throws {
        var template = Array("/tmp/poterne-XXXXXX".utf8CString)
        directory = try #require(unsafe mkdtemp(&template).map { unsafe String(cString: $0) })
    }

    deinit {
        for name in ["socket", "file", "link"] { unsafe unlink("\(directory)/\(name)") }
        unsafe rmdir(directory)
    }

    @Test("carry a connection, and replace what a dead process left")
    func stale() throws {
        let path = "\(directory)/socket"
        for _ in 0..<2 {
            // The descriptor closes at the end of each round, the path stays.
            let listener = try Socket.listen(on: .unix(path), mode: 0o600)
            var status = stat()
            unsafe stat(path, &status)
            #expect(status.st_mode & 0o777 == 0o600)
            #expect(try Socket.boundAddress(of: listener) == .unix(path))
            let caller = try Socket.connect(to: .unix(path))
            let isInProgress = caller.isInProgress
            #expect(!isInProgress)
            guard case .connection(_, .unix("")) = Socket.accept(from: listener) else {
                Issue.record("nobody came")
                return
            }
        }
    }

    @Test("do not take over from somebody who serves")
    func served() throws {
        let path = "\(directory)/socket"
        let listener = try Socket.listen(on: .unix(path))
        #expect(throws: SocketError.pathInUse(path)) { _ = try Socket.listen(on: .unix(path)).rawValue }
        _ = consume listener
    }

    @Test("leave a file that is not a socket alone, links included")
    func notSockets() throws {
        let file = "\(directory)/file"
        let link = "\(directory)/link"
        close(unsafe open(file, O_CREAT | O_WRONLY, 0o600))
        unsafe symlink(file, link)
        for path in [file, link] {
            #expect(throws: SocketError.notASocket(path: path)) { _ = try Socket.listen(on: .unix(path)).rawValue }
            #expect(unsafe access(path, F_OK) == 0)
        }
    }

    @Test("refuse a path that does not fit", arguments: ["", String(repeating: "a", count: 108), "/tmp/a\0b"])
    func paths(path: String) {
        #expect(throws: SocketError.unusablePath(path)) { _ = try Socket.listen(on: .unix(path)).rawValue }
    }

    @Test("are shared by duplicating the descriptor")
    func duplicates() throws {
        let listener = try Socket.listen(on: .unix("\(directory)/socket"))
        let other = try listener.duplicate()
        #expect(other.rawValue != listener.rawValue)
        #expect(fcntl(other.rawValue, F_GETFD) & FD_CLOEXEC != 0)
        _ = try Socket.connect(to: .unix("\(directory)/socket")).isInProgress
        guard case .connection = Socket.accept(from: other) else {
            Issue.record("nobody came")
            return
        }
    }
}
