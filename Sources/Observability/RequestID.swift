/// The identifier of one request: a UUID of version 7 (RFC 9562), which sorts by time.
public struct RequestID: Hashable, Comparable, Sendable {
    /// The first eight bytes, first most significant: the time.
    public let high: UInt64
    /// The last eight bytes.
    public let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Milliseconds since 1970.
    public var milliseconds: UInt64 { high >> 16 }

    /// How many bytes the text has.
    public static var textLength: Int { 36 }

    /// Appends `019283a4-b5c6-7d7e-8f90-a1b2c3d4e5f6`.
    public func append(to text: inout [UInt8]) {
        // Put together first: an append costs twenty times the digit.
        var bytes = [36 of UInt8](repeating: UInt8(ascii: "-"))
        var position = 0
        for index in 0..<32 {
            if index == 8 || index == 12 || index == 16 || index == 20 { position += 1 }
            let half = index < 16 ? high : low
            bytes[position] = hexadecimalDigit(
                UInt8(truncatingIfNeeded: half >> UInt64((15 - index & 15) * 4) & 0xf))
            position += 1
        }
        text.append(bytes.span)
    }

    /// Earlier comes first.
    public static func < (earlier: RequestID, later: RequestID) -> Bool {
        (earlier.high, earlier.low) < (later.high, later.low)
    }
}

extension RequestID: CustomStringConvertible {
    /// The text, for a message.
    public var description: String {
        var text: [UInt8] = []
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
