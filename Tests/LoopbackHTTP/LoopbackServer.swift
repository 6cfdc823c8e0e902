internal import Glibc
internal import Synchronization

/// A server on loopback that answers each connection as the test says, on a thread of its own.
public final class LoopbackServer: Sendable {
    /// What is sent back, and what follows it.
    public enum Answer: Sendable {
        /// A response with its length told.
        case response(status: Int, headers: [String] = [], body: [UInt8] = [])
        /// These bytes, then the end of the connection.
        case raw([UInt8])
        /// Nothing: the connection stays open until the server is gone.
        case silence
    }

    /// On loopback; chosen by the kernel.
    public let port: UInt16
    private let listener: Int32
    private let answer: @Sendable (String, Int) -> Answer
    private let requests = Mutex<[LoopbackRequest]>([])
    private let silent = Mutex<[Int32]>([])

    /// Begins to serve; the answer is made from the head of the request and how many came before it.
    public init(_ answer: @escaping @Sendable (String, Int) -> Answer) throws(LoopbackFailure) {
        self.answer = answer
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(listener, address, length) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        guard bound else { throw LoopbackFailure(call: "bind") }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        var thread = pthread_t()
        let started = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<LoopbackServer>.fromOpaque(context).takeRetainedValue().serve()
                return nil
            }, context)
        guard started == 0 else { throw LoopbackFailure(call: "pthread_create") }
        pthread_detach(thread)
    }

    /// With its port, without a path.
    public var url: String { "http://127.0.0.1:\(port)" }

    /// The requests so far.
    public var received: [LoopbackRequest] { requests.withLock { $0 } }

    /// The heads of the requests so far.
    public var heads: [String] { received.map(\.head) }

    /// Ends the thread; called at the end of each test.
    public func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        silent.withLock { descriptors in
            for descriptor in descriptors { close(descriptor) }
            descriptors = []
        }
    }

    private func serve() {
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else {
                close(listener)
                return
            }
            let request = request(from: connection)
            let count = requests.withLock { requests in
                requests.append(request)
                return requests.count - 1
            }
            switch answer(request.head, count) {
            case .response(let status, let headers, let body):
                let lines = ["HTTP/1.1 \(status) X", "Content-Length: \(body.count)", "Connection: close"] + headers
                send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body, to: connection)
                close(connection)
            case .raw(let bytes):
                send(bytes, to: connection)
                close(connection)
            case .silence:
                silent.withLock { $0.append(connection) }
            }
        }
    }

    private func request(from connection: Int32) -> LoopbackRequest {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while bytes.count < 4 << 20 {
            let request = LoopbackRequest(bytes)
            if let request, request.isWhole { return request }
            let count = unsafe read(connection, &chunk, chunk.count)
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return LoopbackRequest(bytes) ?? LoopbackRequest(head: String(decoding: bytes, as: UTF8.self), body: [])
    }

    private func send(_ bytes: [UInt8], to connection: Int32) {
        var sent = 0
        while sent < bytes.count {
            let rest = Array(bytes[sent...])
            let count = unsafe Glibc.send(connection, rest, rest.count, Int32(MSG_NOSIGNAL))
            guard count > 0 else { return }
            sent += count
        }
        shutdown(connection, Int32(SHUT_WR))
    }
}

/// What a server got.
public struct LoopbackRequest: Sendable {
    /// The request line and the header, with the empty line at its end.
    public let head: String
    /// As much of the content as came.
    public let body: [UInt8]
    private let length: Int

    init(head: String, body: [UInt8]) {
        self.head = head
        self.body = body
        let field = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
        length = field.flatMap { Int($0.dropFirst(15).filter { $0 != " " }) } ?? 0
    }

    /// Nil until the head is whole.
    init?(_ bytes: [UInt8]) {
        guard
            let end = (0..<max(0, bytes.count - 3)).first(where: { bytes[$0..<($0 + 4)].elementsEqual("\r\n\r\n".utf8) }
            )
        else { return nil }
        self.init(
            head: String(decoding: bytes[..<(end + 4)], as: UTF8.self), body: Array(bytes[(end + 4)...]))
    }

    var isWhole: Bool { body.count >= length }
}

/// A call of the system's that failed, so that there is no server.
public struct LoopbackFailure: Error {
    let call: String
}
