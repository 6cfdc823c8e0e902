public import HTTP

/// What a head says about the connection it travels on.
public enum ConnectionDirective: Sendable, Hashable {
    /// Nothing: the connection goes on, as is the rule of HTTP/1.1.
    case persistent
    /// `Connection: keep-alive`, for a peer of HTTP/1.0 that asked so.
    case keepAlive
    /// `Connection: close`.
    case close
    /// `Connection: Upgrade`; the Upgrade field is among the fields.
    case upgrade
}

/// Appends a request head to `output`, in origin-form, as HTTP/1.1.
///
/// The fields are written as they are, except those this owns: Connection comes from `connection`,
/// Content-Length and Transfer-Encoding from `framing`, so that they cannot contradict the body that follows.
/// Hop-by-hop fields have to be removed before (`removeHopByHop`). Without a Host field, `authority` is written.
public func encodeRequestHead(
    _ head: RequestHead, framing: BodyFraming, connection: ConnectionDirective, into output: inout [UInt8]
) {
    let bytes = head.fields.arena.span
    head.appendMethod(to: &output)
    output.append(Octet.space)
    appendTarget(of: head, to: &output)
    output.append(literal: " HTTP/1.1\r\n")
    if !head.fields.contains(.host) {
        output.append(literal: "Host: ")
        if let authority = head.authority { output.append(copying: bytes.extracting(authority)) }
        output.append(literal: "\r\n")
    }
    appendFields(head.fields, keepsContentLength: false, to: &output)
    switch (framing, head.method) {
    case (.none, .post), (.none, .put), (.none, .patch):
        // RFC 9110 §8.6: such a method without content says so, lest the upstream answer 411.
        output.append(literal: "Content-Length: 0\r\n")
    default:
        appendFraming(framing, to: &output)
    }
    appendConnection(connection, to: &output)
    output.append(literal: "\r\n")
}

/// Appends a response head to `output`, as HTTP/1.1.
///
/// Content-Length, Transfer-Encoding and Connection are written as for requests. A response without content
/// keeps its Content-Length field, which then speaks of what a GET would have brought (RFC 9110 §8.6).
/// Content that ends with the connection forces `Connection: close`.
public func encodeResponseHead(
    _ head: ResponseHead, framing: BodyFraming, connection: ConnectionDirective, into output: inout [UInt8]
) {
    appendStatusLine(head.status, to: &output)
    let keepsContentLength = framing == .none && !head.status.isInformational && head.status != 204
    appendFields(head.fields, keepsContentLength: keepsContentLength, to: &output)
    appendFraming(framing, to: &output)
    appendConnection(framing == .untilClose ? .close : connection, to: &output)
    output.append(literal: "\r\n")
}

/// Appends a whole response with the given content to `output`.
///
/// A response to HEAD gets the head that GET would have got (RFC 9110 §9.3.2).
public func encodeResponse(
    _ head: ResponseHead, content: Span<UInt8>, to method: Method, connection: ConnectionDirective,
    into output: inout [UInt8]
) {
    let hasContent = !head.status.isAlwaysBodiless
    let framing: BodyFraming = hasContent ? .length(UInt64(content.count)) : .none
    encodeResponseHead(head, framing: framing, connection: connection, into: &output)
    if hasContent, method != .head { output.append(copying: content) }
}

/// Appends the interim response that lets a caller send its body (RFC 9110 §15.2.1).
public func encodeContinue(into output: inout [UInt8]) {
    output.append(literal: "HTTP/1.1 100 Continue\r\n\r\n")
}

private func appendStatusLine(_ status: Status, to output: inout [UInt8]) {
    guard status != 200 else { return output.append(literal: "HTTP/1.1 200 OK\r\n") }
    output.append(literal: "HTTP/1.1 ")
    output.append(decimal: UInt64(status.rawValue))
    // RFC 9112 §4: the space is sent even without a reason.
    output.append(Octet.space)
    output.append(literal: status.reason)
    output.append(literal: "\r\n")
}

private func appendTarget(of head: RequestHead, to output: inout [UInt8]) {
    let bytes = head.fields.arena.span
    switch head.form {
    case .authority:
        output.append(copying: bytes.extracting(head.target))
    case .asterisk:
        output.append(0x2A)
    case .absolute where head.method == .options && head.path.isEmpty && head.query == nil:
        // RFC 9112 §3.2.4: OPTIONS for "http://host" is a request for the server as a whole.
        output.append(0x2A)
    case .origin, .absolute:
        if head.path.isEmpty { output.append(0x2F) }
        output.append(copying: bytes.extracting(head.path))
        if let query = head.query {
            output.append(0x3F)
            output.append(copying: bytes.extracting(query))
        }
    }
}

private func appendFields(_ fields: FieldSection, keepsContentLength: Bool, to output: inout [UInt8]) {
    var run = LineRun()
    let bytes = fields.arena.span
    for line in fields.lines {
        switch line.known {
        case .connection, .transferEncoding: continue
        case .contentLength where !keepsContentLength: continue
        default: run.append(line, bytes, to: &output)
        }
    }
    run.flush(bytes, to: &output)
}

/// Appends every line of a section.
func appendLines(of fields: FieldSection, to output: inout [UInt8]) {
    var run = LineRun()
    let bytes = fields.arena.span
    for line in fields.lines { run.append(line, bytes, to: &output) }
    run.flush(bytes, to: &output)
}

/// Lines that lie one after the other in the arena just as they are to be written, to be copied at once.
///
/// What was parsed and not touched is usually one such run; copying line by line costs three times as much.
private struct LineRun {
    private var range = 0..<0

    mutating func append(_ line: FieldLine, _ bytes: Span<UInt8>, to output: inout [UInt8]) {
        guard LineRun.isWrittenOut(line, bytes) else {
            flush(bytes, to: &output)
            output.append(copying: bytes.extracting(line.name))
            output.append(literal: ": ")
            output.append(copying: bytes.extracting(line.value))
            output.append(literal: "\r\n")
            return
        }
        if range.upperBound != line.name.lowerBound {
            flush(bytes, to: &output)
            range = line.name.lowerBound..<line.name.lowerBound
        }
        range = range.lowerBound..<(line.value.upperBound + 2)
    }

    mutating func flush(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
        if !range.isEmpty { output.append(copying: bytes.extracting(range)) }
        range = 0..<0
    }

    /// Whether `: ` stands between name and value and CRLF after it.
    private static func isWrittenOut(_ line: FieldLine, _ bytes: Span<UInt8>) -> Bool {
        let (colon, end) = (line.name.upperBound, line.value.upperBound)
        return line.value.lowerBound == colon + 2 && end + 1 < bytes.count
            && bytes[colon] == Octet.colon && bytes[colon + 1] == Octet.space
            && bytes[end] == Octet.carriageReturn && bytes[end + 1] == Octet.lineFeed
    }
}

private func appendFraming(_ framing: BodyFraming, to output: inout [UInt8]) {
    switch framing {
    case .none, .untilClose:
        break
    case .length(let count):
        output.append(literal: "Content-Length: ")
        output.append(decimal: count)
        output.append(literal: "\r\n")
    case .chunked:
        output.append(literal: "Transfer-Encoding: chunked\r\n")
    }
}

private func appendConnection(_ connection: ConnectionDirective, to output: inout [UInt8]) {
    switch connection {
    case .persistent: break
    case .keepAlive: output.append(literal: "Connection: keep-alive\r\n")
    case .close: output.append(literal: "Connection: close\r\n")
    case .upgrade: output.append(literal: "Connection: Upgrade\r\n")
    }
}
