import HTTP
import HTTP1

/// Reads any bytes as a response and its body, whole and in two pieces; what both accept they must read alike.
///
/// The first byte says what was asked.
@c(LLVMFuzzerTestOneInput)
public func fuzzResponse(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: count))
    guard let choice = bytes.first else { return 0 }
    let method: Method = choice % 3 == 0 ? .head : choice % 3 == 1 ? .options : .get
    let response = Array(bytes.dropFirst())
    guard let head = readHead(response, to: method, splitAt: response.count) else { return 0 }
    if let other = readHead(response, to: method, splitAt: response.count / 2) {
        precondition(other.end == head.end && other.framing == head.framing, "two readings of a head")
    }
    let whole = readBody(response, from: head.end, framing: head.framing, splitAt: response.count)
    let split = readBody(response, from: head.end, framing: head.framing, splitAt: (head.end + response.count) / 2)
    // A line that is not whole yet may be refused sooner or later; what is whole leaves no choice.
    precondition(whole == split || whole?.isEnded != true && split?.isEnded != true, "two readings of a body")
    return 0
}

private func readHead(_ bytes: [UInt8], to method: Method, splitAt split: Int) -> (end: Int, framing: BodyFraming)? {
    var head = ResponseHead()
    var position = ParsePosition()
    let limits = Limits()
    for end in Set([split, bytes.count]).sorted() {
        let piece = bytes.span.extracting(0..<end)
        guard let progress = try? parseResponseHead(piece, resume: &position, limits: limits, to: method, into: &head)
        else { return nil }
        if case .complete(let consumed) = progress { return (consumed, head.framing) }
    }
    return nil
}

/// The content of a body, and whether it ended.
private struct Body: Equatable {
    var content: [UInt8] = []
    var isEnded = false
}

/// Nil where it is malformed.
private func readBody(_ bytes: [UInt8], from start: Int, framing: BodyFraming, splitAt split: Int) -> Body? {
    var decoder = BodyDecoder(framing, limits: Limits()) { _ in false }
    var body = Body()
    var place = start
    for end in Set([split, bytes.count]).sorted() where end >= place {
        let piece = bytes.span.extracting(0..<end)
        decoding: while true {
            guard let event = try? decoder.decode(piece, from: place) else { return nil }
            switch event {
            case .data(let range):
                precondition(range.lowerBound >= place && range.upperBound <= end)
                body.content += bytes[range]
                place = range.upperBound
            case .needMore:
                place = end
                break decoding
            case .end(let consumed):
                precondition(consumed >= place && consumed <= end)
                body.isEnded = true
                return body
            }
        }
    }
    return body
}
