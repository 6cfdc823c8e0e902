internal import EventLoop
internal import Glibc

/// What a running gateway said to a question of an operator's.
public struct GatewayAnswer: Equatable, Sendable {
    /// Whether what was asked for is so, or was done.
    public let isYes: Bool
    /// What there is to say about it, one or more lines.
    public let text: String

    init(isYes: Bool, text: Substring) {
        self.isYes = isYes
        self.text = String(text.hasSuffix("\n") ? text.dropLast() : text)
    }
}

/// Why a running gateway gave no answer: nobody listens, one may not enter, or what came is no answer.
public struct GatewaySilence: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, and what to look at.
    public let description: String

    /// Says why there is no answer.
    public init(description: String) {
        self.description = description
    }
}

/// A question put to a gateway over a connection of its own; the answer is everything until the gateway closes.
struct GatewayQuestion {
    let address: SocketAddress
    /// Milliseconds for each step.
    let patience: Int32
    /// Bytes of an answer at the most.
    let limit: Int

    enum Failure: Error {
        case unreachable(reason: String)
        case noAnswer
    }

    func ask(_ question: String) throws(Failure) -> String {
        let socket: Descriptor
        do {
            let connecting = try Socket.connect(to: address)
            socket = connecting.descriptor
        } catch {
            throw .unreachable(reason: "\(error)")
        }
        try wait(for: POLLOUT, on: socket)
        if let error = Socket.pendingError(of: socket), error != 0 {
            throw .unreachable(reason: unsafe String(cString: strerror(error)))
        }
        let bytes = Array(question.utf8)
        _ = Socket.write(bytes.span, to: socket)
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: limit)
        while answer.count <= limit {
            var span = buffer.mutableSpan
            switch Socket.read(from: socket, into: &span) {
            case .done(let count): answer += buffer.prefix(count)
            case .closed: return String(decoding: answer, as: UTF8.self)
            case .failed: throw .noAnswer
            case .wouldBlock: try wait(for: POLLIN, on: socket)
            }
        }
        throw .noAnswer
    }

    private func wait(for events: Int32, on socket: borrowing Descriptor) throws(Failure) {
        var wanted = pollfd(fd: socket.rawValue, events: Int16(events), revents: 0)
        guard unsafe poll(&wanted, 1, patience) > 0 else { throw .noAnswer }
    }
}
