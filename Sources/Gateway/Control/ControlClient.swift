internal import EventLoop
internal import Glibc

/// Asks a running gateway for something, through the control socket in its state directory.
public struct ControlClient: Sendable {
    /// What the gateway said.
    public struct Answer: Equatable, Sendable {
        /// Whether what was asked for was done.
        public let isDone: Bool
        /// What there is to say about it, one or more lines.
        public let text: String
    }

    /// Why there is no answer.
    public enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
        /// Nobody listens, or one may not enter.
        case unreachable(path: String, reason: String)
        /// The gateway broke off, or took too long.
        case noAnswer(path: String)

        /// What is wrong, and what to look at.
        public var description: String {
            switch self {
            case .unreachable(let path, let reason):
                "no gateway answers at \(path): \(reason)\n  Is it running, by this user, with this `state_directory`?"
            case .noAnswer(let path): "the gateway at \(path) gave no answer; its log says why"
            }
        }
    }

    private let path: String

    /// The gateway with this state directory.
    public init(stateDirectory: String) {
        path = ControlSocket.path(in: stateDirectory)
    }

    /// Has the gateway read its configuration again.
    ///
    /// - Throws: ``Failure`` if there is no answer; a reload that was refused is an answer.
    public func reload() throws(Failure) -> Answer {
        try ask(.reload)
    }

    /// Has the gateway start the program that is installed now on its sockets, and end when that serves.
    ///
    /// - Throws: ``Failure`` if there is no answer; an upgrade that failed is an answer.
    public func upgrade() throws(Failure) -> Answer {
        try ask(.upgrade)
    }

    private func ask(_ request: ControlRequest) throws(Failure) -> Answer {
        let connecting: Socket.Connecting
        do {
            connecting = try Socket.connect(to: .unix(path))
        } catch {
            throw .unreachable(path: path, reason: "\(error)")
        }
        let socket = connecting.descriptor
        let question = Array("\(request.rawValue)\n".utf8)
        _ = Socket.write(question.span, to: socket)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: Limits.controlAnswer)
        reading: while true {
            var span = buffer.mutableSpan
            switch Socket.read(from: socket, into: &span) {
            case .done(let count): bytes += buffer.prefix(count)
            case .closed: break reading
            case .failed: throw .noAnswer(path: path)
            case .wouldBlock:
                var wanted = pollfd(fd: socket.rawValue, events: Int16(POLLIN), revents: 0)
                guard unsafe poll(&wanted, 1, Limits.controlPatience) != 0 else { throw .noAnswer(path: path) }
            }
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", maxSplits: 1)
        guard let verdict = lines.first, verdict == "ok" || verdict == "failed" else { throw .noAnswer(path: path) }
        let text = lines.count > 1 ? lines[1] : ""
        return Answer(isDone: verdict == "ok", text: text.hasSuffix("\n") ? String(text.dropLast()) : String(text))
    }
}
