import EventLoop
import Synchronization

/// What one thread of a load test and the thread that directs it say to each other.
final class WorkerPost: Sendable {
    /// Rung by the director after it has written here.
    let bell: Wakeup
    let gauge = LoadGauge()

    private let index: Int
    private let director: Wakeup
    private let letter = Mutex(Letter())

    private struct Letter {
        var isReady = false
        var isStopping = false
        var start: MonotonicTime?
        var failure: LoadOutcome?
        var result: LoadTally?
        var error: LoadError?
    }

    init(index: Int, director: Wakeup) throws(EventLoopError) {
        self.index = index
        self.director = director
        bell = try Wakeup()
    }

    // MARK: From the thread

    /// Says that the clients are ready, and what the first one came to that could not be made so.
    func announceReady(failure: LoadOutcome?) {
        letter.withLock {
            $0.isReady = true
            $0.failure = failure
        }
        director.signal()
    }

    func deliver(_ tally: LoadTally) {
        letter.withLock { $0.result = tally }
        director.signal()
    }

    func report(_ error: LoadError) {
        letter.withLock { $0.error = error }
        director.signal()
    }

    var startTime: MonotonicTime? { letter.withLock { $0.start } }
    var isStopping: Bool { letter.withLock { $0.isStopping } }

    /// This thread's part of a count, the remainder going to the first ones.
    func share(of count: Int, among threads: Int) -> Int {
        Self.share(of: count, index: index, among: threads)
    }

    static func share(of count: Int, index: Int, among threads: Int) -> Int {
        count / threads + (index < count % threads ? 1 : 0)
    }

    // MARK: From the director

    func start(at time: MonotonicTime) {
        letter.withLock { $0.start = time }
        bell.signal()
    }

    func stop() {
        letter.withLock { $0.isStopping = true }
        bell.signal()
    }

    var isReady: Bool { letter.withLock { $0.isReady } }
    var failure: LoadOutcome? { letter.withLock { $0.failure } }
    var result: LoadTally? { letter.withLock { $0.result } }
    var error: LoadError? { letter.withLock { $0.error } }
}

/// What a thread has done so far, to be looked at by another.
final class LoadGauge: Sendable {
    enum Kind {
        /// Attempts that came to what their role should, and others.
        case expected, unexpected
        /// Clients that are ready.
        case ready
        /// Connections.
        case open
    }

    private let expected = Atomic<Int>(0)
    private let unexpected = Atomic<Int>(0)
    private let ready = Atomic<Int>(0)
    private let open = Atomic<Int>(0)

    func add(_ kind: Kind, _ count: Int) {
        switch kind {
        case .expected: expected.wrappingAdd(count, ordering: .relaxed)
        case .unexpected: unexpected.wrappingAdd(count, ordering: .relaxed)
        case .ready: ready.wrappingAdd(count, ordering: .relaxed)
        case .open: open.wrappingAdd(count, ordering: .relaxed)
        }
    }

    func value(_ kind: Kind) -> Int {
        switch kind {
        case .expected: expected.load(ordering: .relaxed)
        case .unexpected: unexpected.load(ordering: .relaxed)
        case .ready: ready.load(ordering: .relaxed)
        case .open: open.load(ordering: .relaxed)
        }
    }
}
