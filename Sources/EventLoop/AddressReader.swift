/// Reads the texts of addresses, byte by byte.
struct AddressReader {
    var position = 0

    func contains(_ byte: UInt8, _ text: Span<UInt8>) -> Bool {
        for index in text.indices where text[index] == byte { return true }
        return false
    }

    /// Reads `a.b.c.d` from the position on.
    mutating func readV4(_ text: Span<UInt8>) -> UInt32? {
        var bits: UInt32 = 0
        for index in 0..<4 {
            if index > 0 {
                guard take(UInt8(ascii: "."), text) else { return nil }
            }
            guard let number = readDecimal(text, limit: 255) else { return nil }
            bits = bits << 8 | UInt32(number)
        }
        return bits
    }

    /// Reads a decimal number up to `limit`, without leading zeros (which some read as octal).
    mutating func readDecimal(_ text: Span<UInt8>, limit: UInt32) -> UInt32? {
        let start = position
        var value: UInt32 = 0
        while position < text.count, case let digit = text[position] &- UInt8(ascii: "0"), digit < 10 {
            value = value * 10 + UInt32(digit)
            guard value <= limit else { return nil }
            position += 1
        }
        guard position > start, position == start + 1 || text[start] != UInt8(ascii: "0") else { return nil }
        return value
    }

    /// Reads a whole text as an IPv6 address.
    mutating func readV6(_ text: Span<UInt8>) -> (high: UInt64, low: UInt64)? {
        var groups = [8 of UInt16](repeating: 0)
        var count = 0
        var gap: Int?
        if take(UInt8(ascii: ":"), text) {
            guard take(UInt8(ascii: ":"), text) else { return nil }
            gap = 0
        }
        while position < text.count {
            guard count < 8 else { return nil }
            if let bits = readTail(text) {
                guard count <= 6 else { return nil }
                groups[count] = UInt16(truncatingIfNeeded: bits >> 16)
                groups[count + 1] = UInt16(truncatingIfNeeded: bits)
                count += 2
                break
            }
            guard let group = readHexadecimal(text) else { return nil }
            groups[count] = group
            count += 1
            guard position < text.count else { break }
            guard take(UInt8(ascii: ":"), text) else { return nil }
            if take(UInt8(ascii: ":"), text) {
                guard gap == nil else { return nil }
                gap = count
            } else {
                guard position < text.count else { return nil }
            }
        }
        return AddressReader.halves(groups, count: count, gap: gap)
    }

    /// Puts the zeros of `::` in its place; it stands for at least one group.
    private static func halves(_ groups: [8 of UInt16], count: Int, gap: Int?) -> (high: UInt64, low: UInt64)? {
        guard gap == nil ? count == 8 : count < 8 else { return nil }
        let gap = gap ?? 8
        var high: UInt64 = 0
        var low: UInt64 = 0
        for index in 0..<8 {
            let source = index < gap ? index : index - (8 - count)
            let group = source < gap && index >= gap ? 0 : UInt64(groups[source])
            if index < 4 { high = high << 16 | group } else { low = low << 16 | group }
        }
        return (high, low)
    }

    /// The IPv4 tail of an IPv6 text, if the rest is one; otherwise nothing is taken.
    private mutating func readTail(_ text: Span<UInt8>) -> UInt32? {
        let start = position
        if let bits = readV4(text), position == text.count { return bits }
        position = start
        return nil
    }

    private mutating func readHexadecimal(_ text: Span<UInt8>) -> UInt16? {
        let start = position
        var value: UInt16 = 0
        while position < text.count, position < start + 4, let digit = AddressReader.hexadecimal(text[position]) {
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return position > start ? value : nil
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private mutating func take(_ byte: UInt8, _ text: Span<UInt8>) -> Bool {
        guard position < text.count, text[position] == byte else { return false }
        position += 1
        return true
    }
}
