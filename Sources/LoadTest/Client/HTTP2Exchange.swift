import EventLoop
import HTTP
import HTTP2

/// One request on a stream of HTTP/2, and what comes back.
///
/// Used again for another one when its stream is over.
final class HTTP2Exchange: HTTP2ResponseReceiver {
    private unowned let conversation: HTTP2Conversation
    private(set) var attempt: Attempt
    private var stream: HTTP2Stream?
    private var status: UInt16 = 0
    private var isWhole = false
    private var unsent = 0

    /// Where in the conversation's list it stands, as long as its attempt is in hand.
    var index: Int?

    init(_ attempt: Attempt, _ conversation: HTTP2Conversation) {
        self.attempt = attempt
        self.conversation = conversation
    }

    /// Takes on another attempt.
    func take(_ attempt: Attempt) {
        self.attempt = attempt
        status = 0
        isWhole = false
    }

    /// The request's head is on its way; its content follows.
    func sent(on stream: HTTP2Stream, contentSize: Int) {
        self.stream = stream
        unsent = contentSize
        if contentSize > 0 { sendContent() }
    }

    func cancel() {
        stream?.reset(.cancel)
    }

    private func sendContent() {
        guard let stream else { return }
        let content = conversation.content
        while unsent > 0, !stream.isFull {
            let count = min(unsent, content.count)
            stream.send(content.span.extracting(0..<count))
            unsent -= count
        }
        if unsent == 0 { stream.end() }
    }

    // MARK: What the stream says

    func streamReceivedInformational(_ head: inout ResponseHead) {}

    func streamReceivedHead(_ head: inout ResponseHead, endsHere: Bool) {
        status = head.status.rawValue
        if index != nil { conversation.firstByteCame(of: attempt) }
    }

    func streamReceivedFault(_ error: MessageError) {}

    func streamReceived(_ bytes: Span<UInt8>) {
        stream?.consume(bytes.count)
    }

    func streamEnded(trailers: inout FieldSection) {
        isWhole = true
        // An answer that does not wait for the content's end: nobody wants the rest of it (RFC 9113 §8.1).
        if unsent > 0 { stream?.reset(.cancel) }
    }

    func streamDrained() {
        if unsent > 0 { sendContent() }
    }

    func streamClosed(_ code: HTTP2ErrorCode) {
        stream = nil
        unsent = 0
        conversation.streamIsOver(self, isWhole ? .status(status) : .reset(code))
    }
}
