internal import EventLoop
internal import HTTP
internal import Observability

/// The spans of an exchange that is recorded: one of the request, and the one of the try in hand.
///
/// There is none for an exchange that is not.
final class ExchangeTrace {
    /// The trace, with the word that it is recorded.
    let context: TraceContext
    /// The span of the request.
    let span: UInt64
    /// The caller's span; nil where the trace begins here.
    let parent: UInt64?
    /// Nanoseconds since 1970 when the request began.
    private let start: UInt64
    /// The same moment.
    private let began: MonotonicTime
    /// The try that is under way.
    private(set) var current: Try?
    private var tries: UInt64 = 0

    /// A request to an upstream: sent, or to be sent when there is a connection.
    struct Try {
        let span: UInt64
        let began: MonotonicTime
        let plan: UpstreamPlan
        /// Those before it.
        let number: UInt64
        /// Servers that had been tried when it began.
        let tried: Int
        var status: UInt16?
    }

    init(_ context: TraceContext, span: UInt64, parent: UInt64?, began: MonotonicTime) {
        self.context = context
        self.span = span
        self.parent = parent
        self.began = began
        start = WallTime.nanosecondsNow()
    }

    /// Nanoseconds since 1970, by the clock that does not jump.
    func nanoseconds(at time: MonotonicTime) -> UInt64 { start &+ time.nanoseconds(since: began) }

    /// A try begins; what its upstream is told is in the result.
    func begin(_ span: UInt64, at now: MonotonicTime, to plan: UpstreamPlan, tried: Int) -> TraceContext {
        current = Try(span: span, began: now, plan: plan, number: tries, tried: tried)
        return context.called(by: span)
    }

    /// The upstream has answered the try in hand.
    func answered(_ status: Status) {
        current?.status = status.rawValue
    }

    /// Takes the try in hand, which is over; nil where none was made: no server was chosen for it.
    func end(tried: Int) -> Try? {
        guard let ended = current else { return nil }
        current = nil
        guard tried > ended.tried else { return nil }
        tries += 1
        return ended
    }
}
