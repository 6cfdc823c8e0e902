public import HTTP

/// Reads the head of a request from the beginning of `bytes` (RFC 9112 §3, §5).
///
/// Call it with `head` and `position` as new (or as a former call left them: a completed one has reset the
/// position) whenever octets arrive, always with all octets since the beginning of the message. When it
/// returns `complete`, the head owns a copy of its octets and the framing of the body is decided; before, and
/// after an error, the head means nothing. After an error the connection cannot be read on.
public func parseRequestHead(
    _ bytes: Span<UInt8>, resume position: inout ParsePosition, limits: Limits, into head: inout RequestHead
) throws(MessageError) -> ParseProgress {
    if position.isAtStart { head.reset() }
    if !position.hasStartLine {
        guard position.mayHoldWholeLine(bytes) else {
            try checkIncompleteRequestLine(bytes, position, limits)
            return .incomplete
        }
        guard let next = try parseRequestLine(bytes, &position, limits, into: &head) else {
            position.scanned = bytes.count
            try checkIncompleteRequestLine(bytes, position, limits)
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
    try head.finish(limits)
    position = ParsePosition()
    return .complete(consumed: end)
}

/// Refuses a request line that has grown beyond what a method, a target and a version may take.
private func checkIncompleteRequestLine(
    _ bytes: Span<UInt8>, _ position: ParsePosition, _ limits: Limits
) throws(MessageError) {
    // The two spaces, the version and CRLF take twelve octets.
    if bytes.count - position.lineStart > limits.method + limits.target + 12 { throw .targetTooLong }
}

/// Reads the request line into `head` as ranges of `bytes`; nil when the octets end before it does.
///
/// RFC 9112 §3: `method SP request-target SP HTTP-version CRLF`, each space exactly one.
private func parseRequestLine(
    _ bytes: Span<UInt8>, _ position: inout ParsePosition, _ limits: Limits, into head: inout RequestHead
) throws(MessageError) -> Int? {
    let count = bytes.count
    if position.lineStart == 0, count > 0, bytes[0] == Octet.carriageReturn {
        // RFC 9112 §2.2: "a server that is expecting to receive and parse a request-line SHOULD ignore at
        // least one empty line (CRLF) received prior to the request-line." One, and no more.
        guard let next = try endOfLine(bytes, at: 0, otherwise: .bareCarriageReturn) else { return nil }
        position.lineStart = next
        position.scanned = next
    }
    let start = position.lineStart
    var index = start
    while index < count, Octet.isToken(bytes[index]) { index += 1 }
    guard index - start <= limits.method else { throw .methodTooLong }
    guard index < count else { return nil }
    guard index > start, bytes[index] == Octet.space else {
        throw bytes[index] == Octet.lineFeed ? .bareLineFeed : .malformedRequestLine
    }
    head.method = Method(bytes.extracting(start..<index), at: start..<index)

    let targetStart = index + 1
    index = targetStart
    var queryMark: Int?
    while index < count, Octet.isVisible(bytes[index]), bytes[index] != 0x23 {
        if bytes[index] == 0x3F, queryMark == nil { queryMark = index }
        index += 1
    }
    guard index - targetStart <= limits.target else { throw .targetTooLong }
    guard index < count else { return nil }
    switch bytes[index] {
    case Octet.space: break
    case Octet.lineFeed: throw .bareLineFeed
    // HTTP/0.9 has no version: "GET /" CRLF.
    case Octet.carriageReturn: throw .malformedRequestLine
    default: throw .malformedTarget
    }
    guard index > targetStart else { throw .malformedRequestLine }
    head.target = targetStart..<index
    try head.readTarget(bytes, queryMark: queryMark)

    guard let (version, versionEnd) = try parseVersion(bytes, at: index + 1) else { return nil }
    head.version = version
    guard versionEnd < count else { return nil }
    return try endOfLine(
        bytes, at: versionEnd,
        otherwise: Octet.isBlank(bytes[versionEnd]) ? .malformedRequestLine : .malformedVersion)
}

/// Reads `HTTP/1.0` or `HTTP/1.1` at `start`; nil when the octets end before it does.
func parseVersion(_ bytes: Span<UInt8>, at start: Int) throws(MessageError) -> (Version, end: Int)? {
    let prefix: InlineArray<5, UInt8> = [0x48, 0x54, 0x54, 0x50, 0x2F]
    for offset in 0..<5 {
        guard start + offset < bytes.count else { return nil }
        guard bytes[start + offset] == prefix[offset] else { throw .malformedVersion }
    }
    guard start + 7 < bytes.count else { return nil }
    let (major, minor) = (bytes[start + 5], bytes[start + 7])
    guard Octet.isDigit(major), bytes[start + 6] == 0x2E, Octet.isDigit(minor) else { throw .malformedVersion }
    switch (major, minor) {
    case (0x31, 0x31): return (.http11, start + 8)
    case (0x31, 0x30): return (.http10, start + 8)
    default: throw .unsupportedVersion
    }
}
