import Gateway
import Glibc

/// What a decision of `rate_limit` and `concurrency` costs when a million callers come in no order.
struct LimitBenchmarks {
    private static let keys = 1_000_000
    private static let decisions = 8_000_000

    /// Nanoseconds of each decision.
    func run() -> [(String, Double)] {
        let keys = Self.hashes(Self.keys)
        var figures: [(String, Double)] = []
        // The places that the gateway gives a limit, and enough for every key.
        for (name, places) in [("262144_places", 1 << 18), ("2097152_places", 1 << 21)] {
            let table = RateTable(places: places)
            var passed = 0
            figures.append(
                (
                    "rate_decision_1m_keys_\(name)_ns",
                    Self.nanoseconds { index in
                        // A token a second, in a bucket of ten: both answers are given.
                        let now = 1_000_000_000_000 + UInt64(index) &* 1_000
                        let outcome = table.take(
                            keys[index % keys.count], now: now, interval: 1_000_000_000, window: 10_000_000_000)
                        if case .passes = outcome { passed += 1 }
                    }
                ))
            figures.append(("rate_share_passed_\(name)", Double(passed) / Double(Self.decisions)))
        }
        let table = CountTable(places: 1 << 16)
        figures.append(
            (
                "concurrency_enter_and_leave_1m_keys_ns",
                Self.nanoseconds { index in
                    let key = keys[index % keys.count]
                    if table.enter(key, limit: 10) { table.leave(key) }
                }
            ))
        return figures
    }

    private static func nanoseconds(_ body: (Int) -> Void) -> Double {
        let began = processorTime()
        for index in 0..<decisions { body(index) }
        return (processorTime() - began) / Double(decisions)
    }

    /// Nanoseconds of processor time of this thread: what else runs on the machine does not count.
    private static func processorTime() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }

    private static func hashes(_ count: Int) -> [UInt64] {
        // splitmix64: as good as the hashes that the gateway makes of its callers.
        (0..<UInt64(count)).map { number in
            var mixed = (number &+ 1) &* 0x9E37_79B9_7F4A_7C15
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
