import Testing

@testable import DER

@Suite("The cursor reads DER and nothing else")
struct CursorTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        let what: String
        let bytes: [UInt8]
        let error: DERError
        var testDescription: String { what }
    }

    static let refusals = [
        Refusal(what: "nothing", bytes: [], error: .truncated(at: 0)),
        Refusal(what: "a tag alone", bytes: [0x30], error: .truncated(at: 0)),
        Refusal(what: "a tag of several octets", bytes: [0x1F, 0x81, 0x00], error: .highTagNumber(at: 0)),
        Refusal(what: "a high tag of another class", bytes: [0xBF, 0x20, 0x00], error: .highTagNumber(at: 0)),
        Refusal(what: "an indefinite length", bytes: [0x30, 0x80, 0, 0], error: .indefiniteLength(at: 1)),
        Refusal(what: "a long form below 128", bytes: [0x04, 0x81, 0x01, 0xAA], error: .nonMinimalLength(at: 1)),
        Refusal(
            what: "a long form of 127", bytes: [0x04, 0x81, 0x7F] + [UInt8](repeating: 0, count: 127),
            error: .nonMinimalLength(at: 1)),
        Refusal(
            what: "a leading zero in a length", bytes: [0x04, 0x82, 0x00, 0x80] + [UInt8](repeating: 0, count: 128),
            error: .nonMinimalLength(at: 1)),
        Refusal(what: "five octets of length", bytes: [0x04, 0x85, 1, 0, 0, 0, 0], error: .lengthTooLarge(at: 1)),
        Refusal(what: "127 octets of length", bytes: [0x04, 0xFF, 1, 0, 0, 0, 0], error: .lengthTooLarge(at: 1)),
        Refusal(what: "a length of 4 GiB", bytes: [0x04, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], error: .truncated(at: 0)),
        Refusal(what: "a cut length", bytes: [0x04, 0x82, 0x01], error: .truncated(at: 0)),
        Refusal(what: "a content one octet short", bytes: [0x04, 0x02, 0x01], error: .truncated(at: 0)),
    ]

    @Test("refused, and the cursor stays", arguments: refusals)
    func refused(_ refusal: Refusal) {
        let bytes = refusal.bytes
        var cursor = DERCursor(all: bytes.span)
        var thrown: DERError?
        do throws(DERError) {
            _ = try cursor.next(in: bytes.span)
        } catch {
            thrown = error
        }
        #expect(thrown == refusal.error)
        #expect(cursor.position == 0)
    }

    @Test("lengths around every change of form are read back", arguments: [0, 1, 127, 128, 255, 256, 65_535, 65_536])
    func lengths(_ count: Int) throws {
        var writer = DERWriter()
        writer.octetString([UInt8](repeating: 0xAB, count: count))
        writer.null()
        let bytes = writer.bytes
        var cursor = DERCursor(all: bytes.span)
        let element = try cursor.next(.octetString, in: bytes.span)
        #expect(element.content.count == count)
        #expect(element.whole == 0..<(bytes.count - 2))
        try cursor.next(.null, in: bytes.span).null()
        try cursor.expectEnd()
    }

    @Test("an element is refused at every truncation of it")
    func truncations() {
        var writer = DERWriter()
        writer.octetString([UInt8](repeating: 1, count: 300))
        for count in 0..<writer.bytes.count {
            let cut = Array(writer.bytes[..<count])
            var cursor = DERCursor(all: cut.span)
            let element = try? cursor.next(in: cut.span)
            #expect(element == nil, "cut at \(count)")
        }
    }

    @Test("a cursor never reads past its range, nor a range past the bytes")
    func ranges() throws {
        let bytes: [UInt8] = [0x30, 0x02, 0x04, 0x02, 0xAA, 0xBB]
        var outer = DERCursor(all: bytes.span)
        var inner = try outer.next(.sequence, in: bytes.span).children
        let beyond = try? inner.next(in: bytes.span)
        #expect(beyond == nil)
        var wild = DERCursor(0..<1_000)
        #expect(wild.peek(in: bytes.span) == nil)
        let element = try? wild.next(in: bytes.span)
        #expect(element == nil)
        var negative = DERCursor(-3..<4)
        let before = try? negative.next(in: bytes.span)
        #expect(before == nil)
    }

    @Test("what is missing, other or too much is named")
    func expectations() throws {
        let bytes: [UInt8] = [0x05, 0x00, 0x02, 0x01, 0x07]
        var cursor = DERCursor(all: bytes.span)
        let absent = try cursor.optional(.boolean, in: bytes.span)
        #expect(absent == nil)
        let null = try cursor.optional(.null, in: bytes.span)
        #expect(null?.whole == 0..<2)
        do throws(DERError) {
            _ = try cursor.next(.sequence, in: bytes.span)
            Issue.record("an INTEGER passed for a SEQUENCE")
        } catch {
            #expect(error == .unexpectedTag(expected: .sequence, found: .integer, at: 2))
        }
        #expect(throws: DERError.trailingBytes(at: 2)) { try cursor.expectEnd() }
        let seven = try cursor.next(.integer, in: bytes.span).smallInteger(in: bytes.span)
        #expect(seven == 7)
        #expect(cursor.isAtEnd)
        do throws(DERError) {
            _ = try cursor.next(.integer, in: bytes.span)
            Issue.record("an element was read after the last")
        } catch {
            #expect(error == .missing(.integer, at: 5))
        }
    }

    @Test("random bytes never trap and never lead outside")
    func noise() {
        var generator = SeededGenerator(state: 0x5EED)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<24, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            var cursor = DERCursor(all: bytes.span)
            while let element = try? cursor.next(in: bytes.span) {
                let isInside = element.content.lowerBound >= 0 && element.content.upperBound <= bytes.count
                #expect(isInside)
                _ = try? element.boolean(in: bytes.span)
                _ = try? element.smallInteger(in: bytes.span)
                _ = try? element.bitString(in: bytes.span)
                _ = try? element.objectIdentifier(in: bytes.span)
                _ = try? element.time(in: bytes.span)
            }
        }
    }
}

/// Numbers that are the same at every run: SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
