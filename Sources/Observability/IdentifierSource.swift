internal import CLinux

/// Makes request and trace identifiers.
///
/// Belongs to one worker; asks the kernel for randomness once for many.
public struct IdentifierSource: Sendable {
    private var pool: [UInt64] = []
    private var lastMilliseconds: UInt64 = 0
    /// The 74 random bits of the last request identifier, as 12 and 62.
    private var lastHigh: UInt64 = 0
    private var lastLow: UInt64 = 0

    /// A source; several give different identifiers.
    public init() {}

    /// Makes the next request identifier: greater than every earlier one of this source, also when the clock steps back.
    public mutating func requestID(at time: WallTime = .now()) -> RequestID {
        let milliseconds = UInt64(clamping: time.seconds) &* 1000 &+ UInt64(clamping: time.milliseconds)
        if milliseconds > lastMilliseconds {
            lastMilliseconds = milliseconds
            lastHigh = random() & 0xfff
            lastLow = random() >> 2
        } else {
            // Same millisecond, or an earlier one: grow by a random step (RFC 9562 §6.2, method 2).
            lastLow &+= random() >> 32 | 1
            if lastLow >> 62 != 0 {
                lastLow &= 1 << 62 - 1
                lastHigh += 1
                if lastHigh > 0xfff {
                    lastHigh = 0
                    lastMilliseconds &+= 1
                }
            }
        }
        return RequestID(
            high: lastMilliseconds << 16 | 0x7000 | lastHigh,
            low: 1 << 63 | lastLow)
    }

    /// Makes the context of a trace that begins here.
    public mutating func traceContext(isSampled: Bool = false) -> TraceContext {
        TraceContext(
            traceHigh: random(), traceLow: nonZero(), parent: nonZero(), flags: isSampled ? 3 : 2)
    }

    /// Makes the identifier of a span.
    public mutating func span() -> UInt64 { nonZero() }

    private mutating func nonZero() -> UInt64 {
        max(random(), 1)
    }

    private mutating func random() -> UInt64 {
        if pool.isEmpty {
            pool = [UInt64](repeating: 0, count: 64)
            unsafe pool.withUnsafeMutableBytes { unsafe clinux_random($0.baseAddress, $0.count) }
        }
        return pool.removeLast()
    }
}
