import HTTP
import Testing

@Suite("Heads built from the pieces of HTTP/2")
struct PseudoFieldTests {
    private static func build(_ lines: [(String, String)], endsHere: Bool) throws(MessageError) -> RequestHead {
        var head = RequestHead()
        head.beginPseudoFields()
        for (name, value) in lines {
            let (name, value) = (Array(name.utf8), Array(value.utf8))
            if name.first == 0x3A {
                try head.setPseudoField(name.span, to: value.span)
            } else {
                try head.appendField(name.span, value.span)
            }
        }
        try head.finishPseudoFields(endsHere: endsHere)
        return head
    }

    private static let basic = [
        (":method", "GET"), (":scheme", "https"), (":authority", "gateway.example"), (":path", "/a?b"),
    ]

    @Test("a request is what its pseudo-fields say")
    func request() throws {
        let head = try PseudoFieldTests.build(PseudoFieldTests.basic + [("accept", "a")], endsHere: true)
        #expect(head.method == .get && head.form == .origin && head.version == .http2 && head.framing == .none)
        #expect(head.text(head.path) == "/a")
        #expect(head.query.map(head.text) == "b")
        #expect(head.authority.map(head.text) == "gateway.example")
        #expect(head.fields.lines.count == 1)
    }

    @Test("the content of a request has the framing HTTP/1.1 will need")
    func framing() throws {
        let basic = PseudoFieldTests.basic
        #expect(try PseudoFieldTests.build(basic, endsHere: false).framing == .chunked)
        #expect(try PseudoFieldTests.build(basic + [("content-length", "5")], endsHere: false).framing == .length(5))
        #expect(try PseudoFieldTests.build(basic + [("content-length", "0")], endsHere: true).framing == .length(0))
    }

    @Test("Host stands in for a missing authority")
    func host() throws {
        let lines = [(":method", "GET"), (":scheme", "https"), (":path", "/"), ("host", "b.example")]
        let head = try PseudoFieldTests.build(lines, endsHere: true)
        #expect(head.authority.map(head.text) == "b.example")
    }

    @Test(
        "a head that HTTP/1.1 would read as something else is refused",
        arguments: [
            (":method", "GE T", .invalidPseudoField), (":method", "", .invalidPseudoField),
            (":method", "GET / HTTP/1.1\r\nX: y", .invalidPseudoField), (":path", "", .invalidPseudoField),
            (":path", "a", .invalidPseudoField), (":path", "/a b", .invalidPseudoField),
            (":path", "*", .invalidPseudoField),
            (":path", "/ HTTP/1.1\r\nX: y", .invalidPseudoField), (":path", "/a#b", .invalidPseudoField),
            (":path", "/é", .invalidPseudoField), (":scheme", "ftp", .invalidPseudoField),
            (":scheme", "https://x", .invalidPseudoField), (":authority", "a@b", .invalidHost),
            (":authority", "a b", .invalidHost), (":authority", "a\r\nX: y", .invalidHost),
            (":authority", "", .invalidHost),
            (":status", "200", .invalidPseudoField), (":other", "x", .invalidPseudoField),
        ] as [(String, String, MessageError)])
    func refusedPseudoFields(_ name: String, _ value: String, _ fault: MessageError) {
        let lines = PseudoFieldTests.basic.map { $0.0 == name ? (name, value) : $0 }
        let known = lines.contains { $0.0 == name }
        #expect(throws: fault) { try PseudoFieldTests.build(known ? lines : lines + [(name, value)], endsHere: true) }
    }

    @Test(
        "a field that HTTP/2 forbids, or that breaks out of its line, is refused",
        arguments: [
            ("Accept", "a", .uppercaseFieldName), ("a b", "c", .invalidFieldName), ("a:", "c", .invalidFieldName),
            ("", "c", .invalidFieldName), ("a\r\nb", "c", .invalidFieldName), ("a", "b\r\nc: d", .invalidFieldValue),
            ("a", "b\0", .invalidFieldValue), ("a", " b", .invalidFieldValue), ("a", "b\n", .invalidFieldValue),
            ("connection", "close", .connectionSpecificField), ("keep-alive", "5", .connectionSpecificField),
            ("proxy-connection", "a", .connectionSpecificField), ("upgrade", "a", .connectionSpecificField),
            ("transfer-encoding", "chunked", .connectionSpecificField), ("te", "gzip", .connectionSpecificField),
            ("http2-settings", "a", .connectionSpecificField), ("host", "other.example", .invalidHost),
            ("content-length", "5", .invalidContentLength), ("content-length", "x", .invalidContentLength),
            (":path", "/late", .invalidPseudoField),
        ] as [(String, String, MessageError)])
    func refusedFields(_ name: String, _ value: String, _ fault: MessageError) {
        let lines = PseudoFieldTests.basic + [("x", "y"), (name, value)]
        #expect(throws: fault) { try PseudoFieldTests.build(lines, endsHere: true) }
    }

    @Test("no pseudo-field may be missing or come twice", arguments: [0, 1, 3])
    func missing(_ index: Int) {
        var lines = PseudoFieldTests.basic
        lines.remove(at: index)
        #expect(throws: MessageError.invalidPseudoField) { try PseudoFieldTests.build(lines, endsHere: true) }
        let twice = PseudoFieldTests.basic + [PseudoFieldTests.basic[index]]
        #expect(throws: MessageError.invalidPseudoField) { try PseudoFieldTests.build(twice, endsHere: true) }
    }

    @Test("te: trailers may pass")
    func trailers() throws {
        let head = try PseudoFieldTests.build(PseudoFieldTests.basic + [("te", "trailers")], endsHere: true)
        #expect(head.fields.contains(.te))
    }

    @Test("a response is what its status says", arguments: ["", "20", "2000", "20x", "099", "600", "101", "+20"])
    func responseStatus(_ status: String) {
        var head = ResponseHead()
        #expect(throws: MessageError.invalidPseudoField) {
            try head.beginPseudoFields(status: Array(status.utf8).span)
        }
    }
}
