import HTTP
import HTTP2

/// Keeps what a server's session says, and answers as it is told.
final class RecordingServer: HTTP2ServerDelegate {
    private(set) var requests: [RecordingStream] = []
    private(set) var faults: [MessageError] = []
    private(set) var goaways: [HTTP2ErrorCode] = []
    private(set) var pings: [UInt64] = []
    private(set) var settings = 0
    /// What to do as soon as a request's head is there.
    var onRequest: (RecordingStream) -> Void = { _ in }
    var refusesRequests = false
    var answersFaults = false
    var consumesAtOnce = true

    func sessionReceivedRequest(
        _ head: inout RequestHead, on stream: HTTP2Stream, endsHere: Bool
    ) -> (any HTTP2StreamReceiver)? {
        guard !refusesRequests else { return nil }
        let request = RecordingStream(stream, consumesAtOnce: consumesAtOnce)
        swap(&request.request, &head)
        request.endsWithHead = endsHere
        requests.append(request)
        onRequest(request)
        return request
    }

    func sessionReceivedFault(
        _ error: MessageError, in head: inout RequestHead, on stream: HTTP2Stream
    ) -> (any HTTP2StreamReceiver)? {
        faults.append(error)
        guard answersFaults else { return nil }
        var response = ResponseHead()
        response.status = error.status
        stream.respond(response, endsHere: true)
        return RecordingStream(stream, consumesAtOnce: true)
    }

    func sessionReceivedGoaway(lastStream: Int32, code: HTTP2ErrorCode) { goaways.append(code) }
    func sessionReceivedPingAck(_ token: UInt64) { pings.append(token) }
    func sessionReceivedSettings() { settings += 1 }
}

/// Keeps what a client's session says.
final class RecordingClient: HTTP2SessionDelegate {
    private(set) var goaways: [HTTP2ErrorCode] = []
    private(set) var pings: [UInt64] = []
    private(set) var settings = 0

    func sessionReceivedGoaway(lastStream: Int32, code: HTTP2ErrorCode) { goaways.append(code) }
    func sessionReceivedPingAck(_ token: UInt64) { pings.append(token) }
    func sessionReceivedSettings() { settings += 1 }
}

/// Keeps what is said of one stream, on either side.
final class RecordingStream: HTTP2ResponseReceiver {
    /// The stream; nil until a client's request has been sent.
    var stream: HTTP2Stream?
    var request = RequestHead()
    var endsWithHead = false
    private(set) var informational: [Status] = []
    private(set) var response: ResponseHead?
    private(set) var body: [UInt8] = []
    private(set) var trailers: [String] = []
    private(set) var isEnded = false
    private(set) var faults: [MessageError] = []
    private(set) var drains = 0
    private(set) var closed: HTTP2ErrorCode?
    var onDrained: () -> Void = {}
    private let consumesAtOnce: Bool

    init(_ stream: HTTP2Stream? = nil, consumesAtOnce: Bool = true) {
        self.stream = stream
        self.consumesAtOnce = consumesAtOnce
    }

    func streamReceived(_ bytes: Span<UInt8>) {
        body.append(copying: bytes)
        if consumesAtOnce { stream?.consume(bytes.count) }
    }

    func streamEnded(trailers: inout FieldSection) {
        isEnded = true
        self.trailers = trailers.text
    }

    func streamDrained() {
        drains += 1
        onDrained()
    }

    func streamClosed(_ code: HTTP2ErrorCode) { closed = code }

    func streamReceivedInformational(_ head: inout ResponseHead) { informational.append(head.status) }

    func streamReceivedHead(_ head: inout ResponseHead, endsHere: Bool) {
        response = head
        endsWithHead = endsHere
    }

    func streamReceivedFault(_ error: MessageError) { faults.append(error) }
}

extension FieldSection {
    /// The lines as text, `name: value`.
    var text: [String] {
        lines.map { arena.span.extracting($0.name).text + ": " + arena.span.extracting($0.value).text }
    }
}
