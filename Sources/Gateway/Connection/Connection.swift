internal import EventLoop

/// One connection of a worker: a transport, the bytes read from it and the bytes waiting for it.
///
/// The base of downstream and upstream connections, which say what the bytes mean by overriding the methods of the
/// section below. It knows readiness, back-pressure and the order in which things may happen:
///
/// - The loop comes in by `ready`, `timerFired` and, at the end of its iteration, `attend`; none of them within another,
///   of whatever connection. `ready` and `attend` are this connection's *turn*.
/// - `establish`, `received`, `fillOutput`, `drained`, `flushed`, `inputEnded` and `failed` are called in this
///   connection's own turn only, so that others may send to it, pause or close it at any moment without being called
///   back before they are done. `closed` alone may come from outside: at once, when something else closes it.
/// - `input` loses bytes in this connection's own turn only, or when it is closed: what `received` calls while it holds a
///   span of them may close anything, this connection included, without pulling the bytes from under it.
/// - `send` queues, or writes at once what is large; what is queued leaves when the worker settles, at the end of the
///   loop's iteration, so that a head and its first bytes travel in one record. What a write at once finds broken is said
///   by `failed` in the next turn.
/// - `close` during the turn takes effect when the turn is over.
///
/// Invariant: a closed connection watches nothing, holds no bytes and stands in no table.
class Connection: ReadinessHandler, TimerHandler {
    /// Which holds this connection in its table until it is closed.
    final let worker: Worker
    final var transport: Transport
    final var input: ByteQueue
    final var output: ByteQueue

    /// Where this connection stands in the worker's table; the table's own business.
    final var tableIndex = -1

    /// Whether it has ended.
    final var isClosed: Bool { stage == .closed }
    private(set) final var hasInputEnded = false

    private enum AfterFlush { case nothing, endOutput, close }

    private var watcher: Watcher?
    private var stage = ConnectionStage.establishing([.read, .write])
    private var isReading = true
    private var readWaitsForWrite = false
    private var writeWaitsForRead = false
    private var isCongested = false
    /// Whether so much comes that larger reads are worth their memory.
    private var isFlowing = false
    /// Bytes that the peer took since `flushed` was last called, at once or in a flush.
    private var moved = 0
    private var isAwaitingAttention = false
    private var inTurn = false
    private var afterFlush = AfterFlush.nothing

    init(worker: Worker, transport: consuming Transport) {
        self.worker = worker
        self.transport = transport
        input = ByteQueue(pool: worker.blocks)
        output = ByteQueue(pool: worker.blocks)
    }

    // MARK: What a subclass says

    /// Takes the next step of what precedes bytes, a connect or a handshake: `.moved` when bytes may flow.
    func establish() -> Transport.Outcome { .moved(0) }

    /// New bytes are in `input`, or old ones may be looked at again.
    func received() {}

    /// There is room behind what waits for the peer: a subclass that composes its output late does so now, by `put`.
    ///
    /// Says whether there was anything.
    func fillOutput() -> Bool { false }

    /// What waits for the peer has fallen below the low-water mark after having been above the high one.
    func drained() {}

    /// What was queued has been offered to the peer, which took so many bytes since the last time.
    func flushed(_ moved: Int) {}

    /// The peer has ended its side in good order; no more bytes come.
    func inputEnded() {}

    /// The connection is lost; the subclass closes it.
    func failed(_ failure: TransportFailure) { close() }

    /// The descriptor is closed: the last word, said once.
    func closed() {}

    func timerFired(_ token: Int) {}

    /// Some time has passed: what is kept for a next message that does not come may go.
    func rest() {}

    // MARK: What others ask of it

    /// Begins to watch the descriptor.
    final func start() {
        var watcher = Watcher(loop: worker.loop, descriptor: transport.descriptor, handler: self)
        watcher.setInterest([.read, .write])
        self.watcher = consume watcher
        worker.connections.insert(self)
    }

    /// Whether more waits for the peer than its source should add to.
    final var isOutputFull: Bool { output.count > Limits.highWater }

    /// Queues `bytes` for the peer; writes them at once if they are many, or all that there is to say for now.
    final func send(_ bytes: Span<UInt8>, isWhole: Bool = false) {
        guard stage.takesOutput else { return }
        let isDirect = output.isEmpty && stage == .open && (isWhole || bytes.count >= Limits.directWrite)
        let written = isDirect ? writeNow(bytes) : 0
        moved += written
        // Nothing is left to be done when the loop's iteration ends.
        if written == bytes.count, isWhole, stage == .open { return }
        output.append(bytes.extracting(written..<bytes.count))
        if isOutputFull { isCongested = true }
        needAttention()
    }

    /// Queues `bytes` for the peer from within `fillOutput`, where what is queued is written next.
    final func put(_ bytes: Span<UInt8>) {
        guard stage.takesOutput, bytes.count > 0 else { return }
        let written = output.isEmpty && bytes.count >= Limits.directWrite ? writeNow(bytes) : 0
        moved += written
        output.append(bytes.extracting(written..<bytes.count))
    }

    final func send(_ bytes: [UInt8], isWhole: Bool = false) {
        send(bytes.span, isWhole: isWhole)
    }

    /// Stops taking bytes from the peer until `resumeReading`.
    final func pauseReading() {
        isReading = false
    }

    /// Takes bytes from the peer again, those already read first.
    final func resumeReading() {
        guard !isReading else { return }
        isReading = true
        needAttention()
    }

    /// Takes what comes on the bare descriptor after its TLS has failed.
    final func resumeInput() {
        hasInputEnded = false
    }

    /// Lets `received` look once more at what is in `input`.
    final func lookAgain() {
        needAttention()
    }

    /// Closes when everything queued has left.
    final func closeAfterFlush() {
        afterFlush = .close
        needAttention()
    }

    /// Ends this side's output in good order when everything queued has left; the other direction stays open.
    final func endOutputAfterFlush() {
        afterFlush = .endOutput
        needAttention()
    }

    /// Closes now, or when this connection's turn is over.
    ///
    /// What is queued is lost.
    final func close() {
        guard !stage.isEnding else { return }
        stage.advance(by: .closeAsked)
        if !inTurn { finishClosing() }
    }

    /// The worker's settling: what was put off to the end of the loop's iteration.
    final func attend() {
        isAwaitingAttention = false
        guard !isClosed else { return }
        turn {
            guard stage.isEstablished else { return }
            flush()
            if isReading, !stage.isEnding {
                if !input.isEmpty { received() }
                if !stage.isEnding, isReading, transport.hasBufferedInput { readAndDeliver() }
            }
        }
    }

    /// The descriptor is ready: a turn.
    final func ready(_ readiness: Readiness) {
        guard !isClosed else { return }
        turn {
            if readiness.contains(.failed) {
                fail(.unwatchable)
                return
            }
            let wasEstablished = stage.isEstablished
            guard establishIfNeeded() else { return }
            if readiness.contains(.write) || writeWaitsForRead { flush() }
            // A handshake whose last step came in a turn for writing may have read ahead what follows it, and the
            // kernel, which has given those bytes away, will not tell of them.
            let mayRead =
                readiness.contains(.read) || readWaitsForWrite || (!wasEstablished && transport.hasBufferedInput)
            if mayRead, isReading, !stage.isEnding { readAndDeliver() }
        }
    }

    // MARK: The turn

    private func turn(_ body: () -> Void) {
        assert(!inTurn, "a connection's turns do not nest")
        inTurn = true
        body()
        inTurn = false
        if stage == .closing {
            finishClosing()
        } else {
            updateInterest()
        }
        assert(stage.unsaidFailure == nil || isAwaitingAttention, "a failure found is said in the next turn")
    }

    private func establishIfNeeded() -> Bool {
        if stage.isEstablished { return true }
        switch establish() {
        case .moved:
            stage.advance(by: .established)
            flush()
            return !stage.isEnding
        case .wantsRead:
            stage.advance(by: .waits(.read))
        case .wantsWrite:
            stage.advance(by: .waits(.write))
        case .ended:
            fail(.endedEarly)
        case .failed(let failure):
            fail(failure)
        }
        return false
    }

    private func readAndDeliver() {
        assert(inTurn)
        var reads = 0
        while isReading, !hasInputEnded, !stage.isEnding {
            guard reads < Limits.readsPerTurn else {
                // Bytes inside OpenSSL do not make the descriptor readable again.
                needAttention()
                return
            }
            reads += 1
            let outcome = read()
            readWaitsForWrite = outcome == .wantsWrite
            switch outcome {
            case .moved:
                received()
                // The loop is level-triggered: what the kernel still holds wakes it without another call.
                guard transport.hasBufferedInput else { return }
            case .wantsRead, .wantsWrite:
                return
            case .ended:
                hasInputEnded = true
                inputEnded()
            case .failed(let failure):
                fail(failure)
            }
        }
    }

    /// Reads once, more when the last read brought all that it might.
    private func read() -> Transport.Outcome {
        let most = isFlowing ? Limits.bulkReadSize : Limits.readSize
        var outcome = Transport.Outcome.wantsRead
        input.fill(atLeast: most / 2, atMost: most) { room in
            outcome = transport.read(into: &room)
            guard case .moved(let count) = outcome else { return 0 }
            isFlowing = count == room.count || (isFlowing && count >= Limits.readSize)
            return count
        }
        return outcome
    }

    private func flush() {
        assert(inTurn)
        if let failure = stage.unsaidFailure {
            fail(failure)
            return
        }
        writeWaitsForRead = false
        while fill() {
            let outcome = output.withBytes { bytes in transport.write(bytes) }
            switch outcome {
            case .moved(let count):
                output.consume(count)
                moved += count
                continue
            case .wantsWrite:
                break
            case .wantsRead:
                writeWaitsForRead = true
            case .ended:
                fail(.endedEarly)
            case .failed(let failure):
                fail(failure)
            }
            break
        }
        let taken = moved
        moved = 0
        flushed(taken)
        if isCongested, output.count <= Limits.lowWater {
            isCongested = false
            drained()
        }
        if output.isEmpty, !stage.isEnding { finishFlush() }
    }

    /// Has the output filled when it runs low; whether anything waits.
    private func fill() -> Bool {
        if output.count <= Limits.lowWater {
            var fills = 0
            // What is large is written at once and leaves nothing here.
            while fillOutput(), output.isEmpty, stage.takesOutput {
                fills += 1
                guard fills < Limits.fillsPerTurn else {
                    needAttention()
                    return false
                }
            }
        }
        if let failure = stage.unsaidFailure { fail(failure) }
        return !output.isEmpty && !stage.isEnding
    }

    private func finishFlush() {
        switch afterFlush {
        case .nothing: break
        case .endOutput: transport.endOutput()
        case .close: stage.advance(by: .closeAsked)
        }
        afterFlush = .nothing
    }

    private func writeNow(_ bytes: Span<UInt8>) -> Int {
        var written = 0
        while written < bytes.count {
            switch transport.write(bytes.extracting(written..<bytes.count)) {
            case .moved(let count):
                written += count
            case .wantsRead, .wantsWrite:
                return written
            case .ended:
                stage.advance(by: .lost(.endedEarly))
                return bytes.count
            case .failed(let failure):
                stage.advance(by: .lost(failure))
                return bytes.count
            }
        }
        return written
    }

    private func fail(_ failure: TransportFailure) {
        assert(inTurn)
        stage.advance(by: .lossSaid)
        guard !stage.isEnding else { return }
        output.removeAll()
        hasInputEnded = true
        failed(failure)
    }

    private func updateInterest() {
        if case .establishing(let interest) = stage {
            watcher?.setInterest(interest)
            return
        }
        var interest: Readiness = []
        if (isReading && !hasInputEnded && !readWaitsForWrite) || writeWaitsForRead { interest.insert(.read) }
        if (!output.isEmpty && !writeWaitsForRead) || readWaitsForWrite { interest.insert(.write) }
        watcher?.setInterest(interest)
    }

    private func needAttention() {
        guard !isAwaitingAttention, !isClosed else { return }
        isAwaitingAttention = true
        worker.attend(to: self)
    }

    private func finishClosing() {
        assert(!inTurn)
        guard !isClosed else { return }
        // The worker holds it until it settles: whoever closed it, from another connection's turn perhaps, may still be
        // in the middle of a call of its session's.
        needAttention()
        stage.advance(by: .released)
        watcher = nil
        transport.endOutput()
        input.removeAll()
        output.removeAll()
        worker.connections.remove(self)
        closed()
        assert(watcher == nil && input.isEmpty && output.isEmpty && tableIndex < 0)
    }
}
