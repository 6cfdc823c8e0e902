import EventLoop

/// The line of a slow caller: carries bytes between its TLS connection, which has one end of a pair of sockets, and the
/// server, a byte at a time in the direction and the time that are slow.
///
/// Under TLS, so that the server sees the handshake trickle in, and records in pieces.
final class SlowLine: TimerHandler {
    /// What is slow.
    enum Slowness {
        case handshake, head, reading

        init?(_ role: CallerRole) {
            switch role {
            case .slowHandshake: self = .handshake
            case .slowHead: self = .head
            case .slowReader: self = .reading
            case .full, .resumed, .revoked, .wrongKind: return nil
            }
        }
    }

    private unowned let client: LoadClient
    private let slowness: Slowness
    private let near: LineEnd
    private let far: LineEnd
    private var upward: [UInt8] = []
    private var downward: [UInt8] = []
    private var isUpwardSlow: Bool
    private var isDownwardSlow = false
    private var hasServerEnded = false
    private var timer: Timer?
    private let tick: UInt64
    private let piece: Int

    /// No tick is shorter: what is faster moves more bytes with each.
    private static let shortestTick = 0.01

    init(
        _ slowness: Slowness, from near: consuming Descriptor, to far: consuming Descriptor, client: LoadClient,
        worker: LoadWorker
    ) {
        self.slowness = slowness
        self.client = client
        let pace = worker.plan.slowPace
        let tick = max(1 / pace, Self.shortestTick)
        self.tick = UInt64(tick * 1e9)
        piece = max(1, Int((pace * tick).rounded()))
        isUpwardSlow = slowness == .handshake
        // A buffer of the kernel's would read in the caller's place.
        if slowness == .reading { Socket.setReceiveBuffer(of: far, bytes: 2048) }
        self.near = LineEnd(near, loop: worker.loop)
        self.far = LineEnd(far, loop: worker.loop)
        self.near.line = self
        self.far.line = self
        timer = Timer(loop: worker.loop, handler: self)
        self.far.wait(for: .write)
        schedule(worker.loop)
    }

    private func schedule(_ loop: EventLoop) {
        timer?.schedule(at: loop.now.advanced(byNanoseconds: tick))
    }

    /// What comes after the handshake is what is slow, or is not.
    func handshakeEnded() {
        // The last of the handshake leaves as fast as the rest of it.
        isUpwardSlow = false
        carry()
        isUpwardSlow = slowness == .head
        isDownwardSlow = slowness == .reading
    }

    func timerFired(_ token: Int) {
        if isUpwardSlow, !upward.isEmpty { send(upTo: piece) }
        if isDownwardSlow, downward.isEmpty, !hasServerEnded { receive(upTo: piece) }
        schedule(client.worker.loop)
        carry()
    }

    fileprivate func ready(_ end: LineEnd) {
        if !end.isConnected {
            if let errno = end.pendingError { return client.connectionEnded(.notConnected(errno: errno)) }
            end.isConnected = true
        }
        carry()
    }

    /// Moves what may move now, and waits for the rest.
    private func carry() {
        if upward.isEmpty { near.read(into: &upward, upTo: 16 * 1024) }
        if !isUpwardSlow, !upward.isEmpty, far.isConnected { send(upTo: upward.count) }
        if !isDownwardSlow, downward.isEmpty, far.isConnected, !hasServerEnded { receive(upTo: 16 * 1024) }
        if !downward.isEmpty { near.write(&downward, upTo: downward.count) }
        if hasServerEnded, downward.isEmpty { near.close() }
        var wanted: Readiness = upward.isEmpty ? .read : []
        if !downward.isEmpty { wanted.insert(.write) }
        near.wait(for: wanted)
        guard far.isConnected else { return }
        wanted = []
        if !isUpwardSlow, !upward.isEmpty { wanted.insert(.write) }
        if !isDownwardSlow, downward.isEmpty, !hasServerEnded { wanted.insert(.read) }
        far.wait(for: wanted)
    }

    private func send(upTo count: Int) {
        if far.isConnected, !far.write(&upward, upTo: count) { hasServerEnded = true }
    }

    private func receive(upTo count: Int) {
        if !far.read(into: &downward, upTo: count) { hasServerEnded = true }
    }
}

/// One end of a slow line.
private final class LineEnd: ReadinessHandler {
    /// Owns this end.
    weak var line: SlowLine?
    var isConnected = false
    private var watcher: Watcher?
    private var descriptor: Descriptor?

    init(_ descriptor: consuming Descriptor, loop: EventLoop) {
        watcher = Watcher(loop: loop, descriptor: descriptor, handler: self)
        self.descriptor = consume descriptor
    }

    func ready(_ readiness: Readiness) {
        line?.ready(self)
    }

    func wait(for readiness: Readiness) {
        watcher?.setInterest(readiness)
    }

    func close() {
        watcher = nil
        descriptor = nil
    }

    var pendingError: Int32? {
        switch descriptor {
        case .some(let descriptor): Socket.pendingError(of: descriptor)
        case .none: nil
        }
    }

    /// Appends what has come; false when nothing more will.
    @discardableResult
    func read(into bytes: inout [UInt8], upTo count: Int) -> Bool {
        var block = [UInt8](repeating: 0, count: count)
        var room = block.mutableSpan
        let transfer: Transfer
        switch descriptor {
        case .some(let descriptor): transfer = Socket.read(from: descriptor, into: &room)
        case .none: return false
        }
        switch transfer {
        case .done(let count):
            bytes += block[..<count]
            return true
        case .wouldBlock: return true
        case .closed, .failed: return false
        }
    }

    /// Writes the first bytes and drops them; false when nobody takes them any more.
    @discardableResult
    func write(_ bytes: inout [UInt8], upTo count: Int) -> Bool {
        let transfer: Transfer
        switch descriptor {
        case .some(let descriptor):
            transfer = Socket.write(bytes.span.extracting(0..<min(count, bytes.count)), to: descriptor)
        case .none: return false
        }
        switch transfer {
        case .done(let count):
            bytes.removeFirst(count)
            return true
        case .wouldBlock: return true
        case .closed, .failed: return false
        }
    }
}
