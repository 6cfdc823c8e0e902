import Testing

@testable import DER

@Suite("Primitive values have one encoding")
struct ValueTests {
    /// The first element of bytes that hold one.
    private func only(_ bytes: [UInt8]) throws -> DERElement {
        var cursor = DERCursor(all: bytes.span)
        return try cursor.next(in: bytes.span)
    }

    @Test("a BOOLEAN is 00 or FF", arguments: [[0x01, 0x00], [0x01, 0x01, 0x01], [0x01, 0x02, 0, 0]] as [[UInt8]])
    func booleans(_ bytes: [UInt8]) throws {
        let element = try only(bytes)
        let value = try? element.boolean(in: bytes.span)
        #expect(value == nil)
    }

    @Test(
        "an INTEGER is in its shortest form",
        arguments: [[0x02, 0x00], [0x02, 0x02, 0x00, 0x7F], [0x02, 0x02, 0xFF, 0x80], [0x02, 0x03, 0, 0, 0]]
            as [[UInt8]])
    func paddedIntegers(_ bytes: [UInt8]) throws {
        let element = try only(bytes)
        let octets = try? element.integer(in: bytes.span)
        #expect(octets == nil)
    }

    @Test("a count is neither negative nor larger than fits", arguments: [[0xFF], [0x80], [1, 0, 0, 0, 0, 0, 0, 0]])
    func counts(_ content: [UInt8]) throws {
        let bytes: [UInt8] = [0x02, UInt8(content.count)] + content
        let element = try only(bytes)
        let octets = try element.integer(in: bytes.span)
        #expect(octets.count == content.count)
        let value = try? element.smallInteger(in: bytes.span)
        #expect(value == nil)
    }

    @Test("integers are read back", arguments: [0, 1, 127, 128, 255, 256, 65_535, 1 << 30, (1 << 55) - 1])
    func integers(_ value: Int) throws {
        var writer = DERWriter()
        writer.integer(value)
        let bytes = writer.bytes
        let element = try only(bytes)
        let read = try element.smallInteger(in: bytes.span)
        #expect(read == value)
    }

    @Test(
        "a BIT STRING has true padding",
        arguments: [
            [0x03, 0x00], [0x03, 0x01, 0x01], [0x03, 0x02, 0x08, 0x00], [0x03, 0x02, 0x01, 0x01],
            [0x03, 0x02, 0x07, 0xC0],
        ] as [[UInt8]])
    func bitStrings(_ bytes: [UInt8]) throws {
        let element = try only(bytes)
        let value = try? element.bitString(in: bytes.span)
        #expect(value == nil)
    }

    @Test(
        "named bits lose their trailing zeros",
        arguments: [
            ([0], 0x80, 7), ([5, 6], 0x06, 1), ([7], 0x01, 0),
        ] as [(Set<Int>, UInt8, UInt8)])
    func namedBits(_ bits: Set<Int>, _ octet: UInt8, _ unused: UInt8) {
        var writer = DERWriter()
        writer.namedBits(bits)
        #expect(writer.bytes == [0x03, 0x02, unused, octet])
    }

    @Test("negative numbers and magnitudes are written in their shortest form")
    func writtenIntegers() {
        var writer = DERWriter()
        writer.integer(-1)
        writer.integer(-129)
        writer.integer(magnitude: [])
        writer.integer(magnitude: [0, 0, 0x7F])
        writer.integer(magnitude: [0x80])
        #expect(
            writer.bytes == [2, 1, 0xFF, 2, 2, 0xFF, 0x7F, 2, 1, 0, 2, 1, 0x7F, 2, 2, 0, 0x80])
    }

    @Test("a SET OF is sorted by its encodings")
    func sorted() {
        var writer = DERWriter()
        writer.setOf([[0x0C, 1, 0x62], [0x04, 1, 0x63], [0x0C, 1, 0x61]])
        #expect(writer.bytes == [0x31, 9, 0x04, 1, 0x63, 0x0C, 1, 0x61, 0x0C, 1, 0x62])
    }

    @Test("nested structures are written inside out and read outside in")
    func nesting() throws {
        var writer = DERWriter()
        writer.sequence { outer in
            outer.constructed(.contextConstructed(3)) { inner in
                inner.octetString { $0.utf8String(String(repeating: "é", count: 100)) }
            }
            outer.boolean(true)
        }
        let bytes = writer.bytes
        var file = DERCursor(all: bytes.span)
        var outer = try file.next(.sequence, in: bytes.span).children
        var inner = try outer.next(.contextConstructed(3), in: bytes.span).children
        var octets = try inner.next(.octetString, in: bytes.span).children
        let text = try octets.next(.utf8String, in: bytes.span)
        #expect(text.content.count == 200)
        let flag = try outer.next(.boolean, in: bytes.span).boolean(in: bytes.span)
        #expect(flag)
    }
}

@Suite("Object identifiers")
struct ObjectIdentifierTests {
    @Test(
        "are read back from their dotted form",
        arguments: [
            "0.0", "0.39", "1.2.250.1.213.1.7.1.1.2.4.1", "2.5.29.15", "2.999.3", "2.16.840.1.113730.1.1",
            "1.3.6.1.4.1.311.20.2.2", "1.2.9223372036854775807",
        ])
    func dotted(_ text: String) throws {
        let identifier = try #require(ObjectIdentifier(dotted: text))
        #expect(identifier.dotted == text)
        #expect(ObjectIdentifier(content: identifier.content) == identifier)
    }

    @Test(
        "are none for other texts",
        arguments: [
            "", "1", "3.1", "0.40", "1.40", "1..2", "1.2.", ".1.2", "1.-2", "1.+2", "a.b", "1.2 ",
            "1.2.9223372036854775808",
        ])
    func notDotted(_ text: String) {
        #expect(ObjectIdentifier(dotted: text) == nil)
    }

    @Test(
        "are none for other octets",
        arguments: [[], [0x80], [0x80, 0x01], [0x2A, 0x86], [0x2A, 0x80, 0x01], [UInt8](repeating: 0x2A, count: 65)])
    func malformed(_ content: [UInt8]) {
        #expect(ObjectIdentifier(content: content) == nil)
    }

    @Test("an arc too large to print is read and printed as an ellipsis")
    func hugeArc() throws {
        let identifier = try #require(
            ObjectIdentifier(content: [0x2A] + [UInt8](repeating: 0xFF, count: 10) + [0x7F, 0x01]))
        #expect(identifier.dotted == "1.2.….1")
    }
}
