import EventLoop
import Testing

@testable import Gateway

@Suite("The PROXY header")
struct ProxyHeaderTests {
    private static func read(_ bytes: [UInt8]) throws(ProxyHeader.Malformed) -> ProxyHeader.Progress {
        try ProxyHeader.read(bytes.span)
    }

    private static func second(_ command: UInt8, _ family: UInt8, _ content: [UInt8], length: Int? = nil) -> [UInt8] {
        let length = length ?? content.count
        return Array("\r\n\r\n\0\r\nQUIT\n".utf8) + [command, family, UInt8(length >> 8), UInt8(length & 0xFF)]
            + content
    }

    private static let short: [UInt8] = [192, 0, 2, 1, 198, 51, 100, 2, 0x30, 0x39, 0x01, 0xBB]
    private static let long: [UInt8] =
        [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1] + [UInt8](repeating: 9, count: 16)
        + [0x30, 0x39, 0x01, 0xBB]

    private static let accepted: [(header: [UInt8], source: ProxyHeader.Source)] = [
        (Array("PROXY TCP4 192.0.2.1 198.51.100.2 12345 443\r\n".utf8), .caller(.v4(0xC000_0201, port: 12345))),
        (
            Array("PROXY TCP6 2001:db8::1 ::1 12345 443\r\n".utf8),
            .caller(.v6(high: 0x2001_0DB8_0000_0000, low: 1, scope: 0, port: 12345))
        ),
        (Array("PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n".utf8), .caller(.v4(0xC000_0201, port: 1))),
        (Array("PROXY UNKNOWN\r\n".utf8), .proxyItself),
        (Array("PROXY UNKNOWN ffff:f...f whatever\r\n".utf8), .proxyItself),
        (second(0x21, 0x11, short), .caller(.v4(0xC000_0201, port: 12345))),
        (second(0x21, 0x11, short + [0x04, 0, 1, 0]), .caller(.v4(0xC000_0201, port: 12345))),
        (second(0x21, 0x21, long), .caller(.v6(high: 0x2001_0DB8_0000_0000, low: 1, scope: 0, port: 12345))),
        (second(0x20, 0x00, []), .proxyItself),
        (second(0x20, 0x11, short), .proxyItself),
        (second(0x21, 0x00, [1, 2, 3]), .proxyItself),
    ]

    @Test("what is well formed is read to its end, whatever follows, and byte by byte", arguments: 0..<accepted.count)
    func wellFormed(_ index: Int) throws {
        let (header, source) = Self.accepted[index]
        #expect(try Self.read(header + Array("PROXY".utf8)) == .complete(source, length: header.count))
        for count in 0..<header.count { #expect(try Self.read(Array(header.prefix(count))) == .incomplete) }
    }

    @Test(
        "what is not is refused",
        arguments: [
            ("GET / HTTP/1.1\r\n", ProxyHeader.Malformed.signature), ("proxy TCP4 1.1.1.1 2.2.2.2 1 2\r\n", .signature),
            ("\u{16}\u{03}\u{01}", .signature), ("PROXYTCP4", .signature), ("PROXY TCP4 1.1.1.1 2.2.2.2 1 2\n", .line),
            ("PROXY TCP4 1.1.1.1 2.2.2.2 1 2\rX", .line), ("PROXY TCP4\t1.1.1.1 2.2.2.2 1 2\r\n", .line),
            ("PROXY \r\n", .words), ("PROXY TCP4 1.1.1.1 2.2.2.2 1\r\n", .words),
            ("PROXY TCP4 1.1.1.1 2.2.2.2 1 2 3\r\n", .words), ("PROXY TCP4  1.1.1.1 2.2.2.2 1 2\r\n", .words),
            ("PROXY TCP5 1.1.1.1 2.2.2.2 1 2\r\n", .words), ("PROXY TCP4 1.1.1.1 2.2.2.2 1 2 \r\n", .words),
            ("PROXY TCP4 ::1 ::1 1 2\r\n", .address), ("PROXY TCP6 1.1.1.1 ::1 1 2\r\n", .address),
            ("PROXY TCP4 01.1.1.1 2.2.2.2 1 2\r\n", .address), ("PROXY TCP4 1.1.1.1 2.2.2.2 01 2\r\n", .address),
            ("PROXY TCP4 1.1.1.1 2.2.2.2 65536 2\r\n", .address), ("PROXY TCP4 1.1.1.1 2.2.2.2 +1 2\r\n", .address),
            ("PROXY TCP4 1.1.1.1 localhost 1 2\r\n", .address),
            ("PROXY UNKNOWN " + String(repeating: "x", count: 100) + "\r\n", .line),
            ("PROXY UNKNOWN " + String(repeating: "x", count: 100), .line),
        ])
    func malformedLine(_ text: String, _ error: ProxyHeader.Malformed) {
        #expect(throws: error) { try Self.read(Array(text.utf8)) }
    }

    @Test("so is what is not in version 2")
    func malformedBinary() {
        #expect(throws: ProxyHeader.Malformed.signature) { try Self.read([0x0D, 0x0A, 0x0D, 0x0B]) }
        #expect(throws: ProxyHeader.Malformed.command) { try Self.read(Self.second(0x11, 0x11, Self.short)) }
        #expect(throws: ProxyHeader.Malformed.command) { try Self.read(Self.second(0x22, 0x11, Self.short)) }
        for family: UInt8 in [0x12, 0x22, 0x31, 0x32, 0x01, 0x10, 0xFF] {
            #expect(throws: ProxyHeader.Malformed.family) { try Self.read(Self.second(0x21, family, Self.long)) }
        }
        #expect(throws: ProxyHeader.Malformed.length) {
            try Self.read(Self.second(0x21, 0x11, Array(Self.short.dropLast())))
        }
        #expect(throws: ProxyHeader.Malformed.length) { try Self.read(Self.second(0x21, 0x21, Self.short)) }
        #expect(throws: ProxyHeader.Malformed.length) { try Self.read(Self.second(0x20, 0, [], length: 65_535)) }
    }

    @Test("no mutation of a header traps, or is read beyond its end")
    func mutations() {
        var generator = SplitMix(state: 0x5EED)
        for round in 0..<20_000 {
            var bytes = Self.accepted[round % Self.accepted.count].header
            for _ in 0...Int.random(in: 0..<3, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &generator)
                case 1 where bytes.count > 1: bytes.remove(at: index)
                default: bytes.insert(UInt8.random(in: .min ... .max, using: &generator), at: index)
                }
            }
            guard case .complete(_, let length)? = try? Self.read(bytes) else { continue }
            #expect(length <= bytes.count)
            // The end does not depend on what follows it.
            #expect((try? Self.read(Array(bytes.prefix(length)))) == (try? Self.read(bytes)))
        }
    }
}

/// Random numbers that are the same in each run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
