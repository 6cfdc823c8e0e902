import HTTP
import HTTP2
import Testing

@Suite("Requests and responses between two sessions")
struct ExchangeTests {
    @Test("A request without content and its response arrive whole")
    func simpleExchange() throws {
        let pair = try SessionPair()
        pair.server.onRequest = { request in
            request.stream?.respond(
                SessionPair.response(framing: .length(5), fields: [("Content-Type", "text/plain")]), endsHere: false)
            request.stream?.send("hello".bytes.span)
            request.stream?.end()
        }
        let answer = try pair.send(SessionPair.request(fields: [("X-One", "1")]))
        pair.exchange()
        let request = try #require(pair.server.requests.first)
        #expect(request.request.text(request.request.path) == "/")
        #expect(request.request.framing == .none)
        #expect(request.endsWithHead && request.isEnded)
        #expect(request.request.fields.text.contains("x-one: 1"))
        #expect(answer.response?.status == 200)
        #expect(answer.response?.fields.text == ["content-type: text/plain", "content-length: 5"])
        #expect(answer.body == "hello".bytes)
        #expect(answer.isEnded)
        #expect(answer.closed == .noError && request.closed == .noError)
        #expect(pair.serverSession.openStreams == 0 && pair.clientSession.openStreams == 0)
    }

    @Test("Content and trailers pass both ways, interim responses come first")
    func contentAndTrailers() throws {
        let pair = try SessionPair()
        let sent = [UInt8]((0..<100_000).map { UInt8(truncatingIfNeeded: $0) })
        pair.server.onRequest = { $0.stream?.respondInformational(SessionPair.response(103)) }
        let answer = try pair.send(SessionPair.request("POST", "/upload?x=1", framing: .chunked))
        pair.exchange()
        #expect(answer.informational == [103])
        answer.stream?.send(sent.span)
        var trailers = FieldSection()
        trailers.append(name: "X-Checksum", value: "abc")
        answer.stream?.end(trailers: trailers)
        pair.exchange()
        let request = try #require(pair.server.requests.first)
        #expect(request.body == sent)
        #expect(request.trailers == ["x-checksum: abc"])
        #expect(request.request.query.map { request.request.text($0) } == "x=1")
        request.stream?.respond(SessionPair.response(framing: .chunked), endsHere: false)
        request.stream?.send(sent.span)
        var status = FieldSection()
        status.append(name: "grpc-status", value: "0")
        request.stream?.end(trailers: status)
        pair.exchange()
        #expect(answer.body == sent)
        #expect(answer.trailers == ["grpc-status: 0"])
        #expect(answer.closed == .noError)
        #expect(pair.largestPiece <= 32 * 1024)
    }

    @Test("A response that is only a head ends its stream with the head")
    func headOnly() throws {
        let pair = try SessionPair()
        pair.server.onRequest = { request in
            let head = SessionPair.response(framing: .length(0), fields: [("grpc-status", "12")])
            request.stream?.respond(head, endsHere: true)
        }
        let answer = try pair.send(SessionPair.request("POST", "/", framing: .length(0)))
        pair.exchange()
        #expect(answer.endsWithHead)
        #expect(answer.response?.fields.text == ["grpc-status: 12"])
    }

    @Test("The extra fields stand behind the head's own")
    func extraFields() throws {
        let pair = try SessionPair()
        var extra = FieldSection()
        extra.append(name: "X-Client-Cert-Hash", value: "00ff")
        try pair.send(SessionPair.request(fields: [("Accept", "*/*")]), extra: extra)
        pair.exchange()
        let request = try #require(pair.server.requests.first)
        #expect(request.request.fields.text == ["accept: */*", "te: trailers", "x-client-cert-hash: 00ff"])
    }

    @Test("Fields that concern an HTTP/1.1 connection are never sent")
    func connectionFields() throws {
        let pair = try SessionPair()
        let unwanted: [(StaticString, StaticString)] = [
            ("Connection", "close, x"), ("Keep-Alive", "5"), ("Proxy-Connection", "close"),
            ("Transfer-Encoding", "chunked"), ("Upgrade", "websocket"), ("HTTP2-Settings", "AAA"), ("TE", "gzip"),
            ("Host", "other.example.fr"),
        ]
        pair.server.onRequest = { request in
            request.stream?.respond(SessionPair.response(fields: Array(unwanted.dropLast())), endsHere: true)
        }
        let answer = try pair.send(SessionPair.request(fields: unwanted))
        pair.exchange()
        #expect(pair.server.requests.first?.request.fields.text == ["te: trailers"])
        #expect(answer.response?.fields.text == [])
    }

    @Test("Blanks around a value are not sent")
    func blanks() throws {
        let pair = try SessionPair()
        try pair.send(SessionPair.request(fields: [("X-Blank", "\t a b  ")]))
        pair.exchange()
        #expect(pair.server.requests.first?.request.fields.text.first == "x-blank: a b")
    }

    @Test("An early answer stops the upload")
    func earlyAnswer() throws {
        let pair = try SessionPair()
        pair.server.onRequest = { request in
            request.stream?.respond(SessionPair.response(413), endsHere: true)
            request.stream?.ignoreRest()
        }
        let answer = try pair.send(SessionPair.request("PUT", "/", framing: .chunked))
        answer.stream?.send([UInt8](repeating: 1, count: 1_000_000).span)
        pair.exchange()
        #expect(answer.response?.status == 413)
        #expect(answer.isEnded)
        #expect(answer.closed == .noError)
        #expect(pair.server.requests.first?.body.isEmpty == true)
        #expect(pair.clientSession.bufferedBytes == 0)
    }

    @Test("A reset reaches the other side with its code", arguments: [HTTP2ErrorCode.cancel, .internalError])
    func reset(code: HTTP2ErrorCode) throws {
        let pair = try SessionPair()
        let answer = try pair.send(SessionPair.request("POST", "/", framing: .chunked))
        pair.exchange()
        answer.stream?.reset(code)
        pair.exchange()
        #expect(pair.server.requests.first?.closed == code)
        #expect(pair.serverSession.openStreams == 0)
    }

    @Test("A refused request says that it may be sent again")
    func refused() throws {
        let pair = try SessionPair()
        pair.server.refusesRequests = true
        let answer = try pair.send(SessionPair.request())
        pair.exchange()
        #expect(answer.closed == .refusedStream)
    }

    @Test("No more streams are opened than the server allows")
    func concurrency() throws {
        var limits = HTTP2Limits()
        limits.concurrentStreams = 2
        let pair = try SessionPair(server: limits)
        pair.exchange()
        try pair.send(SessionPair.request())
        try pair.send(SessionPair.request())
        pair.exchange()
        #expect(!pair.clientSession.takesRequests)
        #expect(pair.clientSession.mayOpenStreams)
        let request = try SessionPair.request()
        #expect(throws: HTTP2Error.closed) { try pair.send(request) }
        pair.server.requests.first?.stream?.respond(SessionPair.response(), endsHere: true)
        pair.exchange()
        #expect(pair.clientSession.takesRequests)
    }

    @Test("What is said to a stream that is over has no effect")
    func afterTheEnd() throws {
        let pair = try SessionPair()
        pair.server.onRequest = { $0.stream?.respond(SessionPair.response(), endsHere: true) }
        let answer = try pair.send(SessionPair.request())
        pair.exchange()
        let stream = try #require(answer.stream)
        #expect(stream.isClosed)
        stream.send("late".bytes.span)
        stream.end()
        stream.consume(10)
        stream.ignoreRest()
        stream.reset(.cancel)
        #expect(!stream.isFull)
        pair.exchange()
        #expect(pair.serverError == nil && pair.clientError == nil)
    }
}
