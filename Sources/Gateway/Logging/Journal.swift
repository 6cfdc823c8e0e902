internal import Configuration
internal import Crypto
internal import EventLoop
internal import HTTP
internal import HTTP2
internal import IGCSante
internal import Observability
internal import Revocation
internal import TLS
internal import Trust
internal import X509

/// What one worker writes down: a line for each exchange and each decision, and the counters.
///
/// Every road through the gateway ends here: exchanges, refused handshakes, refused requests, cut connections.
final class Journal {
    private(set) var metrics = WorkerMetrics()
    /// The last decisions against callers.
    private(set) var recentRefusals = RecentRefusals()
    private let access: LogLane?
    private let audit: LogLane?
    private var accessLine: AccessLine
    private var auditLine: AuditLine
    private var budget: AuditBudget
    private var identifiers = IdentifierSource()
    /// Where spans go; nil where none are recorded.
    private var spans: LogLane?
    private var spanLine = SpanLine()
    private var callers = CallerNotes()

    init(_ settings: JournalSettings) {
        access = settings.access?.lane()
        audit = settings.audit?.lane()
        accessLine = AccessLine(format: settings.accessFormat)
        auditLine = AuditLine(format: settings.auditFormat)
        budget = AuditBudget(rate: settings.auditRate)
    }

    /// Has room for the requests of a configuration's routes.
    func makeRoom(for meters: RouteMeters) {
        metrics.requests.makeRoom(forRoutes: meters.names.count)
    }

    /// Counts something; the worker's own.
    func count(_ change: (inout WorkerMetrics) -> Void) {
        change(&metrics)
    }
}

// MARK: - Exchanges

extension Journal {
    /// Opens the record of a request: its id is the caller's where that is well formed, else a new one.
    func begin(_ record: inout ExchangeRecord, of request: RequestHead, at now: MonotonicTime) {
        record.begin(at: now, .now())
        let bytes = request.fields.arena.span
        if let range = request.fields.value(of: .xRequestID), Self.isRequestID(bytes.extracting(range)) {
            record.requestID.append(copying: bytes.extracting(range))
        } else {
            identifiers.requestID(at: record.time).append(to: &record.requestID)
        }
    }

    /// A trace that begins here.
    func newTrace() -> TraceContext { identifiers.traceContext() }

    func newSpan() -> UInt64 { identifiers.span() }

    /// Leaves spans in the queue from now on, if the plan has any recorded.
    func adopt(_ plan: TracingPlan, into queue: SpanQueue?) {
        guard plan.sampling != nil else {
            spans = nil
            return
        }
        spans = spans ?? queue?.lane()
    }

    /// Has `compose` write a span; it must not write another.
    func writeSpan(_ compose: (inout SpanLine) -> Void) {
        guard let spans else { return }
        compose(&spanLine)
        let bytes = spanLine.bytes
        _ = spans.append(bytes.span)
    }

    /// What a caller may name its request: a short token without anything that a log or a query would take amiss.
    private static func isRequestID(_ text: Span<UInt8>) -> Bool {
        guard text.count > 0, text.count <= Limits.requestIdentifier else { return false }
        for index in 0..<text.count {
            switch text[index] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                continue
            default: return false
            }
        }
        return true
    }

    /// Writes the line of an exchange that is over.
    func finish(_ exchange: Exchange) {
        let record = exchange.record
        let total = record.ended.nanoseconds(since: record.began)
        metrics.requests.record(
            status: record.status, nanoseconds: total, route: exchange.route?.meter ?? RouteMeters.none,
            structure: exchange.structureMeter, received: record.bytesReceived, sent: record.bytesSent)
        if let trace = exchange.trace { finish(trace, of: exchange) }
        guard let access else { return }
        var line = AccessExchange(time: record.time)
        line.requestID = record.requestID
        line.status = record.wasAbandoned && record.status == 0 ? 499 : record.status
        line.bytesIn = record.bytesReceived
        line.bytesOut = record.bytesSent
        line.totalNanoseconds = total
        if let began = record.upstreamBegan, let answered = record.responseBegan {
            line.upstreamNanoseconds = answered.nanoseconds(since: began)
        }
        // The last server that was tried, whatever came of it.
        line.upstream = exchange.tried.last?.name
        line.route = exchange.route?.name
        line.refusal = record.refusal
        line.trace = exchange.trace?.context
        exchange.writeAccessLine(line, with: &accessLine)
        let bytes = accessLine.bytes
        _ = access.append(bytes.span)
    }
}

// MARK: - Handshakes and admissions

extension Journal {
    func handshakeSucceeded(of connection: DownstreamConnection) {
        if let facts = connection.facts {
            metrics.handshakes.succeeded(
                over: facts.version, resumed: facts.isResumed,
                nanoseconds: connection.handshakeDuration.wholeNanoseconds)
        }
        if let caller = connection.caller {
            callers.note(caller.peer, under: connection.plan.trust, at: connection.worker.loop.now)
            // Of admissions nothing but the audit log wants to know: they are many.
            guard audit != nil else { return }
            var event = AuditEvent(time: .now(), decision: .admitted)
            event.rule = connection.plan.rules.listener["accept"]
            event.describe(connection)
            event.describe(caller.peer)
            write(event)
        } else if let refused = connection.refused {
            write(refusal: refused, of: connection)
        }
    }

    /// The callers admitted since this was last asked.
    func takeCallers() -> [CallerNote] { callers.take() }

    func handshakeFailed(_ failure: TransportFailure, of connection: DownstreamConnection) {
        if let refused = connection.refused {
            metrics.handshakes.refused(refused.refusal.code)
            write(refusal: refused, of: connection)
            return
        }
        if let peer = connection.surplus {
            metrics.handshakes.refused("too_many_connections_of_structure")
            limitReached("too_many_connections_of_structure", on: connection, by: peer)
            return
        }
        let reason = failure.code
        metrics.handshakes.refused(reason)
        // A caller that vanished, or that never spoke TLS, was not refused anything.
        guard failure.isRefusal else { return }
        var event = AuditEvent(time: .now(), decision: .handshakeRefused)
        event.reason = reason
        if case .tls(.certificateMissing) = failure {
            event.rule = connection.plan.rules.rule(behind: .certificateMissing)
        }
        event.describe(connection)
        write(event)
    }

    private func write(refusal refused: RefusedCaller, of connection: DownstreamConnection) {
        var event = AuditEvent(time: .now(), decision: .handshakeRefused)
        event.reason = refused.refusal.code
        event.rule = connection.plan.rules.rule(behind: refused.refusal)
        event.describe(connection)
        event.crlNumber = refused.refusal.crlNumberText
        if let certificate = refused.certificate {
            event.describe(certificate)
        }
        write(event)
    }

    /// A request was refused for who makes it, or for how much that caller asks.
    func requestRefused(_ refusal: ExchangeRefusal, on connection: DownstreamConnection, exchange: Exchange) {
        var event = AuditEvent(time: .now(), decision: .requestRefused)
        event.reason = refusal.code
        event.rule = Self.rule(behind: refusal, on: connection, route: exchange.route)
        event.describe(connection)
        event.route = exchange.route?.name
        event.requestID = exchange.record.requestID
        if case .caller(let reason) = refusal { event.crlNumber = reason.crlNumberText }
        if case .caller(.callerNotEnrolled) = refusal {
            event.enrolmentLine = Self.enrolmentLine(of: connection, route: exchange.route)
        }
        if let caller = connection.caller {
            event.describe(caller.peer)
        } else if let certificate = connection.refused?.certificate {
            event.describe(certificate)
        }
        write(event)
    }

    /// What an operator pastes into the route's list to have the caller pass.
    private static func enrolmentLine(of connection: DownstreamConnection, route: Route?) -> String? {
        let tables = connection.worker.enrolments
        guard let caller = connection.caller, let list = route?.enrolment, tables.indices.contains(list) else {
            return nil
        }
        return tables[list].line(toEnrol: caller.peer)
    }

    /// Which rule decided: of the route, or where no caller was admitted, of the handshake.
    private static func rule(
        behind refusal: ExchangeRefusal, on connection: DownstreamConnection, route: Route?
    ) -> String? {
        guard case .caller(let reason) = refusal else { return refusal.rule.map { route?.rules[$0.rawValue] ?? "" } }
        let handshake = connection.plan.rules
        if connection.refused != nil { return handshake.rule(behind: reason) }
        return route?.rule(behind: reason) ?? handshake.rule(behind: reason)
    }

    func connectionCut(_ connection: DownstreamConnection, because refusal: Refusal) {
        metrics.cuts.record(refusal.code)
        var event = AuditEvent(time: .now(), decision: .cut)
        event.reason = refusal.code
        event.rule = connection.plan.rules.rule(behind: refusal)
        event.describe(connection)
        event.crlNumber = refusal.crlNumberText
        if let caller = connection.caller { event.describe(caller.peer) }
        write(event)
    }

    /// A session of HTTP/2 was ended because of what the caller did.
    func sessionFailed(_ failure: HTTP2Error, on connection: DownstreamConnection) {
        metrics.cuts.record(failure.name)
        var event = AuditEvent(time: .now(), decision: .cut)
        event.reason = failure.name
        event.count = failure.count
        event.describe(connection)
        if let caller = connection.caller { event.describe(caller.peer) }
        write(event)
    }

    /// A limit turned a connection away, or ended it.
    func limitReached(_ reason: String, on connection: DownstreamConnection, by peer: VerifiedPeer? = nil) {
        metrics.limited.record(reason)
        var event = AuditEvent(time: .now(), decision: .connectionRefused)
        event.reason = reason
        event.describe(connection)
        if let peer = peer ?? connection.caller?.peer { event.describe(peer) }
        write(event)
    }

    /// A stream of HTTP/2 was ended because the caller did not take what waits on it, so many bytes.
    func streamStalled(_ bytes: Int, of exchange: Exchange, on connection: DownstreamConnection) {
        let reason = "h2_stalled_window"
        metrics.cuts.record(reason)
        exchange.record.refusal = reason
        var event = AuditEvent(time: .now(), decision: .cut)
        event.reason = reason
        event.count = bytes
        event.requestID = exchange.record.requestID
        event.describe(connection)
        if let caller = connection.caller { event.describe(caller.peer) }
        write(event)
    }

    func ticketDeclined(_ reason: TicketRefusal) {
        metrics.ticketsDeclined.record(reason.code)
    }

    /// Writes how many events were left out: of the seconds that are over, or at the end of all.
    func tellOmissions(isEnd: Bool = false) {
        for omission in budget.takeOmissions(at: isEnd ? nil : .now()) {
            var event = AuditEvent(time: .now(), decision: .omitted)
            event.omittedDecision = omission.decision
            event.reason = omission.reason
            event.count = Int(clamping: omission.count)
            append(event)
        }
        metrics.auditOmissions = budget.omitted
    }

    private func write(_ event: AuditEvent) {
        if event.decision != .admitted { recentRefusals.note(event) }
        guard audit != nil, budget.admits(event, at: .now()) else { return }
        append(event)
    }

    private func append(_ event: AuditEvent) {
        guard let audit else { return }
        auditLine.write(event)
        let bytes = auditLine.bytes
        guard !bytes.isEmpty else { return }
        _ = audit.append(bytes.span)
    }
}

extension AuditEvent {
    fileprivate mutating func describe(_ connection: DownstreamConnection) {
        address = connection.address.description
        listener = connection.plan.name
        self.connection = connection.number
    }

    fileprivate mutating func describe(_ peer: VerifiedPeer) {
        subject = peer.subjectText
        structure = peer.structure?.raw
        clientName = peer.clientName
        issuer = peer.issuerText
        serial = peer.serial.hex
        thumbprint = peer.thumbprint.hex
    }

    fileprivate mutating func describe(_ certificate: RefusedCertificate) {
        subject = certificate.subject
        issuer = certificate.issuer
        serial = certificate.serial.hex
        thumbprint = certificate.thumbprint
    }
}

extension Refusal {
    /// The number of the CRL that decided, where one did.
    fileprivate var crlNumberText: String? {
        switch self {
        case .revoked(_, _, _, let number), .crlStale(_, _, let number): "\(number)"
        default: nil
        }
    }
}

extension TransportFailure {
    /// A stable name, for the audit log and the counters.
    fileprivate var code: String {
        switch self {
        case .socket: "connection_lost"
        // The first is of connections to upstreams alone.
        case .wrongProtocol, .endedEarly: "ended_early"
        case .unwatchable: "unwatchable"
        case .timedOut: "handshake_timeout"
        case .proxyHeader: "proxy_header"
        case .tls(let error): error.code
        }
    }

    /// Whether the gateway refused something, in distinction from a caller that just went away.
    fileprivate var isRefusal: Bool {
        switch self {
        case .tls(.certificateMissing), .tls(.certificateRefused), .tls(.protocolViolation), .proxyHeader: true
        default: false
        }
    }
}

extension TLSError {
    fileprivate var code: String {
        switch self {
        case .alertReceived(let alert): "alert_received_\(alert)"
        case .certificateRefused: "certificate_refused"
        case .certificateMissing: "certificate_missing"
        case .protocolViolation: "tls_protocol_error"
        case .truncated: "connection_lost"
        case .system: "connection_lost"
        default: "tls_internal_error"
        }
    }
}
