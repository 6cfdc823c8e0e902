/// Host and port of a request, as `Host`, `:authority` and request targets write them (RFC 3986 §3.2).
public struct Authority: Sendable, Hashable {
    /// Where the host lies, brackets of an IPv6 address included.
    public let host: Range<Int>
    /// The port, nil when none is written.
    public let port: UInt16?

    /// Reads the authority that lies at `range`, or returns nil when it is not one.
    ///
    /// No user information (RFC 9110 §4.2.4). A host is a registered name without percent-encoding, an
    /// IPv4 address or a bracketed IPv6 address: percent-encoded names and commas are allowed by RFC 3986
    /// and mean something else to each recipient. An empty port is allowed (`host:`), zero is not.
    public init?(_ range: Range<Int>, in bytes: Span<UInt8>) {
        guard let first = range.first else { return nil }
        var position = first
        if bytes[first] == 0x5B {
            position += 1
            while position < range.upperBound, bytes[position] != 0x5D { position += 1 }
            guard position < range.upperBound else { return nil }
            guard Authority.isIPv6(bytes.extracting((first + 1)..<position)) else { return nil }
            position += 1
        } else {
            while position < range.upperBound, bytes[position] != Octet.colon {
                let byte = bytes[position]
                guard Octet.isUnreserved(byte) || (Octet.isSubDelimiter(byte) && byte != Octet.comma) else {
                    return nil
                }
                position += 1
            }
            guard position > first else { return nil }
        }
        host = first..<position
        guard position < range.upperBound else {
            port = nil
            return
        }
        guard bytes[position] == Octet.colon else { return nil }
        var number = 0
        for index in (position + 1)..<range.upperBound {
            guard Octet.isDigit(bytes[index]) else { return nil }
            number = number * 10 + Int(bytes[index] &- 0x30)
            guard number <= 65535 else { return nil }
        }
        let isEmpty = position + 1 == range.upperBound
        guard isEmpty || number > 0 else { return nil }
        port = isEmpty ? nil : UInt16(truncatingIfNeeded: number)
    }

    /// Whether `text` is an IPv6 address without zone (RFC 3986 §3.2.2).
    static func isIPv6(_ text: Span<UInt8>) -> Bool {
        var groups = 0
        var hasGap = false
        var position = 0
        while position < text.count {
            if text[position] == Octet.colon {
                guard position + 1 < text.count, text[position + 1] == Octet.colon, !hasGap else { return false }
                hasGap = true
                position += 2
                continue
            }
            let start = position
            while position < text.count, position - start < 4, Octet.hexValue(text[position]) != nil { position += 1 }
            if position < text.count, text[position] == 0x2E {
                guard isIPv4(text.extracting(start..<text.count)) else { return false }
                groups += 2
                break
            }
            guard position > start else { return false }
            groups += 1
            guard position < text.count else { break }
            guard text[position] == Octet.colon, position + 1 < text.count else { return false }
            // One colon parts two groups; of two, both belong to the gap.
            if text[position + 1] != Octet.colon { position += 1 }
        }
        return hasGap ? groups <= 7 : groups == 8
    }

    /// Whether `text` is four decimal octets without leading zeros.
    static func isIPv4(_ text: Span<UInt8>) -> Bool {
        var octets = 0
        var position = 0
        while octets < 4 {
            let start = position
            var number = 0
            while position < text.count, position - start < 3, Octet.isDigit(text[position]) {
                number = number * 10 + Int(text[position] &- 0x30)
                position += 1
            }
            guard position > start, number <= 255, position - start == 1 || text[start] != 0x30 else { return false }
            octets += 1
            guard octets < 4 else { break }
            guard position < text.count, text[position] == 0x2E else { return false }
            position += 1
        }
        return position == text.count
    }
}
