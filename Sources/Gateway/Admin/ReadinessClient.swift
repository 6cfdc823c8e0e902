public import EventLoop
internal import Glibc

/// Asks a gateway's admin address whether it is ready, for health checks where nothing else can: in a container that holds
/// nothing but the gateway.
public struct ReadinessClient: Sendable {
    /// What the gateway said.
    public struct Answer: Equatable, Sendable {
        /// Whether it serves callers.
        public let isReady: Bool
        /// What is missing, a line for each thing.
        public let text: String
    }

    /// Why there is no answer.
    public enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
        /// Nobody listens.
        case unreachable(address: String, reason: String)
        /// No whole answer within a few seconds, or none of a gateway.
        case noAnswer(address: String)

        /// What is wrong.
        public var description: String {
            switch self {
            case .unreachable(let address, let reason): "no gateway answers at \(address): \(reason)"
            case .noAnswer(let address): "what listens at \(address) gave no answer of a gateway"
            }
        }
    }

    private let address: SocketAddress

    /// The gateway whose admin address this is.
    public init(address: SocketAddress) {
        self.address = address
    }

    /// Asks `/readyz`.
    ///
    /// - Throws: ``Failure`` if there is no answer; not to be ready is one.
    public func ask() throws(Failure) -> Answer {
        let text = try response(to: "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        let head = "HTTP/1.1 "
        guard text.hasPrefix(head), let end = text.firstRange(of: "\r\n\r\n") else {
            throw .noAnswer(address: "\(address)")
        }
        let status = text.dropFirst(head.count).prefix(3)
        guard status == "200" || status == "503" else { throw .noAnswer(address: "\(address)") }
        let body = text[end.upperBound...]
        return Answer(isReady: status == "200", text: String(body.hasSuffix("\n") ? body.dropLast() : body))
    }

    /// Everything until the gateway closes.
    private func response(to question: String) throws(Failure) -> String {
        let socket: Descriptor
        do {
            let connecting = try Socket.connect(to: address)
            socket = connecting.descriptor
        } catch {
            throw .unreachable(address: "\(address)", reason: "\(error)")
        }
        try wait(for: POLLOUT, on: socket)
        if let error = Socket.pendingError(of: socket), error != 0 {
            throw .unreachable(address: "\(address)", reason: unsafe String(cString: strerror(error)))
        }
        let bytes = Array(question.utf8)
        _ = Socket.write(bytes.span, to: socket)
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: Limits.readinessAnswer)
        while answer.count < Limits.readinessAnswer {
            var span = buffer.mutableSpan
            switch Socket.read(from: socket, into: &span) {
            case .done(let count): answer += buffer.prefix(count)
            case .closed: return String(decoding: answer, as: UTF8.self)
            case .failed: throw .noAnswer(address: "\(address)")
            case .wouldBlock: try wait(for: POLLIN, on: socket)
            }
        }
        throw .noAnswer(address: "\(address)")
    }

    private func wait(for events: Int32, on socket: borrowing Descriptor) throws(Failure) {
        var wanted = pollfd(fd: socket.rawValue, events: Int16(events), revents: 0)
        guard unsafe poll(&wanted, 1, Limits.readinessPatience) > 0 else { throw .noAnswer(address: "\(address)") }
    }
}
