import CLinux
import Foundation
import Glibc
import Synchronization

/// Bytes in both directions, each call bounded in time.
protocol ByteStream: AnyObject {
    /// Reads what is there next; nothing once the peer has ended its side.
    func read() throws -> [UInt8]
    /// Writes all of it.
    func write(_ bytes: [UInt8]) throws
}

extension ByteStream {
    func write(_ text: String) throws {
        try write(Array(text.utf8))
    }

    /// Reads until the peer has ended its side.
    func readToEnd() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let more = try read()
            if more.isEmpty { return bytes }
            bytes += more
        }
    }
}

/// A failed system call.
struct SystemCallFailed: Error, CustomStringConvertible {
    let call: String
    let number: Int32

    var description: String { "\(call): errno \(number)" }

    /// Whether the peer, or the kernel in its name, reset the connection.
    var isReset: Bool { number == ECONNRESET || number == EPIPE }
}

/// A connected TCP socket on the loopback interface.
final class Wire: ByteStream, Sendable {
    let descriptor: Int32
    private let isOpen = Mutex(true)

    /// How long one call may wait for the peer.
    static let patience: Int32 = 20_000

    init(owning descriptor: Int32) {
        self.descriptor = descriptor
        var one: Int32 = 1
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    /// Connects to a port of this machine.
    convenience init(port: UInt16) throws {
        self.init(owning: try Self.connected(to: port))
    }

    deinit { close() }

    func read() throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            if count >= 0 { return Array(buffer.prefix(count)) }
            try waitAfterFailure(of: "recv", for: Int16(POLLIN))
        }
    }

    func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else {
                try waitAfterFailure(of: "send", for: Int16(POLLOUT))
            }
        }
    }

    /// Waits until the socket is ready; throws when nothing happens.
    func wait(for events: Int16) throws {
        var entry = pollfd(fd: descriptor, events: events, revents: 0)
        guard unsafe poll(&entry, 1, Self.patience) > 0 else {
            throw NotInTime(description: "nothing from the peer of descriptor \(descriptor)")
        }
    }

    /// Whether something can be read, the end included, without waiting.
    var isReadable: Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&entry, 1, 0) > 0
    }

    private func waitAfterFailure(of call: String, for events: Int16) throws {
        let number = errno
        guard number == EAGAIN || number == EINTR else { throw SystemCallFailed(call: call, number: number) }
        try wait(for: events)
    }

    /// Ends our side; the peer's can still be read.
    func endOutput() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Ends both sides, so that whoever waits on the socket in another thread comes back.
    func interrupt() {
        isOpen.withLock { if $0 { shutdown(descriptor, Int32(SHUT_RDWR)) } }
    }

    /// Ends the connection by a reset instead of in good order.
    func reset() {
        var now = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func close() {
        isOpen.withLock { isOpen in
            if isOpen { Glibc.close(descriptor) }
            isOpen = false
        }
    }
}

// MARK: - Sockets

extension Wire {
    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func withSocketAddress<Value>(
        _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Value
    ) -> Value {
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0) }
        }
    }

    private static func stream() throws -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_INET, kind, 0)
        guard descriptor >= 0 else { throw SystemCallFailed(call: "socket", number: errno) }
        return descriptor
    }

    private static let addressSize = socklen_t(MemoryLayout<sockaddr_in>.size)

    fileprivate static func connected(to port: UInt16) throws -> Int32 {
        let descriptor = try stream()
        var address = loopback(port)
        guard unsafe withSocketAddress(&address, { unsafe connect(descriptor, $0, addressSize) }) == 0 else {
            let number = errno
            Glibc.close(descriptor)
            throw SystemCallFailed(call: "connect", number: number)
        }
        return descriptor
    }

    /// A listening socket on a port that the kernel chooses.
    static func listening(backlog: Int32 = 1_024) throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = try stream()
        var address = loopback(0)
        var size = addressSize
        guard unsafe withSocketAddress(&address, { unsafe bind(descriptor, $0, addressSize) }) == 0,
            listen(descriptor, backlog) == 0,
            unsafe withSocketAddress(&address, { unsafe getsockname(descriptor, $0, &size) }) == 0
        else { throw SystemCallFailed(call: "listen", number: errno) }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// A port on which nobody listens: one that the kernel gave and that was given back.
    static func closedPort() throws -> UInt16 {
        let (descriptor, port) = try listening()
        Glibc.close(descriptor)
        return port
    }
}
