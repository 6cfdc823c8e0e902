/// One decision about a peer, for the audit log.
public struct AuditEvent: Sendable {
    /// What was decided, and about what.
    public enum Decision: String, CaseIterable, Sendable {
        /// A connection's peer was admitted, for the first time on it.
        case admitted
        /// A handshake was refused.
        case handshakeRefused = "handshake_refused"
        /// A request was refused.
        case requestRefused = "request_refused"
        /// A connection was turned away, or cut, because there are too many or they hold too much.
        case connectionRefused = "connection_refused"
        /// An open connection was ended, because its certificate was revoked or has expired, or its peer is an attacker.
        case cut
        /// Events of one kind and reason were left out, since there were too many in a second.
        case omitted
    }

    /// When.
    public var time: WallTime
    /// What.
    public var decision: Decision
    /// The stable code of the reason; absent when admitted.
    public var reason: String?
    /// The subject of the certificate, as RFC 2253 writes it.
    public var subject: String?
    /// The structure that the certificate names.
    public var structure: String?
    /// The client that the certificate names.
    public var clientName: String?
    /// The line that would enrol the caller, where it is not.
    public var enrolmentLine: String?
    /// The issuer of the certificate.
    public var issuer: String?
    /// The serial number, upper-case hexadecimal.
    public var serial: String?
    /// The SHA-256 of the certificate, hexadecimal.
    public var thumbprint: String?
    /// Where the peer stands.
    public var address: String?
    /// The number of the CRL that was consulted.
    public var crlNumber: String?
    /// The name of the listener.
    public var listener: String?
    /// The name of the route.
    public var route: String?
    /// The number of the connection within the process.
    public var connection: UInt64?
    /// The request, if it came to one.
    public var requestID: [UInt8]?
    /// The rule that decided, as file:line.
    public var rule: String?
    /// The decision of the events that were left out.
    public var omittedDecision: Decision?
    /// How many there were of what there were too many.
    public var count: Int?

    /// A decision taken at `time`, of which nothing else is known yet.
    public init(time: WallTime, decision: Decision) {
        self.time = time
        self.decision = decision
    }
}

/// Writes the lines of the audit log, one after the other, into one buffer.
///
/// Belongs to one worker.
public struct AuditLine: Sendable {
    private let format: AccessFormat
    private var json = JSONLine()
    private var text: [UInt8] = []
    private var clock = WallClock()

    /// A writer of lines.
    public init(format: AccessFormat = .json) {
        self.format = format
    }

    /// The line written last, with its line feed.
    public var bytes: [UInt8] { format == .plain ? text : json.bytes }

    /// For a developer at a terminal: nothing of those who are admitted, whose requests have lines of their own.
    private mutating func writePlain(_ event: AuditEvent) {
        text.removeAll(keepingCapacity: true)
        guard event.decision == .handshakeRefused || event.decision == .cut else { return }
        clock.appendTimeOfDay(event.time, to: &text)
        text.append(contentsOf: (event.decision == .cut ? "  cut: " : "  refused: ").utf8)
        CombinedText.append(Array((event.reason ?? "").utf8).span, to: &text)
        text.append(literal: "  ")
        // The backslashes of RFC 2253 stay single: they are there to be read, and nothing takes the line apart.
        for byte in (event.subject ?? "no certificate").utf8 {
            text.append((0x20...0x7E).contains(byte) ? byte : UInt8(ascii: "?"))
        }
        text.append(UInt8(ascii: "\n"))
    }

    /// Writes the line of one decision into the buffer.
    public mutating func write(_ event: AuditEvent) {
        if format == .plain {
            writePlain(event)
            return
        }
        json.begin()
        json.add("time", event.time, &clock)
        json.add("event", event.decision.rawValue)
        json.add("of", event.omittedDecision?.rawValue)
        json.add("reason", event.reason)
        json.add("subject", event.subject)
        json.add("structure", event.structure)
        json.add("client", event.clientName)
        json.add("issuer", event.issuer)
        json.add("serial", event.serial)
        json.add("thumbprint", event.thumbprint)
        json.add("address", event.address)
        json.add("crl_number", event.crlNumber)
        json.add("listener", event.listener)
        json.add("route", event.route)
        json.add("rule", event.rule)
        json.add("enrol", event.enrolmentLine)
        json.add("count", event.count.map { UInt64(clamping: $0) })
        json.add("connection", event.connection)
        json.add("request_id", bytes: event.requestID)
        json.end()
    }
}
