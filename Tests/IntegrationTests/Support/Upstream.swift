import CLinux
import Foundation
import Glibc
import Synchronization

/// A server behind the gateway in the test's own process, that records every byte and answers as the test wants.
///
/// Each connection is served on a thread of its own.
final class Upstream: Sendable {
    let port: UInt16
    private let listener: Int32
    private let state = Mutex(State())

    private struct State {
        var connections: [Visit] = []
        var isStopped = false
    }

    /// A connection that the gateway made.
    final class Visit: ByteStream, Sendable {
        let wire: Wire
        private let bytes = Mutex<[UInt8]>([])

        init(_ wire: Wire) {
            self.wire = wire
        }

        /// Everything that came.
        var received: [UInt8] { bytes.withLock { $0 } }
        var text: String { String(decoding: received, as: UTF8.self) }

        func read() throws -> [UInt8] {
            let more = try wire.read()
            bytes.withLock { $0 += more }
            return more
        }

        func write(_ more: [UInt8]) throws { try wire.write(more) }
    }

    /// Listens, and serves each connection by `serve`; when that returns or throws, the connection is closed.
    init(_ serve: @escaping @Sendable (Visit) throws -> Void) throws {
        (listener, port) = try Wire.listening()
        Thread.detachNewThread { [listener, weak self] in
            while true {
                let descriptor = clinux_accept(listener, nil, nil)
                guard descriptor >= 0 else {
                    if errno == EINTR || errno == ECONNABORTED { continue }
                    break
                }
                guard let visit = self?.welcome(Wire(owning: descriptor)) else { break }
                Thread.detachNewThread {
                    try? serve(visit)
                    visit.wire.close()
                }
            }
            close(listener)
        }
    }

    /// Answers each request with what `answer` makes of it; nothing closes the connection.
    convenience init(answering answer: @escaping @Sendable (Message) -> String?) throws {
        try self.init { visit in
            let reader = MessageReader(visit)
            while let request = try reader.readRequest(), let response = answer(request) {
                try visit.write(response)
            }
        }
    }

    /// Answers each request with 200 and a few bytes.
    convenience init() throws {
        try self.init { _ in "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" }
    }

    deinit { stop() }

    private func welcome(_ wire: Wire) -> Visit? {
        let visit = Visit(wire)
        return state.withLock { state in
            guard !state.isStopped else { return nil }
            state.connections.append(visit)
            return visit
        }
    }

    /// Every connection that was made, in order.
    var visits: [Visit] { state.withLock { $0.connections } }

    /// Everything that came on all connections.
    var received: [UInt8] { visits.flatMap(\.received) }
    var text: String { String(decoding: received, as: UTF8.self) }

    /// Listens no more, and ends every connection.
    func stop() {
        let connections = state.withLock { state -> [Visit]? in
            if state.isStopped { return nil }
            state.isStopped = true
            return state.connections
        }
        guard let connections else { return }
        // The thread that accepts comes back from it, and closes the socket.
        shutdown(listener, Int32(SHUT_RDWR))
        for visit in connections { visit.wire.interrupt() }
    }
}

/// Bytes that are already there, as a stream.
final class Recording: ByteStream {
    private var bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    func read() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    func write(_ bytes: [UInt8]) {}
}

extension Upstream {
    /// The requests that came whole, connection by connection.
    var requests: [Message] { visits.flatMap(\.requests) }

    /// Whether what came ends within a request: a piece of one was forwarded.
    var hasPieces: Bool { visits.contains(where: \.hasPiece) }
}

extension Upstream.Visit {
    var requests: [Message] {
        let reader = MessageReader(Recording(received))
        var requests: [Message] = []
        while let request = try? reader.readRequest(), request.isComplete { requests.append(request) }
        return requests
    }

    /// Whether a request began and did not come whole.
    var hasPiece: Bool {
        let reader = MessageReader(Recording(received))
        do {
            while let request = try reader.readRequest() {
                if !request.isComplete { return true }
            }
            return false
        } catch {
            return true
        }
    }
}
