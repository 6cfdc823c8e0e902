import HTTP
import HTTP2
import HTTP2Frames
import Testing

@Suite("The end of a session")
struct ShutdownTests {
    @Test("After GOAWAY what is open is served, and nothing new is sent")
    func gracefulShutdown() throws {
        let pair = try SessionPair()
        let answer = try pair.send(SessionPair.request())
        pair.exchange()
        pair.serverSession.announceShutdown()
        pair.serverSession.ping(42)
        pair.exchange()
        #expect(pair.client.goaways == [.noError])
        #expect(pair.server.pings == [42])
        #expect(!pair.clientSession.takesRequests)
        #expect(!pair.serverSession.isFinished)
        pair.serverSession.shutDown()
        pair.exchange()
        pair.server.requests.first?.stream?.respond(SessionPair.response(), endsHere: true)
        pair.exchange()
        #expect(answer.response?.status == 200)
        #expect(pair.serverSession.isFinished)
        #expect(pair.serverSession.failure == nil)
    }

    @Test("A request beyond the last stream may be sent again elsewhere")
    func refusedByGoaway() throws {
        let pair = try SessionPair()
        pair.exchange()
        let first = try pair.send(SessionPair.request())
        pair.exchange()
        pair.serverSession.shutDown()
        let goaway = pair.takeOutput(of: pair.serverSession)
        let second = try pair.send(SessionPair.request())
        try pair.clientSession.receive(goaway.span, at: 0)
        pair.exchange()
        #expect(second.closed == .refusedStream)
        #expect(first.closed == nil)
    }

    @Test("Closing tells every stream its last word")
    func close() throws {
        let pair = try SessionPair()
        let answer = try pair.send(SessionPair.request())
        pair.exchange()
        pair.clientSession.close()
        pair.serverSession.close()
        #expect(answer.closed == .cancel)
        #expect(pair.server.requests.first?.closed == .cancel)
        #expect(pair.clientSession.openStreams == 0)
    }

    @Test("A session may be closed from an event, with more to come in the same bytes")
    func closeFromEvent() throws {
        let server = try RawServer()
        server.delegate.onRequest = { _ in server.session.close() }
        server.feed(
            Frame.headers(Frame.getFields, flags: Frame.endHeaders) + Frame.data([1, 2, 3])
                + Frame.headers(Frame.getFields, stream: 3) + Frame.data([4], flags: Frame.endStream)
                + Frame.reset(stream: 1))
        #expect(server.delegate.requests.count == 1)
        #expect(server.error == .closed)
    }

    @Test("A stream that outlives its session is closed")
    func streamOutlivesSession() throws {
        let delegate = RecordingClient()
        var session: HTTP2ClientSession? = try HTTP2ClientSession(isSecure: true, delegate: delegate)
        let receiver = RecordingStream()
        receiver.stream = try session?.send(SessionPair.request("POST", "/", framing: .chunked), to: receiver)
        session = nil
        #expect(receiver.closed == .cancel)
        receiver.stream?.send("late".bytes.span)
        receiver.stream?.reset(.cancel)
        #expect(receiver.stream?.isClosed == true)
    }

    @Test("A cancelled request that has not left is not sent")
    func cancelledBeforeSent() throws {
        let pair = try SessionPair()
        pair.exchange()
        let answer = try pair.send(SessionPair.request())
        answer.stream?.reset(.cancel)
        pair.exchange()
        #expect(pair.server.requests.isEmpty)
        #expect(answer.closed == .cancel)
        #expect(pair.clientSession.openStreams == 0)
    }
}
