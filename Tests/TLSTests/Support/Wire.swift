import Glibc

/// How bytes travel between the two ends.
enum Delivery: CaseIterable, Sendable {
    /// As they are written.
    case atOnce
    /// One byte each way per turn, through a relay.
    case byteByByte
}

/// Two non-blocking sockets, joined directly or through a relay.
final class Wire {
    let client: Int32
    let server: Int32
    private let relay: (client: Int32, server: Int32)?
    private var openEnds: Set<Int32>
    /// What the server has sent so far, if there is a relay.
    private(set) var fromServer: [UInt8] = []

    init(_ delivery: Delivery) throws {
        // As the program's `main` does: OpenSSL writes to the descriptor with write(2).
        signal(SIGPIPE, SIG_IGN)
        let first = try Wire.pair()
        client = first.0
        switch delivery {
        case .atOnce:
            server = first.1
            relay = nil
            openEnds = [first.0, first.1]
        case .byteByByte:
            let second = try Wire.pair()
            relay = (first.1, second.0)
            server = second.1
            openEnds = [first.0, first.1, second.0, second.1]
        }
    }

    deinit { for end in openEnds { close(end) } }

    /// Lets a byte pass each way, and says whether one did.
    func turn() -> Bool {
        guard let relay else { return false }
        let passedUp = pass(from: relay.client, to: relay.server) != nil
        let down = pass(from: relay.server, to: relay.client)
        if let down { fromServer.append(down) }
        return passedUp || down != nil
    }

    /// Closes an end, whatever it has not received.
    func drop(_ end: Int32) {
        guard openEnds.remove(end) != nil else { return }
        close(end)
    }

    /// Ends what an end sends, as a process that dies does.
    func end(_ end: Int32) {
        shutdown(end, Int32(SHUT_WR))
    }

    private func pass(from source: Int32, to destination: Int32) -> UInt8? {
        var byte: UInt8 = 0
        // Taken out only once it has been put in: the other buffer may be full.
        guard unsafe recv(source, &byte, 1, Int32(MSG_PEEK)) == 1,
            unsafe send(destination, &byte, 1, Int32(MSG_NOSIGNAL)) == 1,
            unsafe recv(source, &byte, 1, 0) == 1
        else { return nil }
        return byte
    }

    private static func pair() throws -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw SocketError(errno: errno) }
        return (ends[0], ends[1])
    }
}

struct SocketError: Error {
    let errno: Int32
}

/// Sends plain bytes through a socket.
func sendAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    unsafe send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
}

/// What a socket has to give at the moment.
func receive(from descriptor: Int32) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe recv(descriptor, &bytes, bytes.count, 0)
    return Array(bytes.prefix(max(0, count)))
}
