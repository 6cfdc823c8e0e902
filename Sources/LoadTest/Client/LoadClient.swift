import EventLoop
import HTTP
import Observability
import TLS

/// What a client is told to do next.
struct Attempt {
    var role: CallerRole
    /// When it was to begin.
    var intended: MonotonicTime
    /// Part of the preparation, which is not counted.
    var isPreparation = false
}

/// One connection's worth of callers: makes attempts, one at a time, and tells the worker what they came to.
final class LoadClient: ReadinessHandler, TimerHandler {
    private enum State {
        /// No connection, nothing to do.
        case idle
        /// An open connection between two requests.
        case resting
        case connecting
        case handshaking
        case sending(Int)
        case receiving
        /// After our `close_notify`, until the server's.
        case leaving
    }

    unowned let worker: LoadWorker
    /// What its own caller connects with, where it has one.
    private let own: TLSClientContext?
    private var session: TLSSession?

    private var state = State.idle
    private var attempt = Attempt(role: .full, intended: MonotonicTime(nanoseconds: 0))
    private var connectionBegan = MonotonicTime(nanoseconds: 0)
    private var connected = MonotonicTime(nanoseconds: 0)
    private var response = ResponseReader()

    // Ended in this order: a watcher before the descriptor it watches.
    private var deadline: Timer?
    private var watcher: Watcher?
    private var tls: TLSConnection?
    private var descriptor: Descriptor?

    init(worker: LoadWorker, own: TLSClientContext?) {
        self.worker = worker
        self.own = own
        deadline = Timer(loop: worker.loop, handler: self)
    }

    /// Whether it holds a connection between two requests.
    var isResting: Bool {
        if case .resting = state { true } else { false }
    }

    /// Begins an attempt; the worker hears of its end in a later iteration of the loop, or in this call.
    func begin(_ attempt: Attempt) {
        self.attempt = attempt
        deadline?.schedule(at: worker.loop.now.advanced(byNanoseconds: worker.patience))
        if isResting {
            state = .sending(0)
            step()
        } else {
            connect()
        }
    }

    /// Gives the connection up.
    func dropConnection() {
        watcher = nil
        if tls != nil { _ = tls?.shutdown() }
        tls = nil
        descriptor = nil
        response.reset()
        state = .idle
    }

    func timerFired(_ token: Int) {
        switch state {
        case .idle, .resting: return
        case .connecting: end(.timedOut(.connecting))
        case .handshaking: end(.timedOut(.handshaking))
        case .sending: end(.timedOut(.sending))
        case .receiving: end(.timedOut(.receiving))
        case .leaving: end(.timedOut(.leaving))
        }
    }

    func ready(_ readiness: Readiness) {
        if readiness.contains(.failed) { return end(.broken(errno: 0)) }
        switch state {
        case .idle: return
        case .resting: listen()
        case .connecting, .handshaking, .sending, .receiving, .leaving: step()
        }
    }

    /// Whether its own caller makes the attempt, whose session is resumed or is to be.
    private var usesOwn: Bool {
        switch attempt.role {
        case .resumed: true
        case .full: attempt.isPreparation
        case .revoked, .wrongKind: false
        }
    }

    // MARK: The steps of an attempt

    private func connect() {
        connectionBegan = attempt.isPreparation || worker.plan.keepsConnections ? .now() : attempt.intended
        let context = usesOwn ? own ?? worker.nextContext(.full) : worker.nextContext(attempt.role)
        do throws(SocketError) {
            let connecting = try Socket.connect(to: worker.plan.target)
            let isInProgress = connecting.isInProgress
            let descriptor = connecting.descriptor
            Socket.setNoDelay(descriptor)
            do throws(TLSError) {
                tls = try TLSConnection(
                    client: context, descriptor: descriptor.rawValue, serverName: worker.plan.serverName,
                    resuming: attempt.role == .resumed ? session : nil)
            } catch {
                return end(.tlsFailure)
            }
            var watcher = Watcher(loop: worker.loop, descriptor: descriptor, handler: self)
            watcher.setInterest(isInProgress ? .write : .read)
            self.watcher = consume watcher
            self.descriptor = consume descriptor
            state = .connecting
            if !isInProgress { finishConnecting() }
        } catch {
            if case .system(_, let errno) = error { return end(.notConnected(errno: errno)) }
            end(.notConnected(errno: 0))
        }
    }

    private func finishConnecting() {
        if let errno = connectionError() { return end(.notConnected(errno: errno)) }
        connected = .now()
        if !attempt.isPreparation {
            worker.tally.connect.record(nanoseconds: connected.nanoseconds(since: connectionBegan))
        }
        state = .handshaking
        step()
    }

    private func step() {
        do throws(TLSError) {
            switch state {
            case .idle, .resting: return
            case .connecting: finishConnecting()
            case .handshaking: try handshake()
            case .sending(let offset): try send(from: offset)
            case .receiving: try receive()
            case .leaving: try takeLeave()
            }
        } catch {
            fail(error)
        }
    }

    private func handshake() throws(TLSError) {
        guard settle(try tls?.handshake() ?? .closed) != nil else { return }
        let isResumed = tls?.facts?.isResumed ?? false
        if !attempt.isPreparation {
            let duration = MonotonicTime.now().nanoseconds(since: connected)
            if isResumed {
                worker.tally.resumedHandshake.record(nanoseconds: duration)
            } else {
                worker.tally.fullHandshake.record(nanoseconds: duration)
                if attempt.role == .resumed { worker.tally.notResumed += 1 }
            }
        }
        if worker.plan.makesRequest {
            try send(from: 0)
        } else if worker.plan.keepsConnections {
            finish(.greeted, keepsConnection: true)
        } else {
            _ = tls?.shutdown()
            state = .leaving
            try takeLeave()
        }
    }

    private func send(from offset: Int) throws(TLSError) {
        var offset = offset
        state = .sending(offset)
        let request = worker.request
        while offset < request.count {
            let rest = request.span.extracting(offset..<request.count)
            guard let count = settle(try tls?.write(rest) ?? .closed) else { return }
            offset += count
            state = .sending(offset)
        }
        state = .receiving
        wait(for: .read)
    }

    private func receive() throws(TLSError) {
        let wasAmidst = response.isAmidst
        switch try worker.read(&tls) {
        case .done(let count):
            if !wasAmidst, !attempt.isPreparation {
                worker.tally.firstByte.record(nanoseconds: MonotonicTime.now().nanoseconds(since: attempt.intended))
            }
            worker.tally.receivedBytes += count
            let isComplete: Bool
            do throws(MessageError) {
                isComplete = try worker.take(count, &response)
            } catch {
                return end(.malformedResponse)
            }
            if isComplete { return finish(.status(response.status), keepsConnection: response.keepsAlive) }
            // The kernel tells of what it still has, but not of what OpenSSL has read ahead.
            if tls?.hasBufferedInput == true { try receive() }
        case .wantsRead: wait(for: .read)
        case .wantsWrite: wait(for: .write)
        case .closed:
            end(response.isCompleteAtClose ? .status(response.status) : .closed)
        }
    }

    /// Waits for the server to close too, since a refusal may come instead.
    private func takeLeave() throws(TLSError) {
        while true {
            switch try worker.read(&tls) {
            case .done: continue
            case .wantsRead: return wait(for: .read)
            case .wantsWrite: return wait(for: .write)
            case .closed: return finish(.greeted, keepsConnection: false)
            }
        }
    }

    /// Something came on a connection at rest: the end of it, or a late ticket.
    private func listen() {
        do throws(TLSError) {
            while case .done = try worker.read(&tls) {}
            if try worker.read(&tls) != .closed { return }
        } catch {}
        dropConnection()
        worker.lostConnection()
    }

    // MARK: Ends

    private func fail(_ error: TLSError) {
        if case .leaving = state, error == .truncated {
            // A server need not answer close_notify in kind.
            return finish(.greeted, keepsConnection: false)
        }
        if case .truncated = error, response.isCompleteAtClose {
            return finish(.status(response.status), keepsConnection: false)
        }
        end(LoadOutcome(error))
    }

    private func finish(_ outcome: LoadOutcome, keepsConnection: Bool) {
        if own != nil, usesOwn, outcome.isSuccess {
            session = tls?.resumableSession() ?? session
        }
        guard keepsConnection, worker.plan.keepsConnections else { return end(outcome) }
        deadline?.cancel()
        state = .resting
        wait(for: .read)
        worker.ended(self, attempt, outcome)
    }

    private func end(_ outcome: LoadOutcome) {
        deadline?.cancel()
        dropConnection()
        worker.ended(self, attempt, outcome)
    }

    private func wait(for readiness: Readiness) {
        watcher?.setInterest(readiness)
    }

    /// Waits for what a step on the connection wants; the bytes it moved, if it is done.
    private func settle(_ progress: TLSConnection.Progress) -> Int? {
        switch progress {
        case .done(let count): return count
        case .wantsRead: wait(for: .read)
        case .wantsWrite: wait(for: .write)
        case .closed: end(.closed)
        }
        return nil
    }

    private func connectionError() -> Int32? {
        switch descriptor {
        case .some(let descriptor): Socket.pendingError(of: descriptor)
        case .none: nil
        }
    }
}
