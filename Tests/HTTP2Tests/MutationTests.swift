import HTTP
import HTTP2
import HTTP2Frames
import Testing

/// Bytes that are nearly right: whatever comes of them, nothing traps, and the session either goes on or says why not.
@Suite("Mutations")
struct MutationTests {
    /// A small generator, so that a failure can be had again from its seed.
    struct Dice {
        var state: UInt64

        mutating func roll(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
    }

    private static let conversation: [UInt8] =
        Frame.preface + Frame.settings([(0x3, 100), (0x4, 70_000)]) + Frame.settingsAcknowledgement
        + Frame.windowUpdate(100_000)
        + Frame.headers(Frame.getFields + [("accept", "*/*"), ("cookie", "a=1"), ("cookie", "b=2")])
        + Frame.headers(Frame.getFields + [("content-length", "6")], stream: 3, flags: Frame.endHeaders)
        + Frame.data([1, 2, 3], stream: 3) + Frame.ping() + Frame.data([4, 5, 6], stream: 3, flags: Frame.endStream)
        + Frame.priority(stream: 5, on: 3)
        + Frame.headers(Frame.getFields, stream: 5, flags: Frame.endStream)
        + Frame.continuation(Frame.block([("x-more", "yes")]), stream: 5, flags: Frame.endHeaders)
        + Frame.headers(Frame.getFields, stream: 7, flags: Frame.endHeaders)
        + Frame.data([UInt8](repeating: 8, count: 500), stream: 7)
        + Frame.headers([("x-trailer", "1")], stream: 7) + Frame.reset(stream: 7)

    @Test("A mutated conversation never traps", arguments: 1...40)
    func mutatedConversation(seed: Int) throws {
        var dice = Dice(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
        for _ in 0..<50 {
            var bytes = Self.conversation
            for _ in 0...dice.roll(4) { Self.mutate(&bytes, &dice) }
            try Self.play(bytes, &dice)
        }
    }

    @Test("Random frames never trap", arguments: 1...20)
    func randomFrames(seed: Int) throws {
        var dice = Dice(state: UInt64(seed) &* 0xD134_2543_DE82_EF95)
        for _ in 0..<50 {
            var bytes = Frame.preface + Frame.settings()
            for _ in 0..<dice.roll(20) {
                let payload = (0..<dice.roll(60)).map { _ in UInt8(dice.roll(256)) }
                bytes += Frame.frame(
                    UInt8(dice.roll(12)), flags: UInt8(dice.roll(256)), stream: UInt32(dice.roll(8)), payload)
            }
            try Self.play(bytes, &dice)
        }
    }

    private static func mutate(_ bytes: inout [UInt8], _ dice: inout Dice) {
        let position = dice.roll(bytes.count)
        switch dice.roll(6) {
        case 0: bytes[position] = UInt8(dice.roll(256))
        case 1: bytes[position] ^= UInt8(1 << dice.roll(8))
        case 2: bytes.remove(at: position)
        case 3: bytes.insert(UInt8(dice.roll(256)), at: position)
        case 4: bytes.removeSubrange(position..<min(position + dice.roll(40), bytes.count - 1))
        default:
            let end = min(position + dice.roll(60), bytes.count)
            bytes.insert(contentsOf: bytes[position..<end], at: dice.roll(bytes.count))
        }
    }

    /// Feeds the bytes in pieces of any size to a server that answers, resets and consumes as the dice fall.
    private static func play(_ bytes: [UInt8], _ dice: inout Dice) throws {
        let server = try RawServer(greets: false)
        var choices = Dice(state: dice.state | 1)
        server.delegate.onRequest = { request in
            switch choices.roll(4) {
            case 0: request.stream?.respond(SessionPair.response(), endsHere: true)
            case 1:
                request.stream?.respond(SessionPair.response(framing: .chunked), endsHere: false)
                request.stream?.send([UInt8](repeating: 1, count: 100_000).span)
                request.stream?.end()
            case 2: request.stream?.reset(.cancel)
            default: request.stream?.ignoreRest()
            }
        }
        var position = 0
        while position < bytes.count {
            let end = min(position + 1 + dice.roll(200), bytes.count)
            server.feed(Array(bytes[position..<end]))
            position = end
        }
        if server.error != nil { #expect(server.session.isFinished) }
        server.session.close()
        #expect(server.delegate.requests.allSatisfy { $0.closed != nil })
    }
}
