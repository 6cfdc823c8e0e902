internal import CNGHTTP2
public import HTTP

/// One stream of a session: what is sent on it, and what of the received is still to be given back.
///
/// Nothing said to it after it closed has any effect, so that an owner need not ask first.
public final class HTTP2Stream {
    /// Its number.
    public private(set) var id: Int32

    /// Whether it is over, and this object of no use any more.
    public private(set) var isClosed = false

    /// Who hears of it.
    var receiver: (any HTTP2StreamReceiver)?
    /// The same, of a stream that this side opened.
    var responses: (any HTTP2ResponseReceiver)?
    /// What the request asked, of a stream that this side opened.
    var method = Method.get
    /// Whether the head that is not interim has come.
    var hasReceivedHead = false

    // Not read once the stream is closed, which the session sees to before it goes.
    private unowned let session: HTTP2Session
    private var buffer = SendBuffer()
    private var output = Output.awaitingHead
    private var trailers: FieldSection?
    private var unconsumed = 0
    private var isDeferred = false
    private var wasFull = false
    private var isReset = false
    private var isUnwanted = false

    private enum Output { case awaitingHead, open, ending, ended }

    init(id: Int32, session: HTTP2Session) {
        self.id = id
        self.session = session
    }

    func setID(_ id: Int32) { self.id = id }

    /// Whether anything that comes is to be heard of.
    var isHeard: Bool { !isClosed && !isReset && !isUnwanted }

    /// Whether more waits for the peer than its source should add to.
    public var isFull: Bool {
        guard !isClosed else { return false }
        let limits = session.limits
        let isFull =
            buffer.count > limits.streamHighWater
            || (session.bufferedBytes > limits.connectionHighWater && buffer.count > limits.streamLowWater)
        if isFull { wasFull = true }
        return isFull
    }

    /// Bytes that wait for the peer.
    public var bufferedBytes: Int { buffer.count }

    /// Bytes of content that have left.
    public private(set) var sentBytes: UInt64 = 0

    // MARK: Sending

    /// Sends the head of a response; `endsHere` says that nothing follows it.
    ///
    /// `extra` is appended behind the head's own fields.
    public func respond(_ head: ResponseHead, extra: FieldSection? = nil, endsHere: Bool) {
        guard takesOutput, case .awaitingHead = output else { return }
        output = endsHere ? .ended : .open
        let code = session.submitResponse(head, extra: extra, on: self, hasContent: !endsHere)
        if code != 0 { reset(.internalError) }
    }

    /// Sends an interim response.
    public func respondInformational(_ head: ResponseHead) {
        guard takesOutput, case .awaitingHead = output else { return }
        if session.submitInformational(head, on: self) != 0 { reset(.internalError) }
    }

    /// Queues a piece of the content.
    ///
    /// It is copied, however full the stream is: `isFull` is to be heeded by the source.
    public func send(_ bytes: Span<UInt8>) {
        guard takesOutput, case .open = output, bytes.count > 0 else { return }
        buffer.append(bytes)
        session.bufferedBytes += bytes.count
        resume()
    }

    /// Ends the content, with what trailers there are.
    public func end(trailers: FieldSection? = nil) {
        guard takesOutput, case .open = output else { return }
        output = .ending
        if let trailers, !trailers.lines.isEmpty { self.trailers = trailers }
        resume()
    }

    /// Ends the stream at once, with the given code.
    ///
    /// What waits is lost.
    public func reset(_ code: HTTP2ErrorCode) {
        guard !isClosed, !isReset else { return }
        isReset = true
        dropOutput()
        consume(unconsumed)
        unsafe _ = nghttp2_submit_rst_stream(session.handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, code.rawValue)
    }

    /// Takes note that the library has reset it, and says whether that is news: what it resets itself it knows of.
    func noteResetByLibrary() -> Bool {
        guard !isClosed, !isReset else { return false }
        isReset = true
        dropOutput()
        consume(unconsumed)
        return true
    }

    private var takesOutput: Bool { !isClosed && !isReset }

    private func resume() {
        guard isDeferred else { return }
        isDeferred = false
        unsafe _ = nghttp2_session_resume_data(session.handle, id)
    }

    private func dropOutput() {
        session.bufferedBytes -= buffer.count
        buffer.discard()
        output = .ended
        trailers = nil
    }

    /// Makes the stream one whose request is being sent: content follows or not.
    func beginRequest(hasContent: Bool) {
        output = hasContent ? .open : .ended
    }

    // MARK: Receiving

    /// Gives `count` received bytes back: the peer may send as many more.
    public func consume(_ count: Int) {
        let count = min(max(count, 0), unconsumed)
        guard !isClosed, count > 0 else { return }
        unconsumed -= count
        if session.limits.holdsConnectionWindow {
            unsafe _ = nghttp2_session_consume(session.handle, id, count)
        } else {
            unsafe _ = nghttp2_session_consume_stream(session.handle, id, count)
        }
    }

    /// Wants nothing more of what the peer sends: it is dropped, and asked to stop once our side has ended
    /// (RFC 9113 §8.1: RST_STREAM with NO_ERROR after a complete response).
    public func ignoreRest() {
        guard !isClosed, !isUnwanted else { return }
        isUnwanted = true
        consume(unconsumed)
        askToStopIfEnded()
    }

    private var hasSentEnd = false

    private func askToStopIfEnded() {
        guard isUnwanted, hasSentEnd, !isReset else { return }
        guard unsafe nghttp2_session_get_stream_remote_close(session.handle, id) == 0 else { return }
        reset(.noError)
    }

    // MARK: What the session says

    func received(_ bytes: Span<UInt8>) {
        unconsumed += bytes.count
        if !session.limits.holdsConnectionWindow {
            unsafe _ = nghttp2_session_consume_connection(session.handle, bytes.count)
        }
        guard isHeard, let receiver else {
            consume(unconsumed)
            return
        }
        receiver.streamReceived(bytes)
    }

    /// How many bytes the next DATA frame shall have, of `room` at the most.
    func offer(_ room: Int) -> Offer {
        guard case .open = output, buffer.count == 0 else {
            let count = min(buffer.count, room)
            guard case .ending = output, count == buffer.count else { return .data(count) }
            return .last(count, trailers: trailers)
        }
        isDeferred = true
        return .nothing
    }

    /// What a stream has for the next DATA frame.
    enum Offer {
        case nothing
        case data(Int)
        case last(Int, trailers: FieldSection?)
    }

    /// Moves what the frame whose head is written has promised behind it.
    func moveData(_ count: Int, to output: inout [UInt8]) {
        let moved = min(count, buffer.count)
        buffer.move(moved, to: &output)
        session.bufferedBytes -= moved
        sentBytes &+= UInt64(moved)
        guard wasFull, buffer.count <= session.limits.streamLowWater else { return }
        wasFull = false
        session.noteDrained(self)
    }

    /// A frame that ends our side has left.
    func sentEnd() {
        hasSentEnd = true
        output = .ended
        askToStopIfEnded()
    }

    /// The library has closed the stream, or the connection is gone.
    func close(_ code: HTTP2ErrorCode) {
        guard !isClosed else { return }
        dropOutput()
        // The connection's window is shared: what a dead stream held is given back to the others.
        if unconsumed > 0, session.limits.holdsConnectionWindow {
            unsafe _ = nghttp2_session_consume_connection(session.handle, unconsumed)
        }
        closeWithoutSession(code)
    }

    /// The session is being freed, and is not to be asked anything any more.
    func closeWithoutSession(_ code: HTTP2ErrorCode) {
        guard !isClosed else { return }
        isClosed = true
        buffer.discard()
        let receiver = self.receiver
        self.receiver = nil
        responses = nil
        receiver?.streamClosed(code)
    }
}
