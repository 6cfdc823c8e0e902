import Glibc
import Synchronization

/// A server on loopback that answers each connection as the test says, on a thread of its own.
final class LoopbackServer: Sendable {
    /// What is sent back, and what follows it.
    enum Answer: Sendable {
        /// A response with its length told.
        case response(status: Int, headers: [String] = [], body: [UInt8] = [])
        /// These bytes, then the end of the connection.
        case raw([UInt8])
        /// Nothing: the connection stays open until the server is gone.
        case silence
    }

    let port: UInt16
    private let listener: Int32
    private let answer: @Sendable (String, Int) -> Answer
    private let requests = Mutex<[String]>([])
    private let silent = Mutex<[Int32]>([])

    // The answer is made from the head of the request and how many came before it.
    init(_ answer: @escaping @Sendable (String, Int) -> Answer) throws {
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
        guard bound else { throw TemporaryFolder.Failure(call: "bind") }
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
        guard started == 0 else { throw TemporaryFolder.Failure(call: "pthread_create") }
        pthread_detach(thread)
    }

    var url: String { "http://127.0.0.1:\(port)" }

    /// The heads of the requests so far.
    var heads: [String] { requests.withLock { $0 } }

    /// Ends the thread; called at the end of each test.
    func stop() {
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
            let head = head(from: connection)
            let count = requests.withLock { requests in
                requests.append(head)
                return requests.count - 1
            }
            switch answer(head, count) {
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

    private func head(from connection: Int32) -> String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while bytes.count < 65_536, !String(decoding: bytes, as: UTF8.self).contains("\r\n\r\n") {
            let count = unsafe read(connection, &chunk, chunk.count)
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
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
