import HTTP
import HTTP2
import HTTP2Frames
import Testing

@Suite("Floods")
struct FloodTests {
    private static func repeated(_ count: Int, _ bytes: (Int) -> [UInt8]) -> [UInt8] {
        (0..<count).flatMap(bytes)
    }

    @Test("Streams opened and reset at once end the session")
    func rapidReset() throws {
        let server = try RawServer()
        server.feed(
            Self.repeated(201) { index in
                let stream = UInt32(2 * index + 1)
                return Frame.headers(Frame.getFields, stream: stream) + Frame.reset(stream: stream)
            })
        #expect(server.error == .flooded(.resets, count: 201))
        #expect(server.goaways == [.enhanceYourCalm])
        #expect(server.session.isFinished)
        #expect(server.delegate.requests.count == 201)
        #expect(server.delegate.requests.prefix(200).allSatisfy { $0.closed == .cancel })
    }

    @Test("Resets that are few beside what is done are let be")
    func resetsAmongWork() throws {
        let server = try RawServer()
        server.delegate.onRequest = { request in
            if request.stream.map({ $0.id % 4 == 1 }) == true {
                request.stream?.respond(SessionPair.response(), endsHere: true)
            }
        }
        for index in 0..<2000 {
            let stream = UInt32(2 * index + 1)
            server.feed(Frame.headers(Frame.getFields, stream: stream))
            if stream % 4 != 1 { server.feed(Frame.reset(stream: stream)) }
        }
        #expect(server.error == nil)
        #expect(server.session.count(of: .resets) == 1000)
    }

    @Test("Time gives an allowance back")
    func allowanceOverTime() throws {
        let server = try RawServer()
        for second in 0..<60 {
            server.feed(Self.repeated(20) { _ in Frame.ping() }, at: UInt64(second) * 1_000_000_000)
        }
        #expect(server.error == nil)
        server.feed(Self.repeated(200) { _ in Frame.ping() }, at: 60_000_000_000)
        #expect(server.error == .flooded(.pings, count: 1200 + 101) || server.error == .flooded(.pings, count: 1301))
    }

    @Test("Streams made to be reset by us end the session")
    func provokedResets() throws {
        let server = try RawServer()
        for index in 0..<210 {
            let stream = UInt32(2 * index + 1)
            server.feed(
                Frame.headers(Frame.getFields, stream: stream, flags: Frame.endHeaders)
                    + Frame.windowUpdate(0, stream: stream))
        }
        // nghttp2 makes a session error of it; whichever comes first, it ends.
        #expect(server.error != nil)
        #expect(server.session.isFinished)
    }

    @Test(
        "A flood of small frames ends the session",
        arguments: [
            (HTTP2Flood.pings, Frame.ping(), 100), (.pings, Frame.ping(flags: 1), 100),
            (.settings, Frame.settings(), 20), (.priorities, Frame.priority(stream: 9), 500),
            (.windowUpdates, Frame.windowUpdate(1), 2000),
        ])
    func smallFrames(flood: HTTP2Flood, frame: [UInt8], burst: Int) throws {
        let server = try RawServer()
        server.feed(Self.repeated(burst / 2) { _ in frame })
        #expect(server.error == nil)
        server.feed(Self.repeated(burst) { _ in frame })
        guard case .flooded(flood, let count)? = server.error else {
            Issue.record("ended with \(String(describing: server.error))")
            return
        }
        #expect(count <= burst + 3)
        #expect(server.goaways == [.enhanceYourCalm])
    }

    @Test("A flood of empty DATA frames ends the session")
    func emptyData() throws {
        let server = try RawServer()
        server.feed(Frame.headers(Frame.getFields, flags: Frame.endHeaders))
        server.feed(Self.repeated(101) { _ in Frame.data([]) })
        #expect(server.error == .flooded(.emptyFrames, count: 101))
    }

    @Test("DATA that is only padding is empty")
    func paddedData() throws {
        let server = try RawServer()
        server.feed(Frame.headers(Frame.getFields, flags: Frame.endHeaders))
        server.feed(Self.repeated(101) { _ in Frame.data([3, 0, 0, 0], flags: 0x8) })
        #expect(server.error == .flooded(.emptyFrames, count: 101))
    }

    @Test(
        "A field section in too many CONTINUATION frames ends the session", arguments: [[], Frame.block([("x", "1")])])
    func continuations(block: [UInt8]) throws {
        let server = try RawServer()
        server.feed(Frame.headers(Frame.getFields, flags: Frame.endStream))
        server.feed(Self.repeated(9) { _ in Frame.continuation(block) })
        #expect(server.error == .continuationFlood(limit: 8))
        #expect(server.goaways == [.enhanceYourCalm])
        #expect(server.session.isFinished)
    }

    @Test("A head that unfolds to many times its size ends the session")
    func headerBomb() throws {
        let server = try RawServer()
        // A field of 3.5 KiB put into the table (RFC 7541 §6.2.1), and then named by one octet, again and again.
        let value = [UInt8](repeating: 0x61, count: 3500)
        let literal: [UInt8] = [0x40, 0x01, 0x78, 0x7F, 0xAD, 0x1A] + value
        let block = Frame.block(Frame.getFields) + literal + [UInt8](repeating: 0xBE, count: 1000)
        server.feed(Frame.frame(0x1, flags: Frame.endStream | Frame.endHeaders, stream: 1, block))
        guard case .headerListBomb(let bytes)? = server.error else {
            Issue.record("ended with \(String(describing: server.error))")
            return
        }
        #expect(bytes <= 4 * 32 * 1024 + 4096)
        #expect(server.goaways == [.enhanceYourCalm])
        #expect(server.delegate.requests.isEmpty)
    }

    @Test("A peer that does not read its acknowledgements is cut off")
    func unreadAcknowledgements() throws {
        var limits = HTTP2Limits()
        limits.acknowledgements = 10
        let delegate = RecordingServer()
        let session = try HTTP2ServerSession(limits: limits, delegate: delegate)
        defer { session.close() }
        try session.receive((Frame.preface + Frame.settings()).span, at: 0)
        let pings = Self.repeated(20) { _ in Frame.ping() }
        #expect(throws: HTTP2Error.unreadAcknowledgements(limit: 10)) { try session.receive(pings.span, at: 0) }
    }

    @Test("More streams than allowed are refused, and no work is made of them")
    func tooManyStreams() throws {
        var limits = HTTP2Limits()
        limits.concurrentStreams = 3
        let server = try RawServer(limits: limits)
        server.feed(Self.repeated(5) { Frame.headers(Frame.getFields, stream: UInt32(2 * $0 + 1)) })
        #expect(server.delegate.requests.count == 3)
        #expect(server.goaways == [.protocolError] || server.resets == [.refusedStream, .refusedStream])
    }

    @Test("Many SETTINGS entries in one frame end the session")
    func settingsEntries() throws {
        let server = try RawServer()
        server.feed(Frame.settings((0..<40).map { _ in (0x3, 100) }))
        #expect(server.session.failure != nil)
        #expect(server.session.isFinished)
    }

    @Test("Frames of unknown types are passed over")
    func unknownFrames() throws {
        let server = try RawServer()
        server.feed(Self.repeated(1000) { _ in Frame.frame(0xBB, [1, 2, 3]) })
        server.feed(Frame.headers(Frame.getFields))
        #expect(server.delegate.requests.count == 1)
    }
}
