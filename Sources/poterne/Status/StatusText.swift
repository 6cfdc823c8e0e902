import DER

/// The page of `poterne status`: what is pressing first, each part a few lines.
struct StatusText {
    private let status: StatusReport
    private let paint: TerminalPaint
    private(set) var lines: [String] = []

    init(_ status: StatusReport, paint: TerminalPaint) {
        self.status = status
        self.paint = paint
        appendVerdict()
        appendTraffic()
        appendConnections()
        appendHandshakes()
        appendLists()
        appendExpiries()
        appendUpstreams()
        appendRefusals()
    }

    /// Rows of each part; `--json` has all.
    private static var rows: Int { 8 }

    private mutating func appendVerdict() {
        let count = status.concerns.count
        let things = count == 1 ? "one thing needs" : "\(count) things need"
        switch status.verdict {
        case .well: lines.append(paint.well("● all is well"))
        case .attention: lines.append(paint.warning("▲ \(things) attention"))
        case .critical: lines.append(paint.critical("■ urgent: \(things) attention"))
        }
        for concern in status.concerns.prefix(Self.rows) {
            let isUrgent = concern.severity == .critical
            lines.append(
                "  " + (isUrgent ? paint.critical("■ ") : paint.warning("▲ ")) + paint.bold(concern.message.printable))
            for line in concern.remedy.split(separator: "\n") { lines.append("    " + String(line).printable) }
        }
        if count > Self.rows { lines.append("  and \(count - Self.rows) more: --json") }
        let gateway = status.gateway
        lines.append(
            paint.soft(
                "  \(status.readiness.ready ? "ready" : "not ready") · \(gateway.node.printable) · process \(gateway.process) · "
                    + "\(gateway.version.printable) · up \(Self.duration(gateway.uptimeSeconds)) · "
                    + "configuration \(gateway.configuration.epoch) · \(status.time.printable)"))
    }

    /// A part of the page: its title before the first row.
    private mutating func part(_ title: String, _ rows: [String], of all: Int? = nil) {
        guard !rows.isEmpty else { return }
        lines.append("")
        for (index, row) in rows.enumerated() {
            let label = index == 0 ? title : ""
            let blank = String(repeating: " ", count: max(1, 13 - label.count))
            lines.append((index == 0 ? paint.bold(label) : "") + blank + row)
        }
        if let all, all > rows.count {
            lines.append(String(repeating: " ", count: 13) + paint.soft("and \(all - rows.count) more: --json"))
        }
    }

    private mutating func appendTraffic() {
        let minute = status.traffic.lastMinute
        let share = minute.requests > 0 ? Double(minute.errors) * 100 / Double(minute.requests) : 0
        part(
            "last minute",
            [
                "\(Self.decimal(minute.requestsPerSecond)) requests/s · \(Self.decimal(share))% server errors · "
                    + "\(Self.decimal(minute.handshakesPerSecond)) handshakes/s · "
                    + "\(Self.decimal(minute.refusedPerSecond)) refused/s"
            ])
    }

    private mutating func appendConnections() {
        let connections = status.connections
        var rows = [
            "\(connections.callers) of callers, \(connections.total) in all · "
                + connections.listeners.map { "\($0.name.printable) \($0.open)" }.joined(separator: " · ")
        ]
        rows += connections.structures.busiest.prefix(Self.rows).map {
            "\(Self.right("\($0.open)", 7))  \($0.structure.printable)  \(($0.name ?? "").printable)"
        }
        if connections.structures.othersOpen > 0 {
            rows.append("\(Self.right("\(connections.structures.othersOpen)", 7))  other structures")
        }
        part("connections", rows)
    }

    private mutating func appendHandshakes() {
        let handshakes = status.handshakes
        let rows = handshakes.refusedByReason.prefix(Self.rows).map {
            "\(Self.right("\($0.count)", 7))  \($0.reason.printable)"
        }
        part(
            "handshakes",
            ["\(handshakes.full) full · \(handshakes.resumed) resumed · \(handshakes.refused) refused"] + rows)
    }

    private mutating func appendLists() {
        let now = Timestamp(rfc3339: status.time)
        part(
            "CRLs",
            status.crls.map { list in
                let word = Self.left(list.state.rawValue, 10)
                let state =
                    list.state == .fresh
                    ? paint.well(word) : list.state == .tolerated ? paint.warning(word) : paint.critical(word)
                var text = state + Self.name(of: list.ca).printable
                if let number = list.number, let age = list.ageSeconds {
                    let delta = list.deltaNumber.map { " Δ \($0.printable)" } ?? ""
                    text += paint.soft(
                        "  \(number.printable)\(delta) · \(Self.duration(age)) old · \(list.entries ?? 0) revoked")
                }
                if let now, let end = list.nextUpdate.flatMap({ Timestamp(rfc3339: $0) }) {
                    let left = end.seconds(since: now)
                    text += paint.soft(
                        left > 0 ? " · \(Self.duration(left)) left" : " · ended \(Self.duration(-left)) ago")
                }
                return text
            })
    }

    private mutating func appendExpiries() {
        let things = status.expiries.soonest.filter { $0.kind != "crl" }
        part(
            "to renew",
            things.prefix(Self.rows).map { thing in
                let days = Self.right(thing.daysLeft < 0 ? "ended" : "\(thing.daysLeft) d", 8)
                let painted =
                    thing.level == .fine
                    ? paint.well(days) : thing.level == .soon ? paint.warning(days) : paint.critical(days)
                let owner = thing.structure.map { "structure \($0)" } ?? thing.owner
                return "\(painted)  \(Self.name(of: thing.subject).printable)"
                    + paint.soft("  \(thing.kind.printable) · \(owner.printable)")
            }, of: things.count)
    }

    private mutating func appendUpstreams() {
        let servers = status.upstreams.flatMap { upstream in upstream.servers.map { (upstream, $0) } }
        // Those that are unwell first: there may be hundreds.
        let sorted = servers.filter { $0.1.state != .serving } + servers.filter { $0.1.state == .serving }
        part(
            "upstreams",
            sorted.prefix(Self.rows * 2).map { upstream, server in
                let word = Self.left(server.state.rawValue, 10)
                let state =
                    server.state == .serving
                    ? paint.well(word) : server.state == .out ? paint.critical(word) : paint.warning(word)
                return state + "\(upstream.name.printable)  \(server.name.printable)"
                    + paint.soft("  \(server.open) open · \(server.inFlight) in hand · \(upstream.waiting) waiting")
                    + (server.trouble.map { "  " + paint.warning($0.printable) } ?? "")
            }, of: servers.count)
    }

    private mutating func appendRefusals() {
        part(
            "refusals",
            status.refusals.prefix(Self.rows).map { refusal in
                let who = refusal.client ?? refusal.subject.map(Self.name(of:)) ?? "no certificate"
                let serial = refusal.serial.map { " · serial \($0.printable)" } ?? ""
                return
                    "\(refusal.time.dropFirst(11).prefix(8))  \(Self.left((refusal.reason ?? refusal.event).printable, 26)) "
                    + "×\(refusal.count)  \(who.printable)" + paint.soft("  \(refusal.address.printable)\(serial)")
            }, of: status.refusals.count)
    }

    // MARK: Words

    private static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private static func decimal(_ number: Double?) -> String {
        guard let number, number.isFinite, number.magnitude < 1e15 else { return "–" }
        let tenths = Int((number * 10).rounded())
        return tenths.isMultiple(of: 10) ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    private static func duration(_ seconds: Int64) -> String {
        let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60)
        if days > 0 { return "\(days) d \(hours) h" }
        if hours > 0 { return "\(hours) h \(minutes) min" }
        return minutes > 0 ? "\(minutes) min" : "\(seconds) s"
    }

    /// The common name of a subject as RFC 2253 writes it, or all of it.
    private static func name(of subject: String) -> String {
        guard subject.hasPrefix("CN=") else { return subject }
        return subject.dropFirst(3).split(separator: ",", maxSplits: 1).first.map(String.init) ?? subject
    }
}
