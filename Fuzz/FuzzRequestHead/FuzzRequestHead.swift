import HTTP
import HTTP1

/// Reads any bytes as a request and its body, whole and in two pieces; both readings must agree.
@c(LLVMFuzzerTestOneInput)
public func fuzzRequestHead(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: count))
    let whole = read(bytes, splitAt: bytes.count)
    let split = read(bytes, splitAt: bytes.count / 2)
    if case .complete(let one)? = whole, case .complete(let other)? = split, one != other { fatalError("disagreement") }
    return 0
}

private func read(_ bytes: [UInt8], splitAt split: Int) -> ParseProgress? {
    var head = RequestHead()
    var position = ParsePosition()
    let limits = Limits()
    let start = bytes.span.extracting(0..<split)
    guard let first = try? parseRequestHead(start, resume: &position, limits: limits, into: &head) else { return nil }
    var progress = first
    if case .incomplete = first, split < bytes.count {
        guard let second = try? parseRequestHead(bytes.span, resume: &position, limits: limits, into: &head) else {
            return nil
        }
        progress = second
    }
    guard case .complete(let consumed) = progress else { return progress }
    var decoder = BodyDecoder(head.framing, limits: limits) { _ in false }
    var place = consumed
    while place <= bytes.count, let event = try? decoder.decode(bytes.span, from: place) {
        guard case .data(let range) = event else { break }
        place = range.upperBound
    }
    return progress
}
