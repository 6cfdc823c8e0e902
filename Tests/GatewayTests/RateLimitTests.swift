import EventLoop
import Testing

@testable import Configuration
@testable import Gateway

@Suite("Rate limits")
struct RateLimitTests {
    private static func limit(_ requests: Int, per period: Duration, burst: Int) -> RateLimit {
        RateLimit(RateLimitConfiguration(requests: requests, period: period, burst: burst, key: .address))
    }

    @Test(
        "The policy is told in whole seconds",
        arguments: [
            (50, Duration.seconds(1), 100, "\"requests\";q=50;w=1;burst=100"),
            (10, .milliseconds(100), 10, "\"requests\";q=100;w=1;burst=10"),
            (3, .milliseconds(1500), 3, "\"requests\";q=4;w=2;burst=3"),
            (1, .seconds(3600), 1, "\"requests\";q=1;w=3600;burst=1"),
            (10_000_000, .seconds(3600), 10_000_000, "\"requests\";q=10000000;w=3600;burst=10000000"),
        ])
    func policy(_ requests: Int, _ period: Duration, _ burst: Int, _ text: String) {
        #expect(String(decoding: Self.limit(requests, per: period, burst: burst).policy, as: UTF8.self) == text)
    }

    @Test("What is left goes down to nothing, and then there is a time to wait")
    func standing() {
        let limit = Self.limit(1, per: .seconds(10), burst: 3)
        let now = MonotonicTime(nanoseconds: 1_000_000_000_000)
        let left = (0..<4).map { _ in limit.take(5, at: now) }
        #expect(left.map(\.isTaken) == [true, true, true, false])
        #expect(left.map(\.standing.remaining) == [2, 1, 0, 0])
        #expect(left.map(\.standing.reset) == [10, 20, 30, 10])
        #expect(String(decoding: left[3].standing.field, as: UTF8.self) == "\"requests\";r=0;t=10")
    }

    @Test("An extreme limit neither traps nor wraps")
    func extreme() {
        let limit = Self.limit(1, per: .seconds(3600), burst: 10_000_000)
        let now = MonotonicTime(nanoseconds: 1_000_000_000)
        #expect(limit.take(5, at: now).isTaken)
    }

    @Test("A reload keeps the counts of a limit that is the same, and begins anew with another")
    func kept() {
        let before = Self.limit(1, per: .seconds(10), burst: 1)
        #expect(before.configuration == Self.limit(1, per: .seconds(10), burst: 1).configuration)
        #expect(before.configuration != Self.limit(2, per: .seconds(10), burst: 1).configuration)
    }
}
