import HTTP
import HTTP2

/// Feeds any bytes to a session of HTTP/2, in pieces, with an owner that answers, resets and drains as it goes.
///
/// The first byte chooses the side, and whether what a connection begins with is said before; the second the pieces.
@c(LLVMFuzzerTestOneInput)
public func fuzzHTTP2(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: count))
    guard bytes.count > 2 else { return 0 }
    let owner = Owner()
    let greeting: [UInt8] = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    let settings: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0]
    do {
        if bytes[0] % 2 == 0 {
            let session = try HTTP2ServerSession(delegate: owner)
            play(bytes, (bytes[0] % 4 == 0 ? greeting : []) + settings, to: session, of: owner)
        } else {
            let session = try HTTP2ClientSession(isSecure: false, delegate: owner)
            var head = RequestHead()
            head.setTarget(path: [UInt8(ascii: "/")].span, query: nil)
            for _ in 0..<3 { owner.streams.append(try session.send(head, to: Receiver(owner))) }
            play(bytes, settings, to: session, of: owner)
        }
    } catch {
        fatalError("a session cannot be made: \(error)")
    }
    return 0
}

private func play(_ bytes: [UInt8], _ greeting: [UInt8], to session: HTTP2Session, of owner: Owner) {
    let size = max(1, Int(bytes[1]))
    var rest = (greeting + bytes.dropFirst(2))[...]
    var now: UInt64 = 0
    while !rest.isEmpty {
        let piece = Array(rest.prefix(size))
        rest = rest.dropFirst(size)
        now += 1_000_000
        do {
            try session.receive(piece.span, at: now)
        } catch {
            precondition(session.failure != nil, "an error is kept")
        }
        owner.work()
        drain(session)
    }
    session.close()
    precondition(session.openStreams == 0, "every stream is closed with its session")
    precondition(session.bufferedBytes == 0, "nothing is left of a session that is closed")
}

private func drain(_ session: HTTP2Session) {
    for _ in 0..<64 {
        var output: [UInt8] = []
        session.writeOutput(into: &output, limit: 16 * 1024)
        if output.isEmpty { return }
    }
}

/// Answers every third request at once, resets every fourth, and sends the rest a little content at a time.
private final class Owner: HTTP2ServerDelegate {
    var streams: [HTTP2Stream] = []
    private var requests = 0

    func work() {
        for (index, stream) in streams.enumerated() where !stream.isClosed {
            if index % 4 == 3 { stream.reset(.cancel) }
            if !stream.isFull { stream.send([UInt8](repeating: 0x78, count: 700).span) }
            if index % 5 == 4 { stream.end() }
        }
        streams.removeAll(where: \.isClosed)
    }

    func sessionReceivedRequest(
        _ head: inout RequestHead, on stream: HTTP2Stream, endsHere: Bool
    ) -> (any HTTP2StreamReceiver)? {
        requests += 1
        guard requests % 7 != 6 else { return nil }
        var response = ResponseHead()
        response.status = 200
        response.framing = .untilClose
        stream.respond(response, endsHere: requests % 3 == 0)
        streams.append(stream)
        return Receiver(self, stream)
    }

    func sessionReceivedFault(
        _ error: MessageError, in head: inout RequestHead, on stream: HTTP2Stream
    ) -> (any HTTP2StreamReceiver)? { requests % 2 == 0 ? nil : Receiver(self, stream) }

    func sessionReceivedGoaway(lastStream: Int32, code: HTTP2ErrorCode) {}
    func sessionReceivedPingAck(_ token: UInt64) {}
    func sessionReceivedSettings() {}
}

private final class Receiver: HTTP2ResponseReceiver {
    private let owner: Owner
    private let stream: HTTP2Stream?
    private var isOver = false

    init(_ owner: Owner, _ stream: HTTP2Stream? = nil) {
        self.owner = owner
        self.stream = stream
    }

    func streamReceived(_ bytes: Span<UInt8>) {
        precondition(!isOver, "nothing comes after the last word")
        stream?.consume(bytes.count)
    }
    func streamEnded(trailers: inout FieldSection) { precondition(!isOver, "nothing comes after the last word") }
    func streamDrained() {}
    func streamClosed(_ code: HTTP2ErrorCode) {
        precondition(!isOver, "the last word is said once")
        isOver = true
    }
    func streamReceivedInformational(_ head: inout ResponseHead) {}
    func streamReceivedHead(_ head: inout ResponseHead, endsHere: Bool) { precondition(head.status.rawValue >= 200) }
    func streamReceivedFault(_ error: MessageError) {}
}
