internal import EventLoop
internal import Glibc

/// What may be asked through the control socket: one word on a line.
enum ControlRequest: String, CaseIterable {
    case reload
    case upgrade
}

/// The door for `poterne reload` and its like: a Unix socket in the state directory that only the gateway's user and root
/// may open.
///
/// A visitor says one line and gets an answer: a first line `ok` or `failed`, then text until the end of the stream.
final class ControlSocket: ReadinessHandler {
    /// Its name in the state directory.
    static let name = "control.sock"

    private let loop: EventLoop
    private let socket: Descriptor
    private let path: String
    private let answer: (ControlRequest, ControlVisitor) -> Void
    private var watcher: Watcher?
    private var visitors: [ObjectIdentifier: ControlVisitor] = [:]

    /// Opens the door in a state directory, which is made if it is not there, or takes over that of the process before this
    /// one; `answer` is called for each request, to answer the visitor at once or later.
    init(
        loop: EventLoop, stateDirectory: String, inherited: Int32?,
        answer: @escaping (ControlRequest, ControlVisitor) -> Void
    ) throws(SocketError) {
        self.loop = loop
        self.answer = answer
        path = Self.path(in: stateDirectory)
        if let inherited {
            socket = Descriptor(owning: inherited)
            return
        }
        // Fails where it is there already; where it cannot be made, the socket says so.
        _ = unsafe mkdir(stateDirectory, 0o700)
        socket = try Socket.listen(on: .unix(path), mode: 0o600)
    }

    /// The number of its socket, for a process that is to take it over.
    var number: Int32 { socket.rawValue }

    static func path(in stateDirectory: String) -> String {
        stateDirectory + "/" + name
    }

    /// Lets visitors in.
    func start() {
        var watcher = Watcher(loop: loop, descriptor: socket, handler: self)
        watcher.setInterest(.read)
        self.watcher = consume watcher
    }

    /// Lets nobody in any more, and takes the door away.
    func close() {
        watcher = nil
        visitors = [:]
        _ = unsafe unlink(path)
    }

    /// Lets nobody in any more: another process does.
    func handOver() {
        watcher = nil
    }

    func ready(_ readiness: Readiness) {
        for _ in 0..<Limits.controlVisitors {
            guard case .connection(let descriptor, _) = Socket.accept(from: socket) else { return }
            // Who finds the room full is turned away: it is its owner's own program that fills it.
            guard visitors.count < Limits.controlVisitors else { continue }
            let visitor = ControlVisitor(descriptor, loop: loop)
            let id = ObjectIdentifier(visitor)
            visitors[id] = visitor
            visitor.start(
                asks: { [unowned self] in answer($0, visitor) },
                leaves: { [weak self] in
                    self?.visitors[id] = nil
                })
        }
    }
}

/// One connection to the control socket.
final class ControlVisitor: ReadinessHandler, TimerHandler {
    private let descriptor: Descriptor
    private let loop: EventLoop
    private var watcher: Watcher?
    private var deadline: Timer?
    private var input: [UInt8] = []
    private var asks: ((ControlRequest) -> Void)?
    private var leaves: (() -> Void)?

    init(_ descriptor: consuming Descriptor, loop: EventLoop) {
        self.descriptor = descriptor
        self.loop = loop
    }

    fileprivate func start(asks: @escaping (ControlRequest) -> Void, leaves: @escaping () -> Void) {
        self.asks = asks
        self.leaves = leaves
        var watcher = Watcher(loop: loop, descriptor: descriptor, handler: self)
        watcher.setInterest(.read)
        self.watcher = consume watcher
        deadline = Timer(loop: loop, handler: self)
        deadline?.schedule(after: Limits.controlRequestTimeout)
    }

    func ready(_ readiness: Readiness) {
        var buffer = [UInt8](repeating: 0, count: Limits.controlRequest)
        var span = buffer.mutableSpan
        switch Socket.read(from: descriptor, into: &span) {
        case .done(let count): input += buffer.prefix(count)
        case .wouldBlock: return
        case .closed, .failed: return leave()
        }
        guard let end = input.firstIndex(of: UInt8(ascii: "\n")) else {
            if input.count >= Limits.controlRequest { answer(false, "that is no request") }
            return
        }
        watcher = nil
        deadline?.cancel()
        guard let request = ControlRequest(rawValue: String(decoding: input[..<end], as: UTF8.self)) else {
            return answer(false, "this gateway knows no such request")
        }
        let asks = self.asks
        self.asks = nil
        asks?(request)
    }

    func timerFired(_ token: Int) {
        leave()
    }

    /// Answers, and ends the visit.
    func answer(_ isDone: Bool, _ text: String) {
        let bytes = Array(((isDone ? "ok\n" : "failed\n") + text + "\n").utf8.prefix(Limits.controlAnswer))
        // The kernel's buffer of a new Unix socket takes an answer whole; a visitor that has gone does not miss it.
        _ = Socket.write(bytes.span, to: descriptor)
        leave()
    }

    private func leave() {
        watcher = nil
        deadline = nil
        asks = nil
        let leaves = self.leaves
        self.leaves = nil
        leaves?()
    }
}
