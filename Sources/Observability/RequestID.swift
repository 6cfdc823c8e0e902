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
        let first = hexadecimalDigits(UInt32(truncatingIfNeeded: high >> 32))
        let second = hexadecimalDigits(UInt32(truncatingIfNeeded: high)).littleEndian
        let third = hexadecimalDigits(UInt32(truncatingIfNeeded: low >> 32)).littleEndian
        let fourth = hexadecimalDigits(UInt32(truncatingIfNeeded: low))
        // Put together first: an append costs twenty times the digit.
        var bytes = [36 of UInt8](repeating: UInt8(ascii: "-"))
        var span = bytes.mutableSpan
        unsafe span.withUnsafeMutableBytes { room in
            unsafe room.storeBytes(of: first, toByteOffset: 0, as: UInt64.self)
            unsafe room.storeBytes(
                of: UInt32(truncatingIfNeeded: second).littleEndian, toByteOffset: 9, as: UInt32.self)
            unsafe room.storeBytes(
                of: UInt32(truncatingIfNeeded: second >> 32).littleEndian, toByteOffset: 14, as: UInt32.self)
            unsafe room.storeBytes(
                of: UInt32(truncatingIfNeeded: third).littleEndian, toByteOffset: 19, as: UInt32.self)
            unsafe room.storeBytes(
                of: UInt32(truncatingIfNeeded: third >> 32).littleEndian, toByteOffset: 24, as: UInt32.self)
            unsafe room.storeBytes(of: fourth, toByteOffset: 28, as: UInt64.self)
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
