/// How the access log is written.
public enum AccessFormat: String, CaseIterable, Sendable {
    /// One JSON object per line.
    case json
    /// Apache's combined format.
    case combined
    /// A line for a developer at a terminal: time, status, method, path, duration, caller.
    case plain
}

/// What the access log says of one exchange, beside the texts of the request.
public struct AccessExchange: Sendable {
    /// When the exchange ended.
    public var time: WallTime
    /// Its identifier, if it came so far as to have one.
    public var requestID: [UInt8]?
    /// The status sent to the caller, if any.
    public var status: UInt16?
    /// Bytes received: body only.
    public var bytesIn: UInt64 = 0
    /// Bytes sent: body only.
    public var bytesOut: UInt64 = 0
    /// From the first byte of the request to the last of the answer.
    public var totalNanoseconds: UInt64?
    /// From the request's first byte to the upstream to the last of its answer.
    public var upstreamNanoseconds: UInt64?
    /// The upstream's name and address.
    public var upstream: String?
    /// The route's name.
    public var route: String?
    /// The stable code of the refusal, if it was refused.
    public var refusal: String?
    /// Its trace, if spans of it are recorded.
    public var trace: TraceContext?

    /// An exchange that ended at `time`, of which nothing else is known yet.
    public init(time: WallTime) {
        self.time = time
    }
}

/// Writes the lines of the access log, one after the other, into one buffer.
///
/// Belongs to one worker.
///
/// The query of a request is left out of every format: it can hold what identifies a patient, or a token.
public struct AccessLine: Sendable {
    private let format: AccessFormat
    private var json = JSONLine()
    private var text: [UInt8] = []
    private var clock = WallClock()

    /// A writer of lines in one format.
    public init(format: AccessFormat) {
        self.format = format
    }

    /// Writes the line of one exchange, or of a connection that came to none, into the buffer.
    ///
    /// - Parameters:
    ///   - exchange: what became of the exchange.
    ///   - connection: what is said of its connection.
    ///   - method: the request's method; empty if there was no request.
    ///   - target: the request's target or path; from a `?` on it is left out.
    ///   - version: such as `HTTP/1.1`.
    ///   - referer: the request's `Referer`, for the combined format.
    ///   - userAgent: the request's `User-Agent`, for the combined format.
    public mutating func write(
        _ exchange: AccessExchange, on connection: AccessConnection, method: Span<UInt8>, target: Span<UInt8>,
        version: StaticString, referer: Span<UInt8>, userAgent: Span<UInt8>
    ) {
        var end = 0
        while end < target.count, target[end] != UInt8(ascii: "?"), target[end] != UInt8(ascii: "#") { end += 1 }
        let path = target.extracting(0..<end)
        switch format {
        case .json:
            writeJSON(exchange, connection, method, path, version)
        case .combined:
            writeCombined(exchange, connection, method, path, version, referer, userAgent)
        case .plain:
            writePlain(exchange, connection, method, path)
        }
    }

    /// The line written last, with its line feed.
    public var bytes: [UInt8] {
        switch format {
        case .json: json.bytes
        case .combined, .plain: text
        }
    }

    private mutating func writeJSON(
        _ exchange: AccessExchange, _ connection: AccessConnection, _ method: Span<UInt8>, _ path: Span<UInt8>,
        _ version: StaticString
    ) {
        json.begin()
        json.add("time", exchange.time, &clock)
        json.add("request_id", bytes: exchange.requestID)
        json.add(members: connection.members)
        if !method.isEmpty {
            json.add("method", method)
            json.add("path", path)
            json.add("protocol", word: version)
        }
        json.add("route", exchange.route)
        json.add("status", exchange.status.map(UInt64.init))
        json.add("bytes_in", exchange.bytesIn)
        json.add("bytes_out", exchange.bytesOut)
        json.add("upstream", exchange.upstream)
        json.add("upstream_ms", milliseconds: exchange.upstreamNanoseconds)
        json.add("total_ms", milliseconds: exchange.totalNanoseconds)
        json.add("refusal", exchange.refusal)
        if let trace = exchange.trace { json.add("trace_id", trace) }
        json.end()
    }

    private mutating func writePlain(
        _ exchange: AccessExchange, _ connection: AccessConnection, _ method: Span<UInt8>, _ path: Span<UInt8>
    ) {
        text.removeAll(keepingCapacity: true)
        clock.appendTimeOfDay(exchange.time, to: &text)
        text.append(literal: "  ")
        text.append(decimal: UInt64(exchange.status ?? 0))
        text.append(UInt8(ascii: " "))
        CombinedText.append(method, to: &text)
        text.append(UInt8(ascii: " "))
        CombinedText.append(path, to: &text)
        text.append(literal: "  ")
        text.append(decimal: (exchange.totalNanoseconds ?? 0) / 1_000_000)
        text.append(literal: " ms  ")
        text.append(contentsOf: connection.plainCaller)
        if let refusal = exchange.refusal {
            text.append(literal: "  refused: ")
            text.append(contentsOf: refusal.utf8)
        }
        text.append(UInt8(ascii: "\n"))
    }

    private mutating func writeCombined(
        _ exchange: AccessExchange, _ connection: AccessConnection, _ method: Span<UInt8>, _ path: Span<UInt8>,
        _ version: StaticString, _ referer: Span<UInt8>, _ userAgent: Span<UInt8>
    ) {
        text.removeAll(keepingCapacity: true)
        text.append(contentsOf: connection.host)
        text.append(literal: " - ")
        text.append(contentsOf: connection.user)
        text.append(UInt8(ascii: " "))
        clock.appendCommonLog(exchange.time, to: &text)
        text.append(literal: " \"")
        if method.isEmpty {
            text.append(UInt8(ascii: "-"))
        } else {
            CombinedText.append(method, to: &text)
            text.append(UInt8(ascii: " "))
            CombinedText.append(path, to: &text)
            text.append(UInt8(ascii: " "))
            text.append(literal: version)
        }
        text.append(literal: "\" ")
        if let status = exchange.status { text.append(decimal: UInt64(status)) } else { text.append(literal: "-") }
        text.append(UInt8(ascii: " "))
        if exchange.bytesOut > 0 { text.append(decimal: exchange.bytesOut) } else { text.append(literal: "-") }
        text.append(UInt8(ascii: " "))
        CombinedText.appendQuoted(referer, to: &text)
        text.append(UInt8(ascii: " "))
        CombinedText.appendQuoted(userAgent, to: &text)
        text.append(UInt8(ascii: "\n"))
    }
}
