public import HTTP

/// Hears of one stream.
///
/// The last word is `streamClosed`.
///
/// Every method is called inside the session's `receive` or `writeOutput`: it may send, consume and reset, on any
/// stream, but neither feed nor drain the session.
public protocol HTTP2StreamReceiver: AnyObject {
    /// A piece of the content came, to be given back with `HTTP2Stream.consume` when it is out of the way.
    func streamReceived(_ bytes: Span<UInt8>)
    /// The content is complete; the trailers may be taken out of the place where they are.
    func streamEnded(trailers: inout FieldSection)
    /// What waits for the peer has fallen below the low-water mark, after `isFull` had stopped the source.
    func streamDrained()
    /// The stream is over, in good order when `code` is `noError` and both sides had ended.
    func streamClosed(_ code: HTTP2ErrorCode)
}

/// Hears of a stream that this side opened.
public protocol HTTP2ResponseReceiver: HTTP2StreamReceiver {
    /// An interim response came.
    func streamReceivedInformational(_ head: inout ResponseHead)
    /// The head of the response came; it may be taken out of the place where it is. `endsHere` says that nothing
    /// follows.
    func streamReceivedHead(_ head: inout ResponseHead, endsHere: Bool)
    /// The response broke the rules of HTTP, and the stream is being reset for it.
    func streamReceivedFault(_ error: MessageError)
}

/// Hears of the session as a whole.
public protocol HTTP2SessionDelegate: AnyObject {
    /// The peer opens no more streams, or takes no more than those up to `lastStream`.
    func sessionReceivedGoaway(lastStream: Int32, code: HTTP2ErrorCode)
    /// A ping of ours was answered.
    func sessionReceivedPingAck(_ token: UInt64)
    /// The peer's settings are in force.
    func sessionReceivedSettings()
}

/// Hears of the streams that clients open.
public protocol HTTP2ServerDelegate: HTTP2SessionDelegate {
    /// The head of a request came; it may be taken out of the place where it is. `endsHere` says that nothing follows.
    ///
    /// Returns who hears of the rest; nil refuses the stream.
    func sessionReceivedRequest(
        _ head: inout RequestHead, on stream: HTTP2Stream, endsHere: Bool
    ) -> (any HTTP2StreamReceiver)?
    /// A head came that breaks a rule of HTTP, or a limit; `head` has what was read of it.
    ///
    /// Returns who hears of the rest, if it shall be answered; nil resets the stream as malformed (RFC 9113 §8.1.1).
    func sessionReceivedFault(
        _ error: MessageError, in head: inout RequestHead, on stream: HTTP2Stream
    ) -> (any HTTP2StreamReceiver)?
}
