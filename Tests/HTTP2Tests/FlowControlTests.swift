import HTTP
import HTTP2
import HTTP2Frames
import Testing

@Suite("Flow control")
struct FlowControlTests {
    @Test("No more comes than the window until what came is consumed")
    func windowIsHeldBack() throws {
        var limits = HTTP2Limits()
        limits.streamWindow = 70_000
        let pair = try SessionPair(server: limits)
        pair.server.consumesAtOnce = false
        let answer = try pair.send(SessionPair.request("POST", "/", framing: .chunked))
        answer.stream?.send([UInt8](repeating: 1, count: 200_000).span)
        answer.stream?.end()
        pair.exchange()
        let request = try #require(pair.server.requests.first)
        #expect(request.body.count == 70_000)
        request.stream?.consume(50_000)
        pair.exchange()
        #expect(request.body.count == 120_000)
        request.stream?.consume(70_000)
        pair.exchange()
        request.stream?.consume(70_000)
        pair.exchange()
        #expect(request.body.count == 200_000)
        #expect(request.isEnded)
    }

    @Test("The connection's window bounds all streams together, and dead streams give theirs back")
    func connectionWindow() throws {
        var limits = HTTP2Limits()
        limits.connectionWindow = 100_000
        let pair = try SessionPair(server: limits)
        pair.server.consumesAtOnce = false
        let answers = try (0..<3).map { _ in
            let answer = try pair.send(SessionPair.request("POST", "/", framing: .chunked))
            answer.stream?.send([UInt8](repeating: 1, count: 60_000).span)
            answer.stream?.end()
            return answer
        }
        pair.exchange()
        #expect(pair.server.requests.reduce(0) { $0 + $1.body.count } == 100_000)
        answers[0].stream?.reset(.cancel)
        answers[1].stream?.reset(.cancel)
        pair.exchange()
        #expect(pair.server.requests[2].body.count == 60_000)
    }

    @Test("A consumer may not give back more than it got")
    func overConsumption() throws {
        let pair = try SessionPair()
        pair.server.consumesAtOnce = false
        let answer = try pair.send(SessionPair.request("POST", "/", framing: .chunked))
        answer.stream?.send([1, 2, 3].span)
        pair.exchange()
        pair.server.requests.first?.stream?.consume(Int.max)
        pair.server.requests.first?.stream?.consume(-5)
        pair.exchange()
        #expect(pair.serverError == nil && pair.clientError == nil)
    }

    @Test("A full stream asks its source to stop, and to go on when it has drained")
    func highAndLowWater() throws {
        var limits = HTTP2Limits()
        limits.streamWindow = 65_535
        let pair = try SessionPair(client: limits)
        let answer = try pair.send(SessionPair.request(), consumesAtOnce: false)
        pair.exchange()
        let request = try #require(pair.server.requests.first)
        let stream = try #require(request.stream)
        stream.respond(SessionPair.response(framing: .chunked), endsHere: false)
        var sent = 0
        while !stream.isFull {
            stream.send([UInt8](repeating: 2, count: 10_000).span)
            sent += 10_000
        }
        #expect(sent == 70_000)
        pair.exchange()
        // The peer's window let most of it through.
        #expect(!stream.isFull)
        #expect(request.drains == 1)
        while !stream.isFull { stream.send([UInt8](repeating: 2, count: 10_000).span) }
        pair.exchange()
        #expect(stream.isFull)
        #expect(request.drains == 1)
        answer.stream?.consume(answer.body.count)
        pair.exchange()
        #expect(request.drains == 2)
        #expect(pair.serverSession.bufferedBytes == stream.bufferedBytes)
    }

    @Test("When the session as a whole holds too much, each stream is held to the low-water mark")
    func connectionHighWater() throws {
        var limits = HTTP2Limits()
        limits.connectionHighWater = 100_000
        let pair = try SessionPair(server: limits)
        let answers = try (0..<3).map { _ in try pair.send(SessionPair.request(), consumesAtOnce: false) }
        pair.exchange()
        let streams = pair.server.requests.compactMap(\.stream)
        for stream in streams { stream.respond(SessionPair.response(framing: .chunked), endsHere: false) }
        for stream in streams { stream.send([UInt8](repeating: 0, count: 40_000).span) }
        #expect(streams.allSatisfy { $0.isFull })
        pair.exchange()
        #expect(streams.allSatisfy { !$0.isFull })
        #expect(answers.allSatisfy { $0.body.count == 40_000 })
        #expect(pair.serverSession.bufferedBytes == 0)
    }

    @Test("Output comes in pieces of the size that is asked for", arguments: [1, 100, 16 * 1024])
    func pieces(limit: Int) throws {
        let pair = try SessionPair()
        pair.pieceLimit = limit
        let content = [UInt8](repeating: 9, count: 300_000)
        pair.server.onRequest = { request in
            request.stream?.respond(SessionPair.response(framing: .length(300_000)), endsHere: false)
            request.stream?.send(content.span)
            request.stream?.end()
        }
        let answer = try pair.send(SessionPair.request())
        pair.exchange()
        #expect(answer.body == content)
        // One frame more than the limit at the most.
        #expect(pair.largestPiece <= limit + 16 * 1024)
    }

    @Test("A stream that is reset while its frame waits for room leaves no half frame", arguments: [1, 40, 16_400])
    func resetWithinFrame(limit: Int) throws {
        let pair = try SessionPair()
        let first = try pair.send(SessionPair.request())
        let second = try pair.send(SessionPair.request())
        pair.exchange()
        let streams = pair.server.requests.compactMap(\.stream)
        for stream in streams {
            stream.respond(SessionPair.response(framing: .length(60_000)), endsHere: false)
            stream.send([UInt8](repeating: 5, count: 60_000).span)
            stream.end()
        }
        pair.pieceLimit = limit
        for _ in 0..<3 {
            let bytes = pair.takeOutput(of: pair.serverSession)
            try pair.clientSession.receive(bytes.span, at: 0)
        }
        streams[0].reset(.cancel)
        pair.exchange()
        #expect(pair.clientError == nil && pair.serverError == nil)
        #expect(first.closed != nil)
        #expect(second.body == [UInt8](repeating: 5, count: 60_000))
        #expect(second.isEnded)
    }

    @Test("A stream that drains may send more at once, from the event")
    func refill() throws {
        let pair = try SessionPair()
        let answer = try pair.send(SessionPair.request())
        pair.exchange()
        let request = try #require(pair.server.requests.first)
        let stream = try #require(request.stream)
        var left = 50
        let fill = {
            while left > 0, !stream.isFull {
                stream.send([UInt8](repeating: 3, count: 20_000).span)
                left -= 1
            }
            if left == 0 { stream.end() }
        }
        request.onDrained = fill
        stream.respond(SessionPair.response(framing: .length(1_000_000)), endsHere: false)
        fill()
        pair.exchange()
        #expect(answer.body.count == 1_000_000)
        #expect(answer.isEnded)
    }
}
