/// The writer's side of a sink: what was taken from the lanes and is not written yet, and the open file.
struct LogWriter: ~Copyable {
    private var file: LogFile
    private var pending: [UInt8] = []
    private var written = 0
    /// The last write ended inside a line whose rest was dropped: the next line must not go on there.
    private var isInsideLine = false
    private var statistics = LogSink.Statistics()
    private var isLost = false
    private var chaining: AuditChaining?
    /// Lines that are not chained yet.
    private var gathered: [UInt8] = []

    init(file: consuming LogFile, chaining: consuming AuditChaining? = nil) {
        self.file = file
        self.chaining = chaining
        pending.reserveCapacity(ObservabilityLimits.writeSize)
        isInsideLine = self.chaining != nil && self.file.endsInsideLine
    }

    var hasPending: Bool { written < pending.count || !gathered.isEmpty }

    mutating func replaceFile(with file: consuming LogFile) {
        self.file = file
        isInsideLine = false
        chaining?.openFile()
    }

    mutating func take(from ring: LogRing) {
        if chaining == nil {
            ring.take(into: &pending, room: ObservabilityLimits.writeSize - pending.count)
        } else {
            ring.take(into: &gathered, room: max(0, ObservabilityLimits.writeSize - gathered.count))
        }
    }

    /// Chains what was gathered, once what was chained before is written.
    private mutating func chain() {
        guard pending.isEmpty, let hasOpening = chaining?.hasOpening, hasOpening || !gathered.isEmpty else { return }
        chaining?.append(gathered, to: &pending)
        gathered.removeAll(keepingCapacity: true)
    }

    /// Writes what is pending; on a stalled target it stays, on a failing one it is dropped.
    ///
    /// Closing, each time the target takes nothing uses up some of `patience`.
    mutating func write(isClosing: Bool, patience: inout Int32) {
        chain()
        if isInsideLine, hasPending, file.write([UInt8(ascii: "\n")].span, patience: 0) == .wrote(1) {
            isInsideLine = false
            statistics.writtenBytes &+= 1
        }
        while written < pending.count {
            let wait: Int32 = isClosing ? 100 : 0
            switch file.write(pending.span.extracting(written..<pending.count), patience: wait) {
            case .wrote(let count):
                written += count
                isLost = false
                statistics.writtenBytes &+= UInt64(count)
            case .stalled:
                if isClosing { patience -= wait }
                return
            case .refused(let count, let errno):
                failed(errno)
                statistics.droppedLines &+= 1
                written += count
            case .lost(let errno):
                // Once for as long as it lasts.
                if !isLost { failed(errno) }
                isLost = true
                if isClosing { patience -= wait }
                return
            case .failed(let errno):
                failed(errno)
                dropPending()
            }
        }
        if !pending.isEmpty { chaining?.keep() }
        pending.removeAll(keepingCapacity: true)
        written = 0
    }

    mutating func failed(_ errno: Int32) {
        statistics.failures &+= 1
        statistics.lastErrno = errno
    }

    mutating func dropPending() {
        if written > 0, written < pending.count, pending[written - 1] != UInt8(ascii: "\n") { isInsideLine = true }
        for index in written..<pending.count where pending[index] == UInt8(ascii: "\n") {
            statistics.droppedLines &+= 1
        }
        // The chain goes on behind the last whole line that was written: what was dropped is not of it.
        if !pending.isEmpty { chaining?.abandon(behind: pending[..<written]) }
        for byte in gathered where byte == UInt8(ascii: "\n") { statistics.droppedLines &+= 1 }
        gathered.removeAll(keepingCapacity: true)
        pending.removeAll(keepingCapacity: true)
        written = 0
    }

    mutating func takeStatistics() -> LogSink.Statistics {
        defer { statistics = LogSink.Statistics() }
        return statistics
    }
}
