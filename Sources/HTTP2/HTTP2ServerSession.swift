internal import HTTP

/// The server's side of HTTP/2.
public final class HTTP2ServerSession: HTTP2Session {
    private var head = RequestHead()
    private unowned let server: any HTTP2ServerDelegate

    /// A session that awaits a client's preface; its settings are already among what `writeOutput` writes.
    /// - Parameters:
    ///   - limits: what it may cost.
    ///   - delegate: hears of requests. Not retained: it must outlive the session.
    /// - Throws: ``HTTP2Error/library(_:)`` for a lack of memory.
    public init(limits: HTTP2Limits = HTTP2Limits(), delegate: any HTTP2ServerDelegate) throws(HTTP2Error) {
        server = delegate
        try super.init(.server, limits: limits, delegate: delegate)
    }

    override func makeStream(_ id: Int32) -> HTTP2Stream? {
        let stream = HTTP2Stream(id: id, session: self)
        keep(stream)
        return stream
    }

    override func beginHead() {
        head.beginPseudoFields()
    }

    override func takeField(_ name: Span<UInt8>, _ value: Span<UInt8>) throws(MessageError) {
        guard name.count > 0, name[0] == Octet.colon else {
            try head.appendField(name, value)
            return
        }
        if name.equals(":path"), value.count > limits.message.target { throw .targetTooLong }
        if name.equals(":method"), value.count > limits.message.method { throw .methodTooLong }
        try head.setPseudoField(name, to: value)
    }

    override func finishHead(of stream: HTTP2Stream, endsHere: Bool) {
        do throws(MessageError) {
            if let fault = block.fault { throw fault }
            try head.finishPseudoFields(endsHere: endsHere)
        } catch {
            refuse(error, on: stream)
            return
        }
        stream.hasReceivedHead = true
        guard let receiver = server.sessionReceivedRequest(&head, on: stream, endsHere: endsHere) else {
            stream.reset(.refusedStream)
            return
        }
        stream.receiver = receiver
        if endsHere { ended(stream: stream.id) }
    }

    /// One whose head was heard of has a receiver, which hears of the end.
    override func faulted(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode) {
        // RFC 9113 §6.9.2: where a setting took the window too far, the connection is at fault, not the stream alone.
        if code == .flowControlError { fail(.violated(code)) }
        guard !stream.hasReceivedHead else { return }
        stream.hasReceivedHead = true
        // Not the session's own head: another stream's may be on its way into it.
        var nothing = RequestHead()
        stream.receiver = server.sessionReceivedFault(.malformedStream, in: &nothing, on: stream)
    }

    private func refuse(_ error: MessageError, on stream: HTTP2Stream) {
        stream.hasReceivedHead = true
        guard let receiver = server.sessionReceivedFault(error, in: &head, on: stream) else {
            stream.reset(.protocolError)
            return
        }
        stream.receiver = receiver
        stream.ignoreRest()
    }
}
