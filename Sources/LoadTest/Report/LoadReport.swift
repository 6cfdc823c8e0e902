public import HTTP2
public import Observability

/// What came of a load test.
public struct LoadReport: Sendable {
    /// How often attempts in a role came to an outcome.
    public struct Count: Hashable, Sendable {
        /// The role.
        public var role: CallerRole
        /// The outcome.
        public var outcome: LoadOutcome
        /// How often.
        public var count: Int

        /// Whether the role should come to it.
        public var isExpected: Bool { role.expects(outcome) }
    }

    /// The times of one step.
    public struct Latency: Sendable {
        /// The step: `connect`, `handshake`, `resumption`, `first byte`, `whole`.
        public var step: String
        /// The times.
        public var histogram: Histogram
    }

    /// From the start to the last outcome.
    public var seconds: Double
    /// Attempts that have ended.
    public var attempts: Int
    /// Full handshakes that the client completed.
    ///
    /// In TLS 1.3 the server may refuse the caller after that.
    public var fullHandshakes: Int
    /// Handshakes that resumed a session.
    public var resumedHandshakes: Int
    /// Sessions that were offered and not taken.
    public var notResumed: Int
    /// Responses, whatever their status.
    public var responses: Int
    /// Bytes received after the handshakes, heads included.
    public var receivedBytes: Int
    /// Attempts of an open loop that were due and never begun, the server being too slow.
    public var unsent: Int
    /// Connections that the server ended while they were idle.
    public var lostConnections: Int
    /// GOAWAY frames of HTTP/2 by their codes, the most frequent first.
    public var goaways: [(code: HTTP2ErrorCode, count: Int)]
    /// How it went on.
    public var timeline: LoadTimeline
    /// What attempts came to, the most frequent first.
    public var counts: [Count]
    /// The times of each step that was taken.
    public var latencies: [Latency]
    /// Processor time of this process.
    public var clientProcessorSeconds = 0.0
    /// Processor time of the server's processes, where they can be seen.
    public var serverProcessorSeconds: Double?
    /// Whether the rate or the connections were to rise, so that the course is what the test was made for.
    public var isRamped = false
    /// How long it took to open the connections, where these are what is measured.
    public var openingSeconds: Double?
    /// The connections open at the end, where they stay open.
    public var heldConnections: Int?
    /// The server's resident bytes before the connections and while they were held.
    public var serverMemory: (before: UInt64, held: UInt64)?

    init(_ tally: LoadTally, seconds: Double) {
        self.seconds = seconds
        attempts = tally.outcomes.values.reduce(0, +)
        fullHandshakes = Int(tally.fullHandshake.count)
        resumedHandshakes = Int(tally.resumedHandshake.count)
        notResumed = tally.notResumed
        responses = tally.responses
        receivedBytes = tally.receivedBytes
        unsent = tally.unsent
        lostConnections = tally.lostConnections
        goaways = tally.goaways.map { ($0.key, $0.value) }
            .sorted { ($0.count, $1.code.rawValue) > ($1.count, $0.code.rawValue) }
        timeline = tally.timeline
        counts = tally.outcomes.map { Count(role: $0.key.role, outcome: $0.key.outcome, count: $0.value) }
            .sorted { ($0.count, $1.role.rawValue) > ($1.count, $0.role.rawValue) }
        latencies = [
            Latency(step: "connect", histogram: tally.connect),
            Latency(step: "handshake", histogram: tally.fullHandshake),
            Latency(step: "resumption", histogram: tally.resumedHandshake),
            Latency(step: "first byte", histogram: tally.firstByte),
            Latency(step: "whole", histogram: tally.whole),
        ].filter { $0.histogram.count > 0 }
    }

    /// Attempts that did not come to what their role should.
    public var unexpected: Int {
        counts.reduce(0) { $0 + ($1.isExpected ? 0 : $1.count) }
    }

    /// Callers that should have been refused, and were served.
    public var wronglyAdmitted: [Count] {
        counts.filter { !$0.role.isSlow && !$0.isExpected && $0.outcome.isSuccess }
    }

    /// Whether all is as it should be: what attempts came to, and that connections which were to be held were held.
    public var isAsExpected: Bool {
        unexpected == 0 && (openingSeconds == nil || lostConnections == 0)
    }

    /// Handshakes of both kinds for each second of the server's processors.
    public var handshakesPerProcessorSecond: Double? {
        serverProcessorSeconds.flatMap { $0 > 0 ? Double(fullHandshakes + resumedHandshakes) / $0 : nil }
    }

    /// Responses for each second of the server's processors.
    public var responsesPerProcessorSecond: Double? {
        serverProcessorSeconds.flatMap { $0 > 0 ? Double(responses) / $0 : nil }
    }

    /// Handshakes of both kinds for each second of this process: what the measuring costs.
    public var handshakesPerClientSecond: Double? {
        clientProcessorSeconds > 0 ? Double(fullHandshakes + resumedHandshakes) / clientProcessorSeconds : nil
    }

    /// Responses for each second of this process.
    public var responsesPerClientSecond: Double? {
        clientProcessorSeconds > 0 ? Double(responses) / clientProcessorSeconds : nil
    }
}
