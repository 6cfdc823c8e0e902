/// An IPv4 or IPv6 address.
public enum IPAddress: Hashable, Sendable {
    /// The four bytes, first byte most significant.
    case v4(UInt32)
    /// The sixteen bytes as two big-endian halves.
    case v6(high: UInt64, low: UInt64)

    /// 127.0.0.0/8 or ::1.
    public var isLoopback: Bool {
        switch self {
        case .v4(let bits): bits >> 24 == 127
        case .v6(let high, let low): high == 0 && low == 1
        }
    }

    /// An IPv4 address where this is ::ffff:a.b.c.d, else itself.
    ///
    /// A socket that serves both families shows IPv4 peers in the mapped form (RFC 4291 §2.5.5.2); without this the same
    /// caller would have two names.
    public var unmapped: IPAddress {
        guard case .v6(0, let low) = self, low >> 32 == 0xffff else { return self }
        return .v4(UInt32(truncatingIfNeeded: low))
    }

    /// How many bits there are: 32 or 128.
    public var bitWidth: Int {
        switch self {
        case .v4: 32
        case .v6: 128
        }
    }

    /// The sixteen-bit groups of an IPv6 address, first to last.
    static func groups(high: UInt64, low: UInt64) -> [8 of UInt16] {
        [8 of UInt16] { index in
            let half = index < 4 ? high : low
            return UInt16(truncatingIfNeeded: half >> UInt64((3 - index % 4) * 16))
        }
    }
}

// MARK: - Text

extension IPAddress: CustomStringConvertible, LosslessStringConvertible {
    /// Reads dotted IPv4 (four decimal numbers, no leading zeros) or IPv6 (RFC 4291 §2.2, no zone).
    public init?(_ text: String) {
        self.init(Array(text.utf8).span)
    }

    /// Reads the same from bytes.
    public init?(_ text: Span<UInt8>) {
        // The longest is 45 bytes, with an IPv4 tail.
        guard text.count <= 45 else { return nil }
        var reader = AddressReader()
        if reader.contains(UInt8(ascii: ":"), text) {
            guard let (high, low) = reader.readV6(text) else { return nil }
            self = .v6(high: high, low: low)
        } else {
            guard let bits = reader.readV4(text), reader.position == text.count else { return nil }
            self = .v4(bits)
        }
    }

    /// Dotted, or the canonical text of RFC 5952.
    public var description: String {
        var text: [UInt8] = []
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the text to a buffer, without making a `String`.
    public func append(to text: inout [UInt8]) {
        switch self {
        case .v4(let bits):
            IPAddress.appendV4(bits, to: &text)
        case .v6(let high, let low):
            IPAddress.appendV6(high: high, low: low, to: &text)
        }
    }

    private static func appendV4(_ bits: UInt32, to text: inout [UInt8]) {
        for index in 0..<4 {
            if index > 0 { text.append(UInt8(ascii: ".")) }
            appendDecimal(UInt16(bits >> UInt32((3 - index) * 8) & 0xff), to: &text)
        }
    }

    private static func appendV6(high: UInt64, low: UInt64, to text: inout [UInt8]) {
        if high == 0, low >> 32 == 0xffff {
            text.append(contentsOf: "::ffff:".utf8)
            return appendV4(UInt32(truncatingIfNeeded: low), to: &text)
        }
        let groups = groups(high: high, low: low)
        let zeros = longestZeroRun(groups)
        var index = 0
        while index < 8 {
            if index == zeros.lowerBound, !zeros.isEmpty {
                text.append(contentsOf: "::".utf8)
                index = zeros.upperBound
                continue
            }
            if index > 0, index != zeros.upperBound || zeros.isEmpty { text.append(UInt8(ascii: ":")) }
            appendHexadecimal(groups[index], to: &text)
            index += 1
        }
    }

    /// The first longest run of at least two zero groups (RFC 5952 §4.2), empty if there is none.
    private static func longestZeroRun(_ groups: [8 of UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for index in 0..<8 {
            if groups[index] != 0 {
                start = index + 1
            } else if index + 1 - start > max(longest.count, 1) {
                longest = start..<index + 1
            }
        }
        return longest
    }

    private static func appendHexadecimal(_ value: UInt16, to text: inout [UInt8]) {
        var started = false
        for shift in stride(from: 12, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: value >> shift & 0xf)
            guard started || digit != 0 || shift == 0 else { continue }
            started = true
            text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}

/// Appends a number in decimal.
func appendDecimal(_ value: UInt16, to text: inout [UInt8]) {
    var divisor: UInt16 = 10_000
    while divisor > 1, value < divisor { divisor /= 10 }
    while divisor > 0 {
        text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
        divisor /= 10
    }
}
