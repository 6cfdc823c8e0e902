import HTTP2Frames

// Requests that are expected to be refused ask for `/refused`, so that the upstream would show if one were forwarded.

extension ConformanceCase {
    static let all =
        connections + frames + states + data + headers + settings + windows + continuations + messages + compression

    private typealias Field = (String, String)

    private static let refused = FrameCaller.head("/refused", method: "POST")
    private static let begun = FrameCaller.head("/begun", method: "POST")
    private static let whole = Frame.endStream | Frame.endHeaders

    /// A request whose content is yet to come.
    private static func open(_ stream: UInt32 = 1) -> [UInt8] {
        FrameCaller.request("/begun", stream: stream, method: "POST", flags: Frame.endHeaders)
    }

    /// HEADERS around a block of any bytes.
    private static func block(_ bytes: [UInt8], stream: UInt32 = 1, flags: UInt8 = whole) -> [UInt8] {
        Frame.frame(0x1, flags: flags, stream: stream, bytes)
    }

    private static let request = FrameCaller.request()
    private static let requestBlock = Frame.block(FrameCaller.head())
    private static let zeroes = [UInt8](repeating: 0, count: 16_384)

    // MARK: §3, §4

    private static let connections: [ConformanceCase] = [
        ConformanceCase(name: "3.4 preface, SETTINGS and a request", bytes: request, expected: .served(1)),
        ConformanceCase(
            name: "3.4 no preface", greeting: Array("INVALID CONNECTION PREFACE\r\n\r\n".utf8), bytes: [],
            expected: .closed),
        ConformanceCase(
            name: "3.4 a request of HTTP/1.1", greeting: Array("GET /refused HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8),
            bytes: [], expected: .closed),
        ConformanceCase(
            name: "3.4 the preface without SETTINGS", greeting: Frame.preface, bytes: FrameCaller.request("/refused"),
            expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "5.4.1 PING of wrong length ends the connection", bytes: Frame.frame(0x6, [1, 2]),
            expected: .connectionError([.frameSize])),
    ]

    private static let frames: [ConformanceCase] = [
        ConformanceCase(
            name: "4.1 a frame of unknown type", bytes: Frame.frame(0x16, flags: 0xFF, [1, 2, 3]), expected: .ignored),
        ConformanceCase(
            name: "4.1 undefined flags", bytes: Frame.frame(0x6, flags: 0x16, zeroes.dropLast(16_376)),
            expected: .ignored),
        ConformanceCase(
            name: "4.1 the reserved bit", bytes: Frame.frame(0x6, stream: 0x8000_0000, zeroes.dropLast(16_376)),
            expected: .ignored),
        ConformanceCase(
            name: "4.2 DATA of the largest size",
            bytes: FrameCaller.request(method: "POST", flags: Frame.endHeaders)
                + Frame.data(zeroes, flags: Frame.endStream), expected: .served(1)),
        ConformanceCase(
            name: "4.2 DATA that is too large", bytes: open() + Frame.data(zeroes + [0], flags: Frame.endStream),
            expected: .streamError([.frameSize])),
        ConformanceCase(
            name: "4.2 HEADERS that are too large", bytes: block(Frame.block(refused) + zeroes),
            expected: .connectionError([.frameSize])),
        ConformanceCase(
            name: "4.2 SETTINGS that are too large", bytes: Frame.frame(0x4, zeroes + [0, 0]),
            expected: .connectionError([.frameSize])),
        ConformanceCase(
            name: "4.3 a block that cannot be decoded", bytes: block([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
            expected: .connectionError([.compression])),
        ConformanceCase(
            name: "4.3 PRIORITY within a block",
            bytes: block(Frame.block(refused), flags: 0) + Frame.priority(stream: 1),
            expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "4.3 HEADERS of another stream within a block",
            bytes: block(Frame.block(refused), flags: 0) + block(requestBlock, stream: 3),
            expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "5.5 an unknown frame", bytes: Frame.frame(0xFF, stream: 0, [1]) + request, expected: .served(1)),
        ConformanceCase(
            name: "5.5 an unknown frame within a block",
            bytes: block(Frame.block(refused), flags: 0) + Frame.frame(0xFF, [1]),
            expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "5.5 an unknown setting", bytes: Frame.settings([(0xFF, 1)]) + request, expected: .served(1)),
    ]

    // MARK: §5

    private static let states: [ConformanceCase] = [
        ConformanceCase(
            name: "5.1 idle: DATA", bytes: Frame.data([1], flags: Frame.endStream),
            expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "5.1 idle: RST_STREAM", bytes: Frame.reset(stream: 1), expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "5.1 idle: WINDOW_UPDATE", bytes: Frame.windowUpdate(100, stream: 1),
            expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "5.1 idle: CONTINUATION", bytes: Frame.continuation(requestBlock, flags: Frame.endHeaders),
            expected: .connectionError([.protocolError])),
        ConformanceCase(name: "5.1 idle: PRIORITY", bytes: Frame.priority(stream: 9), expected: .ignored),
        ConformanceCase(
            name: "5.1 half-closed (remote): DATA",
            bytes: FrameCaller.request() + Frame.data([1], flags: Frame.endStream),
            expected: .streamError([.streamClosed])),
        ConformanceCase(
            name: "5.1 half-closed (remote): HEADERS", bytes: FrameCaller.request() + FrameCaller.request(),
            expected: .streamError([.streamClosed])),
        ConformanceCase(
            name: "5.1 half-closed (remote): CONTINUATION",
            bytes: FrameCaller.request() + Frame.continuation(requestBlock, flags: Frame.endHeaders),
            expected: .streamError([.streamClosed, .protocolError])),
        ConformanceCase(
            name: "5.1 half-closed (remote): WINDOW_UPDATE", bytes: request + Frame.windowUpdate(10, stream: 1),
            expected: .served(1)),
        ConformanceCase(
            name: "5.1 closed by RST_STREAM: DATA", bytes: open() + Frame.reset(stream: 1) + Frame.data([1]),
            expected: .ignoredOrError([.streamClosed])),
        ConformanceCase(
            name: "5.1 closed by RST_STREAM: HEADERS",
            bytes: open() + Frame.reset(stream: 1) + FrameCaller.request("/refused"),
            expected: .ignoredOrError([.streamClosed, .protocolError])),
        ConformanceCase(
            name: "5.1 closed by RST_STREAM: CONTINUATION",
            bytes: open() + Frame.reset(stream: 1) + Frame.continuation(requestBlock, flags: Frame.endHeaders),
            expected: .connectionError([.streamClosed, .protocolError])),
        ConformanceCase(
            name: "5.1 closed: DATA", before: request, bytes: Frame.data([1]),
            expected: .ignoredOrError([.streamClosed])),
        ConformanceCase(
            name: "5.1 closed: HEADERS", before: request, bytes: FrameCaller.request("/refused"),
            expected: .ignoredOrError([.streamClosed, .protocolError])),
        ConformanceCase(
            name: "5.1 closed: CONTINUATION", before: request,
            bytes: Frame.continuation(requestBlock, flags: Frame.endHeaders),
            expected: .connectionError([.streamClosed, .protocolError])),
        ConformanceCase(
            name: "5.1 closed: PRIORITY", before: request, bytes: Frame.priority(stream: 1), expected: .ignored),
        ConformanceCase(
            name: "5.1 closed: WINDOW_UPDATE", before: request, bytes: Frame.windowUpdate(10, stream: 1),
            expected: .ignored),
        ConformanceCase(
            name: "5.1 closed: RST_STREAM", before: request, bytes: Frame.reset(stream: 1), expected: .ignored),
        ConformanceCase(
            name: "5.1.1 an even stream", bytes: FrameCaller.request("/refused", stream: 2),
            expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "5.1.1 a stream below the last", before: FrameCaller.request(stream: 5),
            bytes: FrameCaller.request("/refused", stream: 3),
            expected: .ignoredOrError([.protocolError, .streamClosed])),
        ConformanceCase(
            name: "5.1.1 streams may be left out", bytes: FrameCaller.request(stream: 77), expected: .served(77)),
        ConformanceCase(
            name: "5.1.2 more streams than are offered", before: FrameCaller.request(stream: 1),
            bytes: (1...9).flatMap { open(UInt32(2 * $0 + 1)) },
            expected: .streamError([.protocolError, .refusedStream])),
        ConformanceCase(
            name: "5.3.1 HEADERS with priority",
            bytes: block([0, 0, 0, 0, 16] + requestBlock, flags: whole | Frame.hasPriority), expected: .served(1)),
        ConformanceCase(
            name: "5.3.1 HEADERS that depend on themselves",
            bytes: block([0, 0, 0, 1, 16] + requestBlock, flags: whole | Frame.hasPriority),
            expected: .ignoredOrError([.protocolError])),
        ConformanceCase(
            name: "5.3.1 PRIORITY that depends on itself", bytes: Frame.priority(stream: 1, on: 1),
            expected: .ignoredOrError([.protocolError])),
    ]

    // MARK: §6.1 to §6.4

    private static let data: [ConformanceCase] = [
        ConformanceCase(
            name: "6.1 DATA with padding",
            bytes: FrameCaller.request(method: "POST", flags: Frame.endHeaders)
                + Frame.data([5] + Array("content".utf8) + zeroes.prefix(5), flags: Frame.endStream | Frame.padded),
            expected: .served(1)),
        ConformanceCase(
            name: "6.1 DATA on stream 0", bytes: Frame.data([1], stream: 0),
            expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "6.1 DATA with more padding than frame",
            bytes: open() + Frame.data([9, 1, 2], flags: Frame.endStream | Frame.padded),
            expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "6.1 DATA that is padded and empty",
            bytes: open() + Frame.data([], flags: Frame.endStream | Frame.padded),
            expected: .connectionError([.frameSize, .protocolError])),
        ConformanceCase(
            name: "6.3 PRIORITY", bytes: Frame.priority(stream: 1) + request, expected: .served(1)),
        ConformanceCase(
            name: "6.3 PRIORITY on stream 0", bytes: Frame.priority(stream: 0),
            expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "6.3 PRIORITY of wrong length", bytes: Frame.frame(0x2, stream: 1, [0, 0, 0]),
            expected: .streamError([.frameSize])),
        ConformanceCase(name: "6.4 RST_STREAM", bytes: open() + Frame.reset(stream: 1), expected: .ignored),
        ConformanceCase(
            name: "6.4 RST_STREAM on stream 0", bytes: Frame.reset(stream: 0),
            expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "6.4 RST_STREAM of wrong length", bytes: open() + Frame.frame(0x3, stream: 1, [0, 0, 8]),
            expected: .connectionError([.frameSize])),
        ConformanceCase(
            name: "7 RST_STREAM with an unknown code", bytes: open() + Frame.reset(stream: 1, code: 0xFF),
            expected: .ignored),
        ConformanceCase(
            name: "7 GOAWAY with an unknown code", bytes: Frame.goaway(code: 0xFF), expected: .ignoredOrClosed),
        ConformanceCase(name: "6.8 GOAWAY, and another request", bytes: Frame.goaway() + request, expected: .served(1)),
        ConformanceCase(
            name: "6.8 GOAWAY on a stream", bytes: Frame.goaway(stream: 1), expected: .connectionError([.protocolError])
        ),
        ConformanceCase(
            name: "6.8 GOAWAY of wrong length", bytes: Frame.frame(0x7, [0, 0, 0, 0]),
            expected: .connectionError([.frameSize])),
        ConformanceCase(
            name: "6.6 PUSH_PROMISE",
            bytes: open() + Frame.frame(0x5, flags: 4, stream: 1, Frame.octets(2) + requestBlock),
            expected: .connectionError([.protocolError])),
    ]

    private static let headers: [ConformanceCase] = [
        ConformanceCase(
            name: "6.2 HEADERS with padding",
            bytes: block([3] + requestBlock + [0, 0, 0], flags: whole | Frame.padded), expected: .served(1)),
        ConformanceCase(
            name: "6.2 HEADERS with padding and priority",
            bytes: block(
                [3, 0, 0, 0, 0, 16] + requestBlock + [0, 0, 0], flags: whole | Frame.padded | Frame.hasPriority),
            expected: .served(1)),
        ConformanceCase(
            name: "6.2 HEADERS on stream 0", bytes: FrameCaller.request("/refused", stream: 0),
            expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "6.2 HEADERS with more padding than frame", bytes: block([0xFF, 1, 2], flags: whole | Frame.padded),
            expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "6.2 HEADERS too short for their priority", bytes: block([0, 0], flags: whole | Frame.hasPriority),
            expected: .connectionError([.frameSize, .protocolError])),
        ConformanceCase(
            name: "6.2 DATA within a block", bytes: block(Frame.block(refused), flags: 0) + Frame.data([1]),
            expected: .connectionError([.protocolError])),
    ]

    // MARK: §6.5 to §6.9

    private static let settings: [ConformanceCase] = [
        ConformanceCase(
            name: "6.5 SETTINGS with ACK and content", bytes: Frame.frame(0x4, flags: 1, [0, 1, 0, 0, 0, 1]),
            expected: .connectionError([.frameSize])),
        ConformanceCase(
            name: "6.5 SETTINGS on a stream", bytes: Frame.frame(0x4, stream: 1),
            expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "6.5 SETTINGS of wrong length", bytes: Frame.frame(0x4, [0, 3, 0, 0, 0]),
            expected: .connectionError([.frameSize])),
        ConformanceCase(
            name: "6.5.2 ENABLE_PUSH of 2", bytes: Frame.settings([(2, 2)]),
            expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "6.5.2 INITIAL_WINDOW_SIZE of 2³¹", bytes: Frame.settings([(4, 0x8000_0000)]),
            expected: .connectionError([.flowControl])),
        ConformanceCase(
            name: "6.5.2 MAX_FRAME_SIZE below 2¹⁴", bytes: Frame.settings([(5, 16_383)]),
            expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "6.5.2 MAX_FRAME_SIZE of 2²⁴", bytes: Frame.settings([(5, 0x100_0000)]),
            expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "6.5.2 HEADER_TABLE_SIZE of 0", bytes: Frame.settings([(1, 0)]) + request, expected: .served(1)),
        ConformanceCase(
            name: "6.5.3 the last of two values counts", bytes: Frame.settings([(4, 1), (4, 65_535)]) + request,
            expected: .served(1)),
        ConformanceCase(name: "6.7 PING is answered", bytes: [], expected: .ignored),
        ConformanceCase(
            name: "6.7 PING with ACK is not answered", bytes: Frame.frame(0x6, flags: 1, zeroes.dropLast(16_376)),
            expected: .ignored),
        ConformanceCase(
            name: "6.7 PING on a stream", bytes: Frame.frame(0x6, stream: 1, zeroes.dropLast(16_376)),
            expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "6.7 PING of wrong length", bytes: Frame.frame(0x6, [1, 2, 3, 4, 5, 6]),
            expected: .connectionError([.frameSize])),
    ]

    private static let windows: [ConformanceCase] = [
        ConformanceCase(
            name: "6.9 WINDOW_UPDATE of nothing", bytes: Frame.windowUpdate(0),
            expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "6.9 WINDOW_UPDATE of nothing on a stream", bytes: open() + Frame.windowUpdate(0, stream: 1),
            expected: .streamError([.protocolError])),
        ConformanceCase(
            name: "6.9 WINDOW_UPDATE of wrong length", bytes: Frame.frame(0x8, [0, 0, 1]),
            expected: .connectionError([.frameSize])),
        ConformanceCase(
            name: "6.9.1 a window of the connection beyond 2³¹ − 1",
            bytes: Frame.windowUpdate(0x7FFF_FFFF) + Frame.windowUpdate(0x7FFF_FFFF),
            expected: .connectionError([.flowControl])),
        ConformanceCase(
            name: "6.9.1 a window of a stream beyond 2³¹ − 1",
            bytes: open() + Frame.windowUpdate(0x7FFF_FFFF, stream: 1) + Frame.windowUpdate(0x7FFF_FFFF, stream: 1),
            expected: .streamError([.flowControl])),
        ConformanceCase(
            name: "6.9.1 a response waits for its window, and goes on when it opens",
            greeting: Frame.preface + Frame.settings([(4, 1)]),
            bytes: request + Frame.settings([(4, 65_535)]), expected: .served(1)),
        ConformanceCase(
            name: "6.9.2 a window that becomes negative, and is opened again",
            bytes: request + Frame.settings([(4, 0)]) + Frame.settings([(4, 3)]) + Frame.windowUpdate(100, stream: 1),
            expected: .served(1)),
        ConformanceCase(
            name: "6.9.2 a setting that takes a window beyond 2³¹ − 1",
            bytes: open() + Frame.windowUpdate(0x7FFF_0001, stream: 1) + Frame.settings([(4, 0x7FFF_FFFF)]),
            expected: .connectionError([.flowControl])),
    ]

    // MARK: §6.10

    private static let continuations: [ConformanceCase] = [
        ConformanceCase(
            name: "6.10 several CONTINUATION frames",
            bytes: block(requestBlock, flags: Frame.endStream) + Frame.continuation(Frame.block([("x-a", "1")]))
                + Frame.continuation(Frame.block([("x-b", "1")]), flags: Frame.endHeaders), expected: .served(1)),
        ConformanceCase(
            name: "6.10 a field cut in two",
            bytes: block(Array(requestBlock.dropLast(3)), flags: Frame.endStream)
                + Frame.continuation(Array(requestBlock.suffix(3)), flags: Frame.endHeaders), expected: .served(1)),
        ConformanceCase(
            name: "6.10 CONTINUATION of another stream",
            bytes: block(Frame.block(refused), flags: Frame.endStream)
                + Frame.continuation([], stream: 3, flags: Frame.endHeaders),
            expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "6.10 CONTINUATION on stream 0",
            bytes: block(Frame.block(refused), flags: Frame.endStream)
                + Frame.continuation([], stream: 0, flags: Frame.endHeaders),
            expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "6.10 CONTINUATION after a whole block",
            bytes: open() + Frame.continuation(requestBlock, flags: Frame.endHeaders),
            expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "6.10 CONTINUATION after the last one",
            bytes: block(Frame.block(begun), flags: 0) + Frame.continuation([], flags: Frame.endHeaders)
                + Frame.continuation([], flags: Frame.endHeaders), expected: .connectionError([.protocolError])),
        ConformanceCase(
            name: "6.10 CONTINUATION after DATA",
            bytes: open() + Frame.data([1]) + Frame.continuation([], flags: Frame.endHeaders),
            expected: .connectionError([.protocolError])),
    ]

    // MARK: §8

    private static func malformed(_ name: String, _ fields: [Field]) -> ConformanceCase {
        ConformanceCase(name: name, bytes: Frame.headers(fields), expected: .streamError([.protocolError]))
    }

    private static func malformed(_ name: String, with fields: [Field]) -> ConformanceCase {
        malformed(name, FrameCaller.head("/refused") + fields)
    }

    private static func without(_ pseudo: String) -> [Field] { FrameCaller.head("/refused").filter { $0.0 != pseudo } }

    private static func content(_ name: String, length: String, _ frames: [UInt8]) -> ConformanceCase {
        ConformanceCase(
            name: name,
            bytes: FrameCaller.request(
                "/begun", method: "POST", [("content-length", length)], flags: Frame.endHeaders) + frames,
            expected: .streamError([.protocolError]))
    }

    private static let messages: [ConformanceCase] = [
        ConformanceCase(name: "8.1 GET", bytes: request, expected: .served(1)),
        ConformanceCase(name: "8.1 HEAD", bytes: FrameCaller.request(method: "HEAD"), expected: .served(1)),
        ConformanceCase(
            name: "8.1 POST",
            bytes: FrameCaller.request(method: "POST", flags: Frame.endHeaders)
                + Frame.data(Array("content".utf8), flags: Frame.endStream), expected: .served(1)),
        ConformanceCase(
            name: "8.1 POST with trailers",
            bytes: FrameCaller.request(method: "POST", flags: Frame.endHeaders) + Frame.data(Array("content".utf8))
                + Frame.headers([("x-trailer", "1")]), expected: .served(1)),
        ConformanceCase(
            name: "8.1 trailers that do not end the stream",
            bytes: open() + Frame.data([1]) + Frame.headers([("x-trailer", "1")], flags: Frame.endHeaders),
            expected: .streamError([.protocolError])),
        malformed("8.2.1 a name in upper case", with: [("X-Test", "1")]),
        malformed("8.2.1 a name with a space", with: [("x test", "1")]),
        malformed("8.2.1 a name with a colon", with: [("x:test", "1")]),
        malformed("8.2.1 a value with a line feed", with: [("x-test", "a\nb")]),
        malformed("8.2.1 a value with NUL", with: [("x-test", "a\0b")]),
        malformed("8.2.1 a value with a blank before it", with: [("x-test", " a")]),
        malformed("8.2.2 connection", with: [("connection", "keep-alive")]),
        malformed("8.2.2 keep-alive", with: [("keep-alive", "5")]),
        malformed("8.2.2 proxy-connection", with: [("proxy-connection", "close")]),
        malformed("8.2.2 transfer-encoding", with: [("transfer-encoding", "chunked")]),
        malformed("8.2.2 upgrade", with: [("upgrade", "websocket")]),
        malformed("8.2.2 te with more than trailers", with: [("te", "trailers, deflate")]),
        malformed("8.3 an unknown pseudo-field", with: [(":test", "ok")]),
        malformed("8.3 a response's pseudo-field", with: [(":status", "200")]),
        malformed(
            "8.3 a pseudo-field behind a field",
            [
                (":method", "GET"), (":scheme", "https"), ("x-test", "1"), (":authority", "localhost"),
                (":path", "/refused"),
            ]),
        ConformanceCase(
            name: "8.3 a pseudo-field among trailers", bytes: open() + Frame.headers([(":method", "GET")]),
            expected: .streamError([.protocolError])),
        malformed("8.3.1 an empty path", without(":path") + [(":path", "")]),
        malformed("8.3.1 a path that is none", without(":path") + [(":path", "refused")]),
        malformed("8.3.1 no method", without(":method")),
        malformed("8.3.1 no scheme", without(":scheme")),
        malformed("8.3.1 no path", without(":path")),
        malformed("8.3.1 two methods", with: [(":method", "GET")]),
        malformed("8.3.1 two schemes", with: [(":scheme", "https")]),
        malformed("8.3.1 two paths", with: [(":path", "/refused")]),
        malformed("8.3.1 two authorities", with: [(":authority", "localhost")]),
        malformed("8.3.1 an authority that holds a user", without(":authority") + [(":authority", "user@localhost")]),
        malformed("8.3.1 another host beside the authority", with: [("host", "api.poterne.example")]),
        malformed(
            "8.5 CONNECT with a path", [(":method", "CONNECT"), (":authority", "localhost:1"), (":path", "/refused")]),
        content("8.1.1 less content than said", length: "9", Frame.data([1], flags: Frame.endStream)),
        content("8.1.1 more content than said", length: "1", Frame.data([1, 2], flags: Frame.endStream)),
        content(
            "8.1.1 less content than said, in several frames", length: "9",
            Frame.data([1]) + Frame.data([1], flags: Frame.endStream)),
        content("8.1.1 content where none is said", length: "0", Frame.data([1], flags: Frame.endStream)),
        malformed("8.1.1 no content where some is said", with: [("content-length", "7")]),
    ]

    // MARK: RFC 7541

    /// The four pseudo-fields of a request, none of them in the dynamic table.
    private static func compressed(
        _ name: String, _ bytes: [UInt8], before: [UInt8] = requestBlock, expected: Outcome
    ) -> ConformanceCase {
        ConformanceCase(name: name, bytes: block(before + bytes), expected: expected)
    }

    private static let compression: [ConformanceCase] = [
        compressed(
            "HPACK 2.3.1 fields of the static table", [],
            before: [0x82, 0x87, 0x84] + Frame.block([(":authority", "localhost")]),
            expected: .served(1)),
        compressed(
            "HPACK 2.3.2 a field of the dynamic table",
            [0x40] + Frame.block([("x-test", "1")]).dropFirst() + [0xBE], expected: .served(1)),
        compressed(
            "HPACK 2.3.3 an index beyond both tables", [0xFF, 0x20], expected: .connectionError([.compression])),
        compressed(
            "HPACK 2.3.3 a literal whose name is beyond both tables", [0x7F, 0x20, 1, 0x61],
            expected: .connectionError([.compression])),
        compressed(
            "HPACK 4.2 a change of the table's size behind a field", [0x20], expected: .connectionError([.compression])),
        compressed(
            "HPACK 4.2 a change of the table's size before the fields", requestBlock, before: [0x20],
            expected: .served(1)),
        compressed(
            "HPACK 5.1 a number that is too large", [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
            expected: .connectionError([.compression])),
        compressed(
            "HPACK 5.2 a Huffman string",
            [0, 1, 0x78, 0x8C, 0xF1, 0xE3, 0xC2, 0xE5, 0xF2, 0x3A, 0x6B, 0xA0, 0xAB, 0x90, 0xF4, 0xFF],
            expected: .served(1)),
        compressed(
            "HPACK 5.2 padding of a whole octet", [0, 1, 0x78, 0x82, 0x1F, 0xFF],
            expected: .connectionError([.compression])),
        compressed(
            "HPACK 5.2 padding that is not of ones", [0, 1, 0x78, 0x81, 0x18],
            expected: .connectionError([.compression])),
        compressed(
            "HPACK 5.2 the end-of-string symbol", [0, 1, 0x78, 0x84, 0xFF, 0xFF, 0xFF, 0xFC],
            expected: .connectionError([.compression])),
        compressed(
            "HPACK 5.2 a string longer than its block", [0, 0x7E, 0x61], expected: .connectionError([.compression])),
        compressed("HPACK 6.1 index 0", [0x80], expected: .connectionError([.compression])),
        compressed(
            "HPACK 6.2.3 a field never to be indexed", [0x10] + Frame.block([("x-test", "1")]).dropFirst(),
            expected: .served(1)),
        compressed(
            "HPACK 6.3 a table larger than offered", requestBlock, before: [0x3F, 0xE2, 0x1F],
            expected: .connectionError([.compression])),
    ]
}
