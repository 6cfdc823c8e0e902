/// The `traceparent` of W3C Trace Context: which trace a request belongs to, and who called.
public struct TraceContext: Hashable, Sendable {
    /// The first half of the trace's identifier.
    public let traceHigh: UInt64
    /// The second half.
    public let traceLow: UInt64
    /// The caller's span; never 0.
    public let parent: UInt64
    /// Bit 0 is "sampled", bit 1 "the trace's identifier is random"; no other is ever set.
    public let flags: UInt8

    init(traceHigh: UInt64, traceLow: UInt64, parent: UInt64, flags: UInt8) {
        self.traceHigh = traceHigh
        self.traceLow = traceLow
        self.parent = parent
        self.flags = flags
    }

    /// Whether the caller records this trace.
    public var isSampled: Bool { flags & 1 != 0 }

    /// The 56 bits of the trace's identifier that are random (level 2, §5): what a share of all traces is told by, the same
    /// one at each of those that a trace passes.
    public var randomness: UInt64 { traceLow & (1 << 56 - 1) }

    /// The same trace, with another word on whether it is recorded.
    public func sampled(_ isSampled: Bool) -> TraceContext {
        TraceContext(
            traceHigh: traceHigh, traceLow: traceLow, parent: parent, flags: flags & ~1 | (isSampled ? 1 : 0))
    }

    /// The same trace, called by `span`.
    public func called(by span: UInt64) -> TraceContext {
        TraceContext(traceHigh: traceHigh, traceLow: traceLow, parent: span, flags: flags)
    }

    /// How many bytes the field's value has.
    public static var textLength: Int { 55 }

    /// Reads a field's value, strictly (Trace Context §3.2): lower-case hexadecimal, nothing zero that must not be.
    ///
    /// A version later than 00 may go on after a `-`; we speak 00 and pass the rest on no further (§3.2.4).
    public init?(_ text: Span<UInt8>) {
        guard text.count >= TraceContext.textLength else { return nil }
        for dash in [2, 35, 52] where text[dash] != UInt8(ascii: "-") { return nil }
        guard let version = TraceContext.hexadecimal(text, 0..<2), version != 0xff,
            let traceHigh = TraceContext.hexadecimal(text, 3..<19),
            let traceLow = TraceContext.hexadecimal(text, 19..<35),
            let parent = TraceContext.hexadecimal(text, 36..<52),
            let flags = TraceContext.hexadecimal(text, 53..<55),
            traceHigh | traceLow != 0, parent != 0
        else { return nil }
        if text.count > TraceContext.textLength {
            guard version > 0, text[TraceContext.textLength] == UInt8(ascii: "-") else { return nil }
        }
        self.init(
            traceHigh: traceHigh, traceLow: traceLow, parent: parent,
            // What is not defined must be sent as zero (§3.2.2.5); "random" goes with the identifier (level 2, §3.2.2.5.2).
            flags: UInt8(truncatingIfNeeded: flags) & 3)
    }

    /// Appends the field's value, of version 00.
    public func append(to text: inout [UInt8]) {
        // Put together first: an append costs twenty times the digit.
        var bytes = [55 of UInt8](repeating: UInt8(ascii: "-"))
        (bytes[0], bytes[1]) = (UInt8(ascii: "0"), UInt8(ascii: "0"))
        bytes[53] = hexadecimalDigit(flags >> 4)
        bytes[54] = hexadecimalDigit(flags & 0xf)
        var span = bytes.mutableSpan
        unsafe span.withUnsafeMutableBytes { room in
            unsafe TraceContext.write(traceHigh, to: room, at: 3)
            unsafe TraceContext.write(traceLow, to: room, at: 19)
            unsafe TraceContext.write(parent, to: room, at: 36)
        }
        text.append(bytes.span)
    }

    /// Writes sixteen digits.
    @inline(__always) @unsafe
    private static func write(_ value: UInt64, to room: UnsafeMutableRawBufferPointer, at offset: Int) {
        let high = hexadecimalDigits(UInt32(truncatingIfNeeded: value >> 32))
        let low = hexadecimalDigits(UInt32(truncatingIfNeeded: value))
        unsafe room.storeBytes(of: high, toByteOffset: offset, as: UInt64.self)
        unsafe room.storeBytes(of: low, toByteOffset: offset + 8, as: UInt64.self)
    }

    /// Appends the 32 digits of the trace's identifier.
    public func appendTraceID(to text: inout [UInt8]) {
        text.append(hexadecimal: traceHigh)
        text.append(hexadecimal: traceLow)
    }

    private static func hexadecimal(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt64? {
        var value: UInt64 = 0
        for index in range {
            guard let digit = hexadecimalValue(text[index]) else { return nil }
            value = value << 4 | UInt64(digit)
        }
        return value
    }
}
