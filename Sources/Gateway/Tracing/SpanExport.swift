internal import EventLoop
internal import Fetching
internal import Glibc
internal import Observability
internal import Token

/// What came of the spans of a process.
struct SpanCounts: Equatable, Sendable {
    /// Taken by the collector.
    var exported: UInt64 = 0
    /// Not taken, or given up.
    var refused: UInt64 = 0
    /// Given up because the collector could not be reached, or had no time.
    var unreachable: UInt64 = 0
    /// Requests to the collector that failed.
    var failures: UInt64 = 0
}

/// What happened to the sending of spans.
enum SpanExportEvent: Sendable {
    /// It does not work, since now.
    case failing(String)
    /// It works again.
    case working
}

/// What the thread that sends spans does; it belongs to that thread.
///
/// One request at a time: what comes meanwhile is gathered up to a bound, and then the lanes fill, drop and count.
struct SpanExport {
    /// Spans that are sent together.
    private struct Batch {
        let body: [UInt8]
        let spans: UInt64
        var attempts = 0
    }

    private enum State {
        case idle
        case sending(Batch)
        /// To be sent again.
        case waiting(Batch, until: MonotonicTime)
    }

    private let queue: SpanQueue
    private var plan: SpanExportPlan
    /// Nil when libcurl cannot be had.
    private let fetcher = try? Fetcher()
    private var state = State.idle
    /// The lines of the next batch.
    private var gathered: [UInt8] = []
    /// Since when it has any.
    private var since: MonotonicTime?
    private var isFailing = false
    private var random = SystemRandomNumberGenerator()
    /// What came of them since the start.
    private(set) var counts = SpanCounts()
    private let tell: (SpanExportEvent) -> Void

    init(_ queue: SpanQueue, to plan: SpanExportPlan, tell: @escaping (SpanExportEvent) -> Void) {
        self.queue = queue
        self.plan = plan
        self.tell = tell
        gathered.reserveCapacity(Limits.spanBatch)
    }

    /// Sends by another plan from the next request on.
    mutating func adopt(_ plan: SpanExportPlan) {
        self.plan = plan
    }

    /// Does what is due; says whether everything has been sent.
    mutating func advance(isClosing: Bool) -> Bool {
        for (_, outcome) in fetcher?.advance() ?? [] { ended(outcome, isClosing: isClosing) }
        let now = MonotonicTime.now()
        queue.take(into: &gathered, limit: Limits.spanBatch)
        if !gathered.isEmpty, since == nil { since = now }
        switch state {
        case .sending: return false
        case .waiting(let batch, let time):
            if isClosing || now >= time { send(batch) }
            return false
        case .idle:
            guard let since else { return !queue.hasSpans }
            if isClosing || gathered.count >= Limits.spanBatch / 2 || now >= since + Limits.spanInterval {
                send(takeBatch())
            }
            return false
        }
    }

    /// Waits until there is something to do, at most until `deadline`.
    func wait(until deadline: MonotonicTime?) {
        let now = MonotonicTime.now()
        var wakes = deadline
        var isIdle = false
        switch state {
        case .sending: break
        case .waiting(_, let time): wakes = min(wakes ?? time, time)
        case .idle:
            isIdle = since == nil
            if let since { wakes = min(wakes ?? (since + Limits.spanInterval), since + Limits.spanInterval) }
        }
        let milliseconds = wakes.map { $0.nanoseconds(since: now) / 1_000_000 + 1 } ?? 60_000
        queue.wait(isIdle: isIdle) { descriptor in
            let time = Int32(clamping: min(milliseconds, 60_000))
            if let fetcher { return fetcher.wait(orFor: descriptor, milliseconds: time) }
            var wake = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            _ = unsafe poll(&wake, 1, time)
        }
    }

    /// Counts what cannot be sent any more.
    mutating func abandon() {
        switch state {
        case .idle: break
        case .sending(let batch), .waiting(let batch, _): counts.unreachable += batch.spans
        }
        state = .idle
        repeat {
            counts.unreachable += Self.lines(in: gathered)
            gathered.removeAll(keepingCapacity: true)
            queue.take(into: &gathered, limit: Limits.spanBatch)
        } while !gathered.isEmpty
    }

    // MARK: Sending

    /// The lines as a list in the request that the protocol wants.
    private mutating func takeBatch() -> Batch {
        let spans = Self.lines(in: gathered)
        var body = plan.opening
        body.reserveCapacity(body.count + gathered.count + SpanExportPlan.closing.count)
        for byte in gathered { body.append(byte == UInt8(ascii: "\n") ? UInt8(ascii: ",") : byte) }
        body.removeLast()
        body.append(contentsOf: SpanExportPlan.closing)
        gathered.removeAll(keepingCapacity: true)
        since = nil
        return Batch(body: body, spans: spans)
    }

    private static func lines(in bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
    }

    private mutating func send(_ batch: Batch) {
        var batch = batch
        batch.attempts += 1
        state = .sending(batch)
        let request = FetchRequest(
            post: batch.body, mediaType: "application/json", to: plan.url, fields: plan.fields,
            authorities: plan.authorities, timeoutSeconds: plan.timeoutSeconds, limit: Limits.spanAnswer)
        do throws(FetchError) {
            guard let fetcher else { throw .unavailable }
            try fetcher.start(request, tag: 0)
        } catch {
            ended(.failed(error), isClosing: false)
        }
    }

    private mutating func ended(_ outcome: FetchOutcome, isClosing: Bool) {
        guard case .sending(let batch) = state else { return }
        state = .idle
        switch outcome {
        case .notModified: break
        case .body(let answer, _):
            let refused = min(batch.spans, Self.refusedSpans(in: answer))
            counts.exported += batch.spans - refused
            counts.refused += refused
            if isFailing { tell(.working) }
            isFailing = false
        case .failed(let error):
            counts.failures += 1
            if !isFailing { tell(.failing(error.description)) }
            isFailing = true
            failed(batch, error, isClosing: isClosing)
        }
    }

    private mutating func failed(_ batch: Batch, _ error: FetchError, isClosing: Bool) {
        var asked: Int64 = 0
        if case .status(let status, let seconds) = error {
            // OpenTelemetry's protocol names these: with any other status the same would come of it again.
            guard [429, 502, 503, 504].contains(status) else {
                counts.refused += batch.spans
                return
            }
            asked = seconds ?? 0
        }
        guard !isClosing, batch.attempts < Limits.spanAttempts else {
            counts.unreachable += batch.spans
            return
        }
        // Up to half as long again, so that the nodes of a cluster do not come back in chorus.
        let doubled = Limits.spanBackOff * (1 << (batch.attempts - 1))
        let jitter = doubled * Double.random(in: 0...0.5, using: &random)
        let wait = max(doubled + jitter, .seconds(min(asked, Limits.spanPatience)))
        state = .waiting(batch, until: .now() + wait)
    }

    /// What a collector says that it did not take of a request that it took.
    private static func refusedSpans(in answer: [UInt8]) -> UInt64 {
        let limits = JSONLimits(bytes: Limits.spanAnswer, depth: 8, values: 1000)
        guard let value = try? JSONReader.read(answer.span, limits: limits),
            let rejected = value.object?["partialSuccess"]?.object?["rejectedSpans"]
        else { return 0 }
        switch rejected {
        case .number(let count): return UInt64(clamping: count)
        case .string(let digits): return UInt64(String(decoding: digits, as: UTF8.self)) ?? 0
        default: return 0
        }
    }
}
