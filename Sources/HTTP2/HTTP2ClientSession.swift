internal import CNGHTTP2
public import HTTP

/// The client's side of HTTP/2.
public final class HTTP2ClientSession: HTTP2Session {
    private var head = ResponseHead()
    private let isSecure: Bool

    /// A session whose preface and settings are already among what `writeOutput` writes.
    /// - Parameters:
    ///   - limits: what it may cost.
    ///   - isSecure: whether the transport is TLS: what `:scheme` says.
    ///   - delegate: hears of the session. Not retained: it must outlive the session.
    /// - Throws: ``HTTP2Error/library(_:)`` for a lack of memory.
    public init(
        limits: HTTP2Limits = HTTP2Limits(), isSecure: Bool, delegate: any HTTP2SessionDelegate
    ) throws(HTTP2Error) {
        self.isSecure = isSecure
        try super.init(.client, limits: limits, delegate: delegate)
    }

    /// Streams that the peer lets us have open (RFC 9113 §5.1.2); 100 until it has said so.
    public var peerConcurrentStreams: Int {
        Int(unsafe nghttp2_session_get_remote_settings(handle, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS))
    }

    /// Whether a request can be sent now.
    public var takesRequests: Bool {
        guard failure == nil, openStreams < min(peerConcurrentStreams, Int(limits.concurrentStreams)) else {
            return false
        }
        return mayOpenStreams
    }

    /// Whether requests can be sent at all, now or when others have ended.
    public var mayOpenStreams: Bool {
        unsafe failure == nil && nghttp2_session_check_request_allowed(handle) != 0
    }

    /// Sends a request; `extra` is appended behind the head's own fields.
    ///
    /// Of the head's framing a length is said as content-length; without content the stream ends with the head.
    /// - Throws: ``HTTP2Error/closed`` when the session takes no requests, ``HTTP2Error/library(_:)``.
    public func send(
        _ head: RequestHead, extra: FieldSection? = nil, to receiver: any HTTP2ResponseReceiver
    ) throws(HTTP2Error) -> HTTP2Stream {
        guard takesRequests else { throw .closed }
        let hasContent = head.framing != .none && head.framing != .length(0)
        let stream = HTTP2Stream(id: 0, session: self)
        let id = unsafe fieldList.with(request: head, extra: extra, isSecure: isSecure) { fields, number in
            var provider = unsafe SessionCallbacks.dataProvider
            let context = unsafe Unmanaged.passUnretained(stream).toOpaque()
            guard hasContent else {
                return unsafe nghttp2_submit_request(handle, nil, fields, number, nil, context)
            }
            return unsafe nghttp2_submit_request(handle, nil, fields, number, &provider, context)
        }
        guard id > 0 else { throw .library(id) }
        stream.setID(id)
        stream.method = head.method
        stream.receiver = receiver
        stream.responses = receiver
        stream.beginRequest(hasContent: hasContent)
        keep(stream)
        return stream
    }

    override func beginHead() {
        head.reset()
    }

    override func takeField(_ name: Span<UInt8>, _ value: Span<UInt8>) throws(MessageError) {
        if name.equals(":status") {
            try head.beginPseudoFields(status: value)
        } else {
            try head.appendField(name, value)
        }
    }

    override func faulted(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode) {
        stream.responses?.streamReceivedFault(.malformedStream)
    }

    override func finishHead(of stream: HTTP2Stream, endsHere: Bool) {
        do throws(MessageError) {
            if let fault = block.fault { throw fault }
            if head.status.isInformational {
                guard !endsHere else { throw .invalidPseudoField }
                stream.responses?.streamReceivedInformational(&head)
                return
            }
            try head.finishPseudoFields(endsHere: endsHere, to: stream.method)
        } catch {
            stream.responses?.streamReceivedFault(error)
            stream.reset(.protocolError)
            return
        }
        stream.hasReceivedHead = true
        stream.responses?.streamReceivedHead(&head, endsHere: endsHere)
        if endsHere { ended(stream: stream.id) }
    }
}
