internal import EventLoop
internal import HTTP
internal import HTTP1
internal import HTTP2

/// A probe in HTTP/2: one stream on a connection of its own.
final class MultiplexedProbe: HealthProbe, HTTP2SessionDelegate, HTTP2ResponseReceiver {
    private var codec: HTTP2ClientSession?

    override func opened() {
        do {
            let request = check.request
            var position = ParsePosition()
            var head = RequestHead()
            _ = try parseRequestHead(request.span, resume: &position, limits: HTTP.Limits(), into: &head)
            let codec = try HTTP2ClientSession(isSecure: transport.facts != nil, delegate: self)
            self.codec = codec
            _ = try codec.send(head, to: self)
            lookAgain()
        } catch {
            close()
        }
    }

    override func received() {
        let now = worker.loop.now.nanoseconds
        do {
            try input.withBytes { bytes throws(HTTP2Error) in try codec?.receive(bytes, at: now) }
        } catch {
            close()
        }
        input.removeAll()
        lookAgain()
    }

    override func fillOutput() -> Bool {
        guard let codec else { return false }
        var bytes: [UInt8] = []
        codec.writeOutput(into: &bytes, limit: Limits.multiplexedWrite)
        put(bytes.span)
        return !bytes.isEmpty
    }

    override func closed() {
        codec?.close()
        super.closed()
    }

    // MARK: What the codec says

    func streamReceivedHead(_ head: inout ResponseHead, endsHere: Bool) { answered(head.status) }
    func streamReceivedFault(_ error: MessageError) { close() }
    func streamClosed(_ code: HTTP2ErrorCode) { close() }

    func streamReceivedInformational(_ head: inout ResponseHead) {}
    func streamReceived(_ bytes: Span<UInt8>) {}
    func streamEnded(trailers: inout FieldSection) {}
    func streamDrained() {}
    func sessionReceivedGoaway(lastStream: Int32, code: HTTP2ErrorCode) {}
    func sessionReceivedPingAck(_ token: UInt64) {}
    func sessionReceivedSettings() {}
}
