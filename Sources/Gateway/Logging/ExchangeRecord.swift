internal import EventLoop
internal import Observability

/// What the access log will say of one exchange.
struct ExchangeRecord {
    /// The request's id: the caller's, where it is one, or a new one.
    var requestID: [UInt8] = []
    /// The trace context that is passed on.
    var traceparent: [UInt8] = []
    var began: MonotonicTime
    var time: WallTime
    var upstreamBegan: MonotonicTime?
    var responseBegan: MonotonicTime?
    var ended = MonotonicTime(nanoseconds: 0)
    var status: UInt16 = 0
    var bytesReceived: UInt64 = 0
    var bytesSent: UInt64 = 0
    /// The code of the gateway's own answer.
    var refusal: String?
    /// Whether the caller went away before the end.
    var wasAbandoned = false

    init(began: MonotonicTime, time: WallTime) {
        self.began = began
        self.time = time
    }

    /// Turns to another exchange; keeps its memory.
    mutating func begin(at began: MonotonicTime, _ time: WallTime) {
        var (kept, alsoKept): ([UInt8], [UInt8]) = ([], [])
        swap(&kept, &requestID)
        swap(&alsoKept, &traceparent)
        self = ExchangeRecord(began: began, time: time)
        swap(&kept, &requestID)
        swap(&alsoKept, &traceparent)
        requestID.removeAll(keepingCapacity: true)
        traceparent.removeAll(keepingCapacity: true)
    }

    /// Of no exchange.
    static var none: ExchangeRecord {
        ExchangeRecord(began: MonotonicTime(nanoseconds: 0), time: WallTime(seconds: 0, milliseconds: 0))
    }
}
