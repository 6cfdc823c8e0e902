public import HTTP

/// Reads the head of a response to a request with the given method (RFC 9112 §4, §5).
///
/// Called as `parseRequestHead`. Interim responses (1xx) are returned like others: `status.isInformational`
/// tells them, another head follows, except after 101.
public func parseResponseHead(
    _ bytes: Span<UInt8>, resume position: inout ParsePosition, limits: Limits, to method: Method,
    into head: inout ResponseHead
) throws(MessageError) -> ParseProgress {
    if position.isAtStart { head.reset() }
    if !position.hasStartLine {
        guard position.mayHoldWholeLine(bytes), let next = try parseStatusLine(bytes, into: &head) else {
            position.scanned = bytes.count
            guard bytes.count <= limits.fieldLine else { throw .headTooLarge }
            return .incomplete
        }
        position.lineStart = next
        position.scanned = next
        position.hasStartLine = true
    }
    let end = try parseFieldSection(
        bytes, &position, lineLimit: limits.fieldLine, countLimit: limits.fieldLines,
        tooManyLines: .tooManyFieldLines, into: &head.fields)
    guard (end ?? bytes.count) <= limits.head else { throw .headTooLarge }
    guard let end else { return .incomplete }
    _ = head.fields.store(bytes.extracting(0..<end))
    try head.fields.limitConnectionOptions(limits)
    head.framing = try BodyFraming(response: &head.fields, status: head.status, version: head.version, to: method)
    position = ParsePosition()
    return .complete(consumed: end)
}

/// Reads the status line; nil when the octets end before it does.
///
/// RFC 9112 §4: `HTTP-version SP status-code SP [ reason-phrase ] CRLF`. The second space may be missing with
/// the reason: some servers send it so, and it can mean nothing else.
private func parseStatusLine(
    _ bytes: Span<UInt8>, into head: inout ResponseHead
) throws(MessageError) -> Int? {
    let count = bytes.count
    guard let (version, versionEnd) = try parseVersion(bytes, at: 0) else { return nil }
    head.version = version
    guard versionEnd < count else { return nil }
    guard bytes[versionEnd] == Octet.space else { throw .malformedStatusLine }
    var code: UInt16 = 0
    var index = versionEnd + 1
    while index < versionEnd + 4 {
        guard index < count else { return nil }
        guard Octet.isDigit(bytes[index]) else { throw .malformedStatusLine }
        code = code &* 10 &+ UInt16(bytes[index] &- 0x30)
        index += 1
    }
    // RFC 9110 §15: "Values outside the range 100..599 are invalid."
    guard code >= 100, code <= 599 else { throw .malformedStatusLine }
    head.status = Status(rawValue: code)
    guard index < count else { return nil }
    if bytes[index] == Octet.space {
        index += 1
        while true {
            index = bytes.endOfPlainContent(from: index)
            guard index < count else { return nil }
            guard bytes[index] == Octet.tab else { break }
            index += 1
        }
    }
    return try endOfLine(bytes, at: index, otherwise: .malformedStatusLine)
}
