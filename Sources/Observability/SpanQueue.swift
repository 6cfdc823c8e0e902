/// Spans on their way from the workers to the thread that sends them: lanes of lines, each the JSON of one span.
///
/// What finds no room in its lane is dropped and counted; no worker ever waits.
public final class SpanQueue: Sendable {
    private let lanes: LogLanes

    /// Makes a queue without lanes.
    ///
    /// - Throws: `LogError` when no descriptor is left.
    public init() throws(LogError) {
        lanes = try LogLanes()
    }

    /// Makes a lane for the calling worker.
    public func lane() -> LogLane {
        lanes.lane(capacity: ObservabilityLimits.laneCapacity)
    }

    /// Whether a span waits.
    public var hasSpans: Bool { lanes.hasLines }

    /// Spans for which there was no room.
    public var droppedSpans: UInt64 { lanes.droppedLines }

    /// Appends whole lines to `buffer` until it has `limit` bytes; by the thread that sends them.
    public func take(into buffer: inout [UInt8], limit: Int) {
        _ = lanes.gather { ring in ring.take(into: &buffer, room: max(0, limit - buffer.count)) }
    }

    /// Has the thread that sends look for what there is to do, from any thread.
    public func wake() {
        lanes.bell.ring()
    }

    /// Waits for something that `body` waits for beside the descriptor that it is given; a full lane is told there.
    ///
    /// - Parameters:
    ///   - isIdle: whether the first span is to be told too.
    ///   - body: waits until the descriptor can be read, or for as long as it likes.
    public func wait(isIdle: Bool, _ body: (Int32) -> Void) {
        lanes.bell.wait(isIdle: isIdle, unless: { hasSpans }, body)
    }
}
