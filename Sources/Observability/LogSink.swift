internal import Synchronization

/// One log: lanes in which workers leave lines, and the thread that writes them to the target.
///
/// Whoever owns the sink gives ``run()`` a thread of its own. A target that is slow, full or stuck holds up that thread
/// alone: the lanes fill, and lines are dropped and counted.
public final class LogSink: Sendable {
    /// What became of the lines so far.
    public struct Statistics: Hashable, Sendable {
        /// Bytes written.
        public var writtenBytes: UInt64 = 0
        /// Lines for which a lane had no room, or which the target would not take.
        public var droppedLines: UInt64 = 0
        /// Writes that failed, such as on a full disk, and reopenings that did.
        public var failures: UInt64 = 0
        /// The last failure's `errno`, or 0.
        public var lastErrno: Int32 = 0
    }

    private let target: LogTarget
    private let lanes: LogLanes
    private let written = Mutex(Statistics())
    private let first: Mutex<LogFile?>
    private let chaining: Mutex<AuditChaining?>
    private let wantsReopening = Atomic<Bool>(false)
    private let isClosing = Atomic<Bool>(false)
    private let closingMilliseconds: Int32

    /// Opens the target, so that one which cannot be opened is found out at start.
    ///
    /// - Parameters:
    ///   - target: where to write.
    ///   - isChained: whether each line gets the digest of all before it; of files of JSON.
    ///   - closingMilliseconds: how long a target that takes nothing may hold up ``run()`` after ``close()``.
    /// - Throws: `LogError` if the target cannot be opened.
    public init(
        target: LogTarget, isChained: Bool = false,
        closingMilliseconds: Int32 = ObservabilityLimits.closingMilliseconds
    ) throws(LogError) {
        self.target = target
        self.closingMilliseconds = closingMilliseconds
        lanes = try LogLanes()
        if isChained, case .file(let path) = target {
            chaining = Mutex(try AuditChaining(beside: path))
        } else {
            chaining = Mutex(nil)
        }
        first = Mutex(try target.open())
    }

    /// Makes a lane for the calling worker.
    public func lane(capacity: Int = ObservabilityLimits.laneCapacity) -> LogLane {
        lanes.lane(capacity: capacity)
    }

    /// Has the target opened anew before the next line, from any thread: after logrotate has moved the file.
    ///
    /// If it cannot be opened, the old file goes on being written, and the failure is counted.
    public func reopen() {
        wantsReopening.store(true, ordering: .releasing)
        lanes.bell.ring()
    }

    /// Ends ``run()`` once it has written what the lanes hold, from any thread; a target that takes nothing holds it up
    /// for two seconds at most.
    public func close() {
        isClosing.store(true, ordering: .releasing)
        lanes.bell.ring()
    }

    /// What became of the lines so far, of all lanes.
    public var statistics: Statistics {
        var statistics = written.withLock { $0 }
        statistics.droppedLines += lanes.droppedLines
        return statistics
    }

    /// Writes lines until ``close()`` is called.
    ///
    /// The body of the writer's thread; a second call returns at once.
    public func run() {
        guard let file = first.withLock({ $0.take() }) else { return }
        var writer = LogWriter(file: file, chaining: chaining.withLock { $0.take() })
        var patience = closingMilliseconds
        while true {
            // Before looking for lines: what came before the wish to close is found.
            let isLast = isClosing.load(ordering: .acquiring)
            if wantsReopening.exchange(false, ordering: .acquiring) { reopen(&writer) }
            let foundLines = lanes.gather { writer.take(from: $0) }
            writer.write(isClosing: isLast, patience: &patience)
            keep(&writer)
            if isLast {
                if !writer.hasPending && !lanes.hasLines || patience <= 0 { break }
            } else if foundLines || writer.hasPending {
                lanes.bell.rest(milliseconds: ObservabilityLimits.restMilliseconds)
            } else {
                lanes.bell.sleep { lanes.hasLines || isClosing.load(ordering: .acquiring) }
            }
        }
        abandon(&writer)
    }

    private func reopen(_ writer: inout LogWriter) {
        do {
            writer.replaceFile(with: try target.open())
        } catch {
            switch error {
            case .cannotOpen(_, let errno), .cannotMakeBell(let errno): writer.failed(errno)
            }
        }
    }

    private func keep(_ writer: inout LogWriter) {
        let news = writer.takeStatistics()
        written.withLock { written in
            written.writtenBytes &+= news.writtenBytes
            written.droppedLines &+= news.droppedLines
            written.failures &+= news.failures
            if news.lastErrno != 0 { written.lastErrno = news.lastErrno }
        }
    }

    /// Counts what could not be written any more.
    private func abandon(_ writer: inout LogWriter) {
        writer.dropPending()
        while lanes.gather({ writer.take(from: $0) }) { writer.dropPending() }
        keep(&writer)
    }
}
