internal import Glibc

/// A point on the machine's monotonic clock: it never jumps, and means nothing on another machine.
public struct MonotonicTime: Comparable, Hashable, Sendable {
    /// Nanoseconds since an arbitrary origin, the same for the whole run of the machine.
    public var nanoseconds: UInt64

    /// The point that stands `nanoseconds` after the clock's origin.
    @inlinable
    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// Reads the clock.
    ///
    /// The corresponding C function is `clock_gettime` with `CLOCK_MONOTONIC`.
    public static func now() -> MonotonicTime {
        var time = timespec()
        // CLOCK_MONOTONIC always exists on Linux, and the pointer is good: there is no failure to report.
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicTime(nanoseconds: UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
    }

    /// The point `nanoseconds` later; stays at the end of the clock rather than wrap.
    ///
    /// Plain integers, because dividing a `Duration` costs more than all the rest of arming a timer: what re-arms for
    /// every request keeps an ``Interval``.
    @inlinable
    public func advanced(byNanoseconds nanoseconds: UInt64) -> MonotonicTime {
        let (sum, overflow) = self.nanoseconds.addingReportingOverflow(nanoseconds)
        return MonotonicTime(nanoseconds: overflow ? .max : sum)
    }

    /// Nanoseconds from `earlier` to here; 0 when `earlier` is in fact later.
    @inlinable
    public func nanoseconds(since earlier: MonotonicTime) -> UInt64 {
        nanoseconds > earlier.nanoseconds ? nanoseconds - earlier.nanoseconds : 0
    }

    /// The later or equal point `duration` away; a negative duration counts as none.
    public static func + (time: MonotonicTime, duration: Duration) -> MonotonicTime {
        time.advanced(byNanoseconds: duration.wholeNanoseconds)
    }

    /// The later or equal point an interval away.
    @inlinable
    public static func + (time: MonotonicTime, interval: Interval) -> MonotonicTime {
        time.advanced(byNanoseconds: interval.nanoseconds)
    }

    /// The time from one point to another, negative when `later` comes first.
    public static func - (later: MonotonicTime, earlier: MonotonicTime) -> Duration {
        later >= earlier
            ? .nanoseconds(Int64(clamping: later.nanoseconds - earlier.nanoseconds))
            : .nanoseconds(-Int64(clamping: earlier.nanoseconds - later.nanoseconds))
    }

    /// Earlier comes first.
    @inlinable
    public static func < (earlier: MonotonicTime, later: MonotonicTime) -> Bool {
        earlier.nanoseconds < later.nanoseconds
    }
}

/// A time span in whole nanoseconds: a `Duration` that was divided once, for those who add it often.
public struct Interval: Comparable, Hashable, Sendable {
    /// Its length.
    public let nanoseconds: UInt64

    /// As long as `duration`; one that is negative counts as none.
    public init(_ duration: Duration) {
        nanoseconds = duration.wholeNanoseconds
    }

    /// Shorter comes first.
    @inlinable
    public static func < (shorter: Interval, longer: Interval) -> Bool {
        shorter.nanoseconds < longer.nanoseconds
    }
}

extension Duration {
    /// The duration in nanoseconds, clamped to what fits in 64 bits without a sign.
    public var wholeNanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (scaled, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return .max }
        let (sum, carried) = scaled.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000))
        return carried ? .max : sum
    }
}
