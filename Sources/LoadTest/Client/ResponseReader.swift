import HTTP
import HTTP1

/// Reads one response after the other off a connection, keeping nothing of the bodies.
struct ResponseReader {
    /// The status of the response that was read last, or whose body is being read.
    private(set) var status: UInt16 = 0
    /// Whether the connection may be used again after it.
    private(set) var keepsAlive = true

    /// A head that did not come whole, from its first byte.
    private var partialHead: [UInt8] = []
    private var position = ParsePosition()
    private var body: BodyDecoder?

    /// Whether bytes of a response have been seen and its end has not.
    var isAmidst: Bool { body != nil || !partialHead.isEmpty }

    /// Whether the response is complete if the connection ends now.
    var isCompleteAtClose: Bool { body?.isCompleteAtClose ?? false }

    /// Takes bytes as they come; true when they end a response.
    ///
    /// What follows its end is dropped: nothing was asked for.
    mutating func take(_ bytes: Span<UInt8>, scratch head: inout ResponseHead) throws(MessageError) -> Bool {
        var start = 0
        if body == nil {
            guard let bodyStart = try takeHead(bytes, &head) else { return false }
            start = bodyStart
        }
        while true {
            switch try body?.decode(bytes, from: start) {
            case .data(let range): start = range.upperBound
            case .needMore: return false
            case .end, nil:
                body = nil
                return true
            }
        }
    }

    /// Forgets a response that will not end.
    mutating func reset() {
        partialHead.removeAll(keepingCapacity: true)
        position = ParsePosition()
        body = nil
    }

    /// Reads a head; where in `bytes` the body begins, or nothing while the head is not whole.
    private mutating func takeHead(_ bytes: Span<UInt8>, _ head: inout ResponseHead) throws(MessageError) -> Int? {
        guard partialHead.isEmpty else { return try takeRestOfHead(bytes, &head) }
        var start = 0
        while true {
            let rest = bytes.extracting(start..<bytes.count)
            switch try parse(rest, &head) {
            case .complete(let consumed):
                start += consumed
                guard head.status.isInformational else { return begin(head, bodyAt: start) }
            case .incomplete:
                partialHead.append(copying: rest)
                return nil
            }
        }
    }

    private mutating func takeRestOfHead(
        _ bytes: Span<UInt8>, _ head: inout ResponseHead
    ) throws(MessageError) -> Int? {
        var known = partialHead.count
        partialHead.append(copying: bytes)
        while true {
            // A second reference, not a copy.
            let buffered = partialHead
            switch try parse(buffered.span, &head) {
            case .incomplete: return nil
            case .complete(let consumed):
                guard head.status.isInformational else {
                    partialHead.removeAll(keepingCapacity: true)
                    return begin(head, bodyAt: consumed - known)
                }
                partialHead.removeFirst(consumed)
                known -= consumed
            }
        }
    }

    private mutating func parse(
        _ bytes: Span<UInt8>, _ head: inout ResponseHead
    ) throws(MessageError) -> ParseProgress {
        // Of the methods sent, GET and POST, none changes the framing.
        try parseResponseHead(bytes, resume: &position, limits: HTTP.Limits(), to: .get, into: &head)
    }

    private mutating func begin(_ head: ResponseHead, bodyAt start: Int) -> Int {
        status = head.status.rawValue
        keepsAlive = head.keepsAlive
        body = BodyDecoder(head.framing, limits: HTTP.Limits()) { _ in false }
        return start
    }
}
