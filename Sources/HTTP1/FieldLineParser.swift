internal import HTTP

/// What the next line of a field section was.
enum LineOutcome {
    /// A field line; the next one begins at `next`.
    case field(next: Int)
    /// The empty line that ends the section.
    case end(next: Int)
    /// The octets end before the line does.
    case incomplete
}

/// Reads one line of a header or trailer section into `fields`, as ranges of `bytes`.
///
/// RFC 9112 §5: `field-name ":" OWS field-value OWS CRLF`, with nothing left to interpretation.
func parseFieldLine(
    _ bytes: Span<UInt8>, at start: Int, into fields: inout FieldSection
) throws(MessageError) -> LineOutcome {
    let count = bytes.count
    guard start < count else { return .incomplete }
    var index = bytes.endOfToken(from: start)
    guard index < count else { return .incomplete }
    guard index > start, bytes[index] == Octet.colon else {
        return try parseEndLine(bytes, from: start, stoppedAt: index)
    }
    let name = start..<index
    index += 1
    while index < count, Octet.isBlank(bytes[index]) { index += 1 }
    let valueStart = index
    while true {
        index = bytes.endOfPlainContent(from: index)
        guard index < count else { return .incomplete }
        guard bytes[index] == Octet.tab else { break }
        index += 1
    }
    var valueEnd = index
    guard let next = try endOfLine(bytes, at: index, otherwise: .invalidFieldValue) else { return .incomplete }
    while valueEnd > valueStart, Octet.isBlank(bytes[valueEnd - 1]) { valueEnd -= 1 }
    let known = KnownField(bytes.extracting(name))
    fields.appendParsed(FieldLine(name: name, value: valueStart..<valueEnd, known: known))
    return .field(next: next)
}

/// Explains a line that has no name followed by a colon: the empty line at the end, or a fault.
private func parseEndLine(
    _ bytes: Span<UInt8>, from start: Int, stoppedAt index: Int
) throws(MessageError) -> LineOutcome {
    let isFirst = index == start
    switch bytes[index] {
    case Octet.carriageReturn where isFirst:
        guard let next = try endOfLine(bytes, at: index, otherwise: .bareCarriageReturn) else { return .incomplete }
        return .end(next: next)
    case Octet.lineFeed:
        throw .bareLineFeed
    case Octet.space, Octet.tab:
        // RFC 9112 §5.2: "A server that receives an obs-fold […] MUST either reject the message by sending a
        // 400 (Bad Request)…"; §5.1: "…MUST reject, with a response status code of 400, any received request
        // message that contains whitespace between a header field name and colon."
        throw isFirst ? .obsoleteFolding : .whitespaceBeforeColon
    default:
        throw .invalidFieldName
    }
}

/// The octet after the CRLF at `index`, or nil when the octets end inside it.
@inline(__always)
func endOfLine(
    _ bytes: Span<UInt8>, at index: Int, otherwise fault: MessageError
) throws(MessageError) -> Int? {
    guard bytes[index] == Octet.carriageReturn else {
        throw bytes[index] == Octet.lineFeed ? .bareLineFeed : fault
    }
    guard index + 1 < bytes.count else { return nil }
    guard bytes[index + 1] == Octet.lineFeed else { throw .bareCarriageReturn }
    return index + 2
}

/// Reads lines until the empty one, from where `position` stands; the ranges stored are of `bytes`.
///
/// Returns where the section ends, nil when the octets end before it does.
func parseFieldSection(
    _ bytes: Span<UInt8>, _ position: inout ParsePosition, lineLimit: Int, countLimit: Int,
    tooManyLines: MessageError, into fields: inout FieldSection
) throws(MessageError) -> Int? {
    while position.mayHoldWholeLine(bytes) {
        let start = position.lineStart
        switch try parseFieldLine(bytes, at: start, into: &fields) {
        case .field(let next):
            guard next - start <= lineLimit else { throw .fieldLineTooLong }
            guard fields.lines.count <= countLimit else { throw tooManyLines }
            position.lineStart = next
            position.scanned = next
        case .end(let next):
            return next
        case .incomplete:
            position.scanned = bytes.count
            guard bytes.count - start <= lineLimit else { throw .fieldLineTooLong }
            return nil
        }
    }
    guard bytes.count - position.lineStart <= lineLimit else { throw .fieldLineTooLong }
    return nil
}
