import HTTP
import HTTP1
import HTTP1Corpus
import Testing

/// A generator whose sequence is known (SplitMix64), so that what a test found it finds again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

@Suite("Mutated messages")
struct FuzzTests {
    /// What mutations put in: what the grammar turns on.
    private static let pieces: [String] = [
        "\r", "\n", "\r\n", "\r\n\r\n", " ", "\t", ":", ",", ";", "\0", "0", "f", "ffffffffffffffff", "chunked",
        "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n", "Host: b\r\n", "HTTP/1.1", "?", "#", "%", "\u{FF}",
        "Connection: close, host, x\r\n",
    ]

    private static func mutate(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0:
                if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &random) }
            case 1:
                if place < bytes.count { bytes.remove(at: place) }
            case 2:
                bytes.insert(contentsOf: (pieces.randomElement(using: &random) ?? "").utf8, at: place)
            case 3:
                let end = min(bytes.count, place + Int.random(in: 0..<40, using: &random))
                bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
            default:
                bytes.removeLast(bytes.count - place)
            }
        }
        return bytes
    }

    /// Whether two ways of arriving led to the same.
    ///
    /// A line that is at fault and has no end yet may be refused at once or waited for: it is looked at again
    /// when its end arrives.
    private static func agree(_ whole: String, _ parts: String) -> Bool {
        whole == parts || (whole.hasPrefix("refused") && parts == "incomplete")
    }

    @Test("a mutated request never traps, and comes out the same however it arrives")
    func requests() {
        var random = SeededGenerator(state: 0x504F_5445_524E_45)
        let seeds = CorpusMessage.requests.filter { $0.bytes.count < 1000 }
        for _ in 0..<20_000 {
            guard let seed = seeds.randomElement(using: &random) else { return }
            let bytes = FuzzTests.mutate(seed.bytes, &random)
            let whole = Reading.request(bytes.span, step: max(1, bytes.count))
            let step = Int.random(in: 1...11, using: &random)
            let parts = Reading.request(bytes.span, step: step)
            #expect(FuzzTests.agree(whole, parts), "\(bytes.span.text.debugDescription), \(step) at a time")
        }
    }

    @Test("a mutated response never traps, and comes out the same however it arrives")
    func responses() {
        var random = SeededGenerator(state: 0x7265_7370)
        let seeds = CorpusMessage.responses.filter { $0.bytes.count < 1000 }
        for _ in 0..<10_000 {
            guard let seed = seeds.randomElement(using: &random) else { return }
            let bytes = FuzzTests.mutate(seed.bytes, &random)
            let whole = Reading.response(bytes.span, to: seed.method, step: max(1, bytes.count))
            let step = Int.random(in: 1...11, using: &random)
            let parts = Reading.response(bytes.span, to: seed.method, step: step)
            #expect(FuzzTests.agree(whole, parts), "\(bytes.span.text.debugDescription), \(step) at a time")
        }
    }

    @Test("a request that is accepted is written as one that reads the same")
    func roundTrip() {
        var random = SeededGenerator(state: 0x726F_756E_64)
        let seeds = CorpusMessage.requests.filter { $0.bytes.count < 1000 && $0.outcome.hasPrefix("accepted") }
        for _ in 0..<20_000 {
            guard let seed = seeds.randomElement(using: &random) else { return }
            let bytes = FuzzTests.mutate(seed.bytes, &random)
            var head = RequestHead()
            guard let consumed = try? Reading.requestHead(bytes.span, step: bytes.count, into: &head), consumed > 0,
                head.authority != nil
            else { continue }
            head.fields.removeHopByHop { _ in false }
            var written: [UInt8] = []
            encodeRequestHead(head, framing: head.framing, connection: .persistent, into: &written)
            // Whatever a recipient looks for the end of the head by, it finds it in one place.
            #expect(written.suffix(4) == [13, 10, 13, 10])
            var again = RequestHead()
            let end = try? Reading.requestHead(written.span, step: written.count, into: &again)
            #expect(end == written.count, "\(bytes.span.text.debugDescription)")
            #expect(again.text(again.authority ?? 0..<0) == head.text(head.authority ?? 0..<0))
            #expect(again.framing == head.framing || (head.framing == .none && again.framing == .length(0)))
        }
    }
}
