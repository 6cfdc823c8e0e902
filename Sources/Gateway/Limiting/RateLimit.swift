internal import Configuration
internal import EventLoop
internal import HTTP

/// A route's `rate_limit`: how often whom, and what each has used of it.
final class RateLimit: Sendable {
    let configuration: RateLimitConfiguration
    let subject: LimitSubject
    /// The value of `RateLimit-Policy`.
    let policy: [UInt8]
    /// Nanoseconds in which one token comes.
    private let interval: UInt64
    /// Nanoseconds in which an empty bucket fills.
    private let window: UInt64
    private let table = RateTable(places: Limits.rateLimitPlaces)

    init(_ configuration: RateLimitConfiguration) {
        self.configuration = configuration
        subject = LimitSubject(configuration.key)
        let period = max(configuration.period.wholeNanoseconds, 1)
        let requests = UInt64(max(configuration.requests, 1))
        // Rounded up: the limit is never exceeded by what is cut off.
        interval = max((period + requests - 1) / requests, 1)
        let (window, overflow) = interval.multipliedReportingOverflow(by: UInt64(max(configuration.burst, 1)))
        self.window = overflow ? UInt64.max / 4 : min(window, UInt64.max / 4)
        policy = Self.policy(of: configuration, period: period, requests: requests)
    }

    /// What the caller of a request has left.
    struct Standing {
        let limit: RateLimit
        let remaining: UInt64
        /// Seconds until there is as much as there can be; until there is one, for a request that was refused.
        let reset: UInt64

        /// The value of `RateLimit`.
        var field: [UInt8] {
            var value: [UInt8] = []
            value.reserveCapacity(32)
            value.append(literal: "\"requests\";r=")
            value.append(decimal: remaining)
            value.append(literal: ";t=")
            value.append(decimal: reset)
            return value
        }
    }

    /// Takes a token for `key`.
    func take(_ key: UInt64, at now: MonotonicTime) -> (isTaken: Bool, standing: Standing) {
        switch table.take(key, now: now.nanoseconds, interval: interval, window: window) {
        case .passes(let ahead):
            let remaining = (window - min(ahead, window)) / interval
            return (true, Standing(limit: self, remaining: remaining, reset: Self.seconds(ahead)))
        case .waits(let wait):
            return (false, Standing(limit: self, remaining: 0, reset: max(Self.seconds(wait), 1)))
        }
    }

    private static func seconds(_ nanoseconds: UInt64) -> UInt64 {
        nanoseconds / 1_000_000_000 + (nanoseconds % 1_000_000_000 == 0 ? 0 : 1)
    }

    /// draft-ietf-httpapi-ratelimit-headers: a quota in a window of whole seconds; the burst is a word of our own.
    private static func policy(
        of configuration: RateLimitConfiguration, period: UInt64, requests: UInt64
    ) -> [UInt8] {
        let window = seconds(period)
        // Durations are written in milliseconds at the least, so nothing is lost.
        let whole = requests.multipliedReportingOverflow(by: window &* 1000).partialValue / max(period / 1_000_000, 1)
        var value: [UInt8] = []
        value.append(literal: "\"requests\";q=")
        value.append(decimal: whole)
        value.append(literal: ";w=")
        value.append(decimal: window)
        value.append(literal: ";burst=")
        value.append(decimal: UInt64(max(configuration.burst, 1)))
        return value
    }
}
