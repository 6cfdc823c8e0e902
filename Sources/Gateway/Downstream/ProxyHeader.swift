internal import EventLoop

/// The header in which a proxy before the gateway says where a connection comes from (PROXY protocol, versions 1 and 2).
///
/// Strict: what the specification does not allow is an error, since whoever can make two readers differ about where a
/// header ends speaks in the caller's name behind it. What version 2 may add behind the addresses is skipped.
enum ProxyHeader {
    /// What a header says.
    enum Source: Equatable, Sendable {
        /// The connection is that of a caller at this address.
        case caller(SocketAddress)
        /// The connection is the proxy's own, as for a health check, or of a kind that it does not tell.
        case proxyItself
    }

    /// How far reading came.
    enum Progress: Equatable, Sendable {
        /// All bytes so far belong to the header, and more are to come.
        case incomplete
        /// The header is this long.
        case complete(Source, length: Int)
    }

    /// Why something is no header.
    enum Malformed: Error, Equatable, Sendable {
        /// Neither version begins like this.
        case signature
        /// The line of version 1 is too long, or does not end in CRLF.
        case line
        /// Version 1 says something else than a protocol, two addresses and two ports.
        case words
        /// An address or a port of version 1 is none.
        case address
        /// Another version than 2, or a command that it does not have.
        case command
        /// A family or transport by which nobody comes to this listener.
        case family
        /// Shorter than its addresses, or longer than any header need be.
        case length
    }

    /// Reads a header from the first bytes of a connection.
    static func read(_ bytes: Span<UInt8>) throws(Malformed) -> Progress {
        guard bytes.count > 0 else { return .incomplete }
        return bytes[0] == 0x0D ? try readSecond(bytes) : try readFirst(bytes)
    }

    private static func begins(_ bytes: Span<UInt8>, with signature: StaticString) -> Bool {
        for index in 0..<min(bytes.count, signature.utf8CodeUnitCount)
        where bytes[index] != byte(index, of: signature) { return false }
        return true
    }

    private static func byte(_ index: Int, of text: StaticString) -> UInt8 {
        text.withUTF8Buffer { unsafe $0[index] }
    }

    // MARK: Version 1

    /// The longest line, its end included (§2.1).
    private static let longestLine = 107

    private static func readFirst(_ bytes: Span<UInt8>) throws(Malformed) -> Progress {
        guard begins(bytes, with: "PROXY ") else { throw .signature }
        var end = 0
        while end < bytes.count, bytes[end] != 0x0D {
            guard end < longestLine - 1, bytes[end] >= 0x20, bytes[end] < 0x7F else { throw .line }
            end += 1
        }
        guard end + 1 < bytes.count else {
            guard end < longestLine - 1 else { throw .line }
            return .incomplete
        }
        guard bytes[end + 1] == 0x0A else { throw .line }
        var line: [UInt8] = []
        for index in 0..<end { line.append(bytes[index]) }
        return .complete(try source(of: String(decoding: line, as: UTF8.self)), length: end + 2)
    }

    private static func source(of line: String) throws(Malformed) -> Source {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        // §2.1: behind UNKNOWN a receiver ignores everything up to the end of the line.
        if words.count >= 2, words[1] == "UNKNOWN" { return .proxyItself }
        guard words.count == 6, words[1] == "TCP4" || words[1] == "TCP6" else { throw .words }
        let width = words[1] == "TCP4" ? 32 : 128
        guard let source = IPAddress(String(words[2])), let destination = IPAddress(String(words[3])),
            source.bitWidth == width, destination.bitWidth == width, let port = portNumber(words[4]),
            portNumber(words[5]) != nil
        else { throw .address }
        return .caller(SocketAddress(source, port: port).unmapped)
    }

    /// Decimal, without leading zeros.
    private static func portNumber(_ text: Substring) -> UInt16? {
        guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), text == "0" || !text.hasPrefix("0") else {
            return nil
        }
        return UInt16(text)
    }

    // MARK: Version 2

    /// Signature, version and command, family and transport, length (§2.2).
    private static let fixedPart = 16

    private static func readSecond(_ bytes: Span<UInt8>) throws(Malformed) -> Progress {
        guard begins(bytes, with: "\r\n\r\n\0\r\nQUIT\n") else { throw .signature }
        guard bytes.count >= fixedPart else { return .incomplete }
        let command = bytes[12]
        guard command == 0x20 || command == 0x21 else { throw .command }
        let family = bytes[13]
        let rest = Int(bytes[14]) << 8 | Int(bytes[15])
        guard rest <= Limits.proxyHeader else { throw .length }
        let isCaller = command == 0x21 && family != 0
        if isCaller {
            guard family == 0x11 || family == 0x21 else { throw .family }
            guard rest >= (family == 0x11 ? 12 : 36) else { throw .length }
        }
        guard bytes.count >= fixedPart + rest else { return .incomplete }
        let source: Source = isCaller ? .caller(address(in: bytes, isShort: family == 0x11)) : .proxyItself
        return .complete(source, length: fixedPart + rest)
    }

    /// The source address and port; the destination's lie between and behind.
    private static func address(in bytes: Span<UInt8>, isShort: Bool) -> SocketAddress {
        let start = fixedPart
        if isShort {
            let port = number(bytes, at: start + 8, count: 2)
            return .v4(UInt32(truncatingIfNeeded: number(bytes, at: start, count: 4)), port: UInt16(port))
        }
        let port = number(bytes, at: start + 32, count: 2)
        let high = number(bytes, at: start, count: 8)
        let low = number(bytes, at: start + 8, count: 8)
        return SocketAddress.v6(high: high, low: low, scope: 0, port: UInt16(port)).unmapped
    }

    /// Big-endian.
    private static func number(_ bytes: Span<UInt8>, at start: Int, count: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in start..<(start + count) { value = value << 8 | UInt64(bytes[index]) }
        return value
    }
}
