public import Trust

/// A decision taken step by step, as the gateway takes it, each step with the rule that decided.
public struct Explanation: Sendable {
    /// What a step came to.
    public enum Result: String, Sendable, CaseIterable {
        /// It lets the caller go on.
        case passed
        /// It refuses.
        case refused
        /// It has nothing to say: no rule is configured, or none is needed.
        case idle
        /// A step before it refused, or was not told apart from it.
        case notReached = "not_reached"
    }

    /// One step.
    public struct Step: Sendable {
        /// Its stable name.
        public let name: String
        /// What it came to.
        public internal(set) var result: Result
        /// What was found, in one sentence without a full stop.
        public internal(set) var detail: String
        /// Where the rule is written, as `FILE:LINE KEY`; nil where none decides.
        public internal(set) var rule: String?
    }

    /// What it all came to.
    public enum Outcome: Sendable {
        /// The request goes on: to an upstream, or to a fixed answer; in words.
        case admitted(String)
        /// The handshake ends with an alert.
        case refusedByAlert(Refusal)
        /// The request is answered with a status and the code of the reason.
        case refusedByStatus(UInt16, code: String, detail: String, remedy: String?)
    }

    /// The listener that was asked.
    public let listener: String
    /// The route that governs the request; nil when none was found, or the handshake ended before.
    public internal(set) var route: String?
    /// The steps, in their order.
    public internal(set) var steps: [Step] = []
    /// What it came to.
    public internal(set) var outcome: Outcome

    init(listener: String) {
        self.listener = listener
        outcome = .admitted("")
    }

    /// The code of the reason; nil when admitted.
    public var code: String? {
        switch outcome {
        case .admitted: nil
        case .refusedByAlert(let refusal): refusal.code
        case .refusedByStatus(_, let code, _, _): code
        }
    }

    mutating func add(_ name: String, _ result: Result, _ detail: String, rule: String? = nil) {
        steps.append(Step(name: name, result: result, detail: detail, rule: rule))
    }
}

/// A request that is asked about.
public struct RequestQuestion: Sendable {
    /// The method.
    public var method: String
    /// The host, with a port or without.
    public var host: String
    /// Path and query, as they would be sent.
    public var target: String
    /// What stands in `Authorization` behind `Bearer`; nil for no such field.
    public var token: String?

    /// Asks about a request.
    public init(method: String, host: String, target: String, token: String?) {
        self.method = method
        self.host = host
        self.target = target
        self.token = token
    }
}
