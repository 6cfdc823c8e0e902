import HTTP
import HTTP2
import HTTP2Frames
import Testing

@Suite("What breaks the rules")
struct MalformedTests {
    static let heads: [(String, [(String, String)])] = [
        ("upper-case name", [("X-Upper", "1")]), ("CR in a value", [("x", "a\rb")]), ("LF in a value", [("x", "a\nb")]),
        ("NUL in a value", [("x", "a\0b")]), ("CRLF and a field in a value", [("x", "a\r\nhost: evil")]),
        ("space in a name", [("x y", "1")]), ("colon in a name", [("x:y", "1")]), ("CR in a name", [("x\ry", "1")]),
        ("empty name", [("", "1")]), ("leading blank in a value", [("x", " a")]),
        ("trailing blank in a value", [("x", "a ")]), ("connection", [("connection", "close")]),
        ("keep-alive", [("keep-alive", "5")]), ("proxy-connection", [("proxy-connection", "close")]),
        ("transfer-encoding", [("transfer-encoding", "chunked")]), ("upgrade", [("upgrade", "h2c")]),
        ("te other than trailers", [("te", "gzip")]), ("te with more than trailers", [("te", "trailers, gzip")]),
        ("pseudo-field after a field", [("x", "1"), (":path", "/other")]), ("repeated path", [(":path", "/other")]),
        ("unknown pseudo-field", [(":protocol", "websocket")]), ("status in a request", [(":status", "200")]),
        ("host that differs", [("host", "evil.example.fr")]),
        ("two hosts", [("host", "api.example.fr"), ("host", "x")]),
        ("two content-lengths", [("content-length", "0"), ("content-length", "0")]),
        ("content-length that is no number", [("content-length", "+1")]),
        ("content-length without content", [("content-length", "7")]),
    ]

    @Test("A malformed head resets its stream and is not heard of as a request", arguments: heads)
    func malformedField(what: String, fields: [(String, String)]) throws {
        let server = try RawServer()
        server.feed(Frame.headers(Frame.getFields + fields))
        #expect(server.delegate.requests.isEmpty)
        #expect(server.resets == [.protocolError] || server.goaways == [.protocolError])
        // Whoever finds it, the library or we, it is told: a log has the refusal.
        if server.goaways.isEmpty { #expect(server.delegate.faults.count == 1) }
        // Other streams go on where only the message was at fault.
        guard server.goaways.isEmpty else { return }
        server.feed(Frame.headers(Frame.getFields, stream: 3))
        #expect(server.delegate.requests.count == 1)
    }

    static let pseudoFields: [(String, [(String, String)])] = [
        ("no method", [(":scheme", "https"), (":authority", "a"), (":path", "/")]),
        ("no scheme", [(":method", "GET"), (":authority", "a"), (":path", "/")]),
        ("no path", [(":method", "GET"), (":scheme", "https"), (":authority", "a")]),
        ("no host at all", [(":method", "GET"), (":scheme", "https"), (":path", "/")]),
        ("empty path", [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "")]),
        (
            "path with a space",
            [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/ HTTP/1.1")]
        ),
        ("path with CRLF", [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/\r\nx: y")]),
        ("path with a fragment", [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/#a")]),
        ("absolute path", [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "http://b/")]),
        ("method with a space", [(":method", "GET /x"), (":scheme", "https"), (":authority", "a"), (":path", "/")]),
        ("empty method", [(":method", ""), (":scheme", "https"), (":authority", "a"), (":path", "/")]),
        ("other scheme", [(":method", "GET"), (":scheme", "file"), (":authority", "a"), (":path", "/")]),
        ("authority with a space", [(":method", "GET"), (":scheme", "https"), (":authority", "a b"), (":path", "/")]),
        ("authority with user", [(":method", "GET"), (":scheme", "https"), (":authority", "u@a"), (":path", "/")]),
        ("asterisk and GET", [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "*")]),
        ("CONNECT with a path", [(":method", "CONNECT"), (":scheme", "https"), (":authority", "a:1"), (":path", "/")]),
    ]

    @Test("Malformed pseudo-fields reset the stream", arguments: pseudoFields)
    func malformedPseudoFields(what: String, fields: [(String, String)]) throws {
        let server = try RawServer()
        server.feed(Frame.headers(fields))
        #expect(server.delegate.requests.isEmpty)
        #expect(server.resets == [.protocolError])
        #expect(server.goaways.isEmpty)
    }

    @Test("Content that is longer or shorter than content-length resets the stream", arguments: ["2", "4"])
    func contentLength(declared: String) throws {
        let server = try RawServer()
        server.feed(Frame.headers(Frame.getFields + [("content-length", declared)], flags: Frame.endHeaders))
        server.feed(Frame.data([1, 2, 3], flags: Frame.endStream))
        #expect(server.resets == [.protocolError])
        #expect(server.delegate.requests.first?.isEnded == false)
        #expect(server.delegate.requests.first?.closed == .protocolError)
    }

    @Test(
        "Malformed trailers reset the stream",
        arguments: [[(":path", "/")], [("X", "1")], [("connection", "close")], [("x", "a\nb")]])
    func trailers(fields: [(String, String)]) throws {
        let server = try RawServer()
        server.feed(Frame.headers(Frame.getFields, flags: Frame.endHeaders))
        server.feed(Frame.headers(fields))
        #expect(server.delegate.requests.first?.isEnded == false)
        #expect(server.resets == [.protocolError] || server.goaways == [.protocolError])
    }

    static let connectionErrors: [(String, [UInt8], HTTP2ErrorCode)] = [
        ("DATA on stream 0", Frame.data([1], stream: 0), .protocolError),
        ("HEADERS on stream 0", Frame.headers(Frame.getFields, stream: 0), .protocolError),
        ("HEADERS on an even stream", Frame.headers(Frame.getFields, stream: 2), .protocolError),
        ("DATA on an idle stream", Frame.data([1], stream: 5), .protocolError),
        ("a frame too large", Frame.data([UInt8](repeating: 0, count: 16_385)), .frameSizeError),
        ("SETTINGS of odd length", Frame.frame(0x4, [1, 2, 3]), .frameSizeError),
        ("SETTINGS with a stream", Frame.frame(0x4, stream: 1), .protocolError),
        ("PING of wrong length", Frame.frame(0x6, [1]), .frameSizeError),
        ("WINDOW_UPDATE of zero", Frame.windowUpdate(0), .protocolError),
        ("window overflow", Frame.windowUpdate(0x7FFF_FFFF), .flowControlError),
        ("PUSH_PROMISE from a client", Frame.frame(0x5, flags: 4, stream: 1, [0, 0, 0, 2]), .protocolError),
        ("CONTINUATION alone", Frame.continuation([], flags: 4), .protocolError),
        (
            "broken HPACK", Frame.frame(0x1, flags: 5, stream: 1, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
            .compressionError
        ),
        (
            "another frame within a field section",
            Frame.headers(Frame.getFields, flags: Frame.endStream) + Frame.ping(), .protocolError
        ),
    ]

    @Test("What breaks the protocol ends the session with its code", arguments: connectionErrors)
    func connectionError(what: String, bytes: [UInt8], code: HTTP2ErrorCode) throws {
        let server = try RawServer()
        server.feed(bytes)
        #expect(server.goaways == [code])
        #expect(server.session.failure == .violated(code))
        #expect(server.session.isFinished)
        server.feed(Frame.headers(Frame.getFields, stream: 7))
        #expect(server.error == .violated(code))
        #expect(server.delegate.requests.isEmpty)
    }

    @Test(
        "What is not the preface ends the session", arguments: ["GET / HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nXX"])
    func preface(text: String) throws {
        let server = try RawServer(greets: false)
        server.feed(text.bytes)
        #expect(server.error == .badPreface)
        #expect(server.goaways == [.protocolError])
        #expect(server.session.isFinished)
    }

    @Test("A faulty response resets its stream and is heard of as a fault")
    func faultyResponse() throws {
        let client = RecordingClient()
        let session = try HTTP2ClientSession(isSecure: false, delegate: client)
        defer { session.close() }
        let receiver = RecordingStream()
        receiver.stream = try session.send(SessionPair.request(), to: receiver)
        var output: [UInt8] = []
        session.writeOutput(into: &output, limit: 1 << 20)
        let answer = Frame.settings() + Frame.headers([(":status", "200"), ("te", "x"), ("content-length", "-1")])
        try session.receive(answer.span, at: 0)
        output = []
        session.writeOutput(into: &output, limit: 1 << 20)
        #expect(receiver.response == nil)
        #expect(receiver.closed == .protocolError)
    }

    @Test("A fault may be answered instead")
    func answeredFault() throws {
        let server = try RawServer()
        server.delegate.answersFaults = true
        let long = String(repeating: "a", count: 20_000)
        server.feed(Frame.headers(Frame.getFields, flags: Frame.endStream))
        #expect(server.delegate.requests.isEmpty)
        server.feed(Frame.continuation(Frame.block([("x", String(long.prefix(10_000)))])))
        server.feed(Frame.continuation(Frame.block([("y", String(long.prefix(10_000)))])))
        server.feed(Frame.continuation(Frame.block([("z", String(long.prefix(15_000)))]), flags: Frame.endHeaders))
        #expect(server.delegate.faults == [.headTooLarge])
        #expect(server.written.contains { $0.type == 0x1 && $0.stream == 1 })
        #expect(server.resets.isEmpty && server.goaways.isEmpty)
    }
}
