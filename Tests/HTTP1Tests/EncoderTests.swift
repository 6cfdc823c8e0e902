import HTTP
import HTTP1
import Testing

@Suite("What is written")
struct EncoderTests {
    private static func request(_ text: String) throws -> RequestHead {
        let bytes = Array(text.utf8)
        var head = RequestHead()
        let consumed = try Reading.requestHead(bytes.span, step: bytes.count, into: &head)
        try #require(consumed == bytes.count)
        return head
    }

    private static func written(
        _ head: RequestHead, _ framing: BodyFraming? = nil, _ connection: ConnectionDirective = .persistent
    ) -> String {
        var output: [UInt8] = []
        encodeRequestHead(head, framing: framing ?? head.framing, connection: connection, into: &output)
        return output.span.text
    }

    @Test("an untouched head is written as it came")
    func untouched() throws {
        let text = "GET /a?b HTTP/1.1\r\nHost: a.example\r\nX:y\r\nZ:  w \r\n\r\n"
        let expected = "GET /a?b HTTP/1.1\r\nHost: a.example\r\nX: y\r\nZ: w\r\n\r\n"
        #expect(EncoderTests.written(try EncoderTests.request(text)) == expected)
    }

    @Test("framing and connection are written from what is decided, never from what came")
    func framing() throws {
        let head = try EncoderTests.request(
            "POST / HTTP/1.1\r\nConnection: x\r\nHost: a\r\nContent-Length: 05\r\nA: b\r\n\r\n")
        #expect(
            EncoderTests.written(head) == "POST / HTTP/1.1\r\nHost: a\r\nA: b\r\nContent-Length: 5\r\n\r\n")
        #expect(
            EncoderTests.written(head, .chunked, .close)
                == "POST / HTTP/1.1\r\nHost: a\r\nA: b\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
        #expect(
            EncoderTests.written(head, BodyFraming.none, .upgrade)
                == "POST / HTTP/1.1\r\nHost: a\r\nA: b\r\nContent-Length: 0\r\nConnection: Upgrade\r\n\r\n")
    }

    @Test("removed lines are gone and appended ones come last")
    func edited() throws {
        var head = try EncoderTests.request(
            "GET / HTTP/1.1\r\nHost: a\r\nA: b\r\nX-Identity-Name: evil\r\nC: d\r\nKeep-Alive: 1\r\n\r\n")
        head.fields.removeHopByHop { _ in true }
        head.fields.remove { _, name in Reading.identity.contains(name) }
        head.fields.append(.via, value: "1.1 poterne")
        head.fields.append(name: "X-Identity-Name", value: Array("good".utf8))
        #expect(
            EncoderTests.written(head)
                == "GET / HTTP/1.1\r\nHost: a\r\nA: b\r\nC: d\r\nVia: 1.1 poterne\r\nX-Identity-Name: good\r\n\r\n")
    }

    @Test(
        "the target goes out in origin-form",
        arguments: [
            ("GET http://b.example:81/c?d HTTP/1.1", "GET /c?d HTTP/1.1", "b.example:81"),
            ("GET http://b.example HTTP/1.1", "GET / HTTP/1.1", "b.example"),
            ("GET http://b.example?d HTTP/1.1", "GET /?d HTTP/1.1", "b.example"),
            ("OPTIONS http://b.example HTTP/1.1", "OPTIONS * HTTP/1.1", "b.example"),
            ("OPTIONS http://b.example/ HTTP/1.1", "OPTIONS / HTTP/1.1", "b.example"),
            ("OPTIONS * HTTP/1.1", "OPTIONS * HTTP/1.1", "a.example"),
            ("CONNECT b.example:443 HTTP/1.1", "CONNECT b.example:443 HTTP/1.1", "b.example:443"),
        ])
    func targets(_ line: String, _ written: String, _ host: String) throws {
        let head = try EncoderTests.request(line + "\r\nHost: a.example\r\n\r\n")
        #expect(EncoderTests.written(head) == written + "\r\nHost: \(host)\r\n\r\n")
    }

    @Test("a head of HTTP/2 gets the Host field of its authority")
    func fromHTTP2() throws {
        var head = RequestHead()
        head.beginPseudoFields()
        for (name, value) in [(":method", "GET"), (":scheme", "https"), (":authority", "a.example"), (":path", "/b")] {
            try head.setPseudoField(Array(name.utf8).span, to: Array(value.utf8).span)
        }
        try head.appendField(Array("accept".utf8).span, Array("c".utf8).span)
        try head.finishPseudoFields(endsHere: false)
        #expect(
            EncoderTests.written(head)
                == "GET /b HTTP/1.1\r\nHost: a.example\r\naccept: c\r\nTransfer-Encoding: chunked\r\n\r\n")
    }

    @Test("a response without content keeps the length it speaks of, except 204")
    func bodiless() {
        var head = ResponseHead()
        head.fields.append(.contentLength, value: "500")
        var output: [UInt8] = []
        encodeResponseHead(head, framing: .none, connection: .persistent, into: &output)
        #expect(output.span.text == "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
        output = []
        head.status = 204
        encodeResponseHead(head, framing: .none, connection: .persistent, into: &output)
        #expect(output.span.text == "HTTP/1.1 204 No Content\r\n\r\n")
    }

    @Test("content that ends with the connection closes it")
    func untilClose() {
        var output: [UInt8] = []
        encodeResponseHead(ResponseHead(), framing: .untilClose, connection: .keepAlive, into: &output)
        #expect(output.span.text == "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    }

    @Test("a whole response has its length, and to HEAD no content")
    func whole() {
        var head = ResponseHead()
        head.status = 404
        head.fields.append(.contentType, value: "text/plain")
        let headText =
            "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\n"
        var output: [UInt8] = []
        encodeResponse(head, content: Array("no".utf8).span, to: .get, connection: .close, into: &output)
        #expect(output.span.text == headText + "no")
        output = []
        encodeResponse(head, content: Array("no".utf8).span, to: .head, connection: .close, into: &output)
        #expect(output.span.text == headText)
        output = []
        head = ResponseHead()
        head.status = 304
        encodeResponse(head, content: Array("no".utf8).span, to: .get, connection: .persistent, into: &output)
        #expect(output.span.text == "HTTP/1.1 304 Not Modified\r\n\r\n")
    }

    @Test("chunks and trailers are written")
    func chunks() {
        var trailers = FieldSection()
        trailers.append(name: "Digest", value: Array("a\r\nb".utf8))
        var output: [UInt8] = []
        encodeChunk(Array(repeating: 0x61, count: 26).span, into: &output)
        encodeChunk([UInt8]().span, into: &output)
        encodeChunkHeader(count: 0, into: &output)
        encodeLastChunk(trailers: trailers, into: &output)
        #expect(output.span.text == "1A\r\n\(String(repeating: "a", count: 26))\r\n0\r\nDigest: a  b\r\n\r\n")
        output = []
        encodeLastChunk(into: &output)
        encodeContinue(into: &output)
        #expect(output.span.text == "0\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n")
    }

    @Test("a body of 10 GiB passes without a copy of it")
    func large() throws {
        let size: UInt64 = 10 << 30
        let buffer = [UInt8](repeating: 0, count: 1 << 20)
        var decoder = BodyDecoder(.length(size), limits: Limits()) { _ in false }
        var total: UInt64 = 0
        while case .data(let range) = try decoder.decode(buffer.span, from: 0) {
            total += UInt64(range.count)
        }
        #expect(total == size)
        #expect(decoder.isFinished)
    }

    @Test("a body cut short is known as such when the connection closes")
    func truncation() throws {
        var decoder = BodyDecoder(.length(5), limits: Limits()) { _ in false }
        #expect(try decoder.decode(Array("abc".utf8).span, from: 0) == .data(0..<3))
        #expect(!decoder.isCompleteAtClose)
        #expect(try decoder.decode(Array("de".utf8).span, from: 0) == .data(0..<2))
        #expect(decoder.isCompleteAtClose)
        #expect(BodyDecoder(.untilClose, limits: Limits()) { _ in false }.isCompleteAtClose)
        #expect(!BodyDecoder(.chunked, limits: Limits()) { _ in false }.isCompleteAtClose)
    }
}
