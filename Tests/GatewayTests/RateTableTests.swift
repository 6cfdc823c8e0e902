import Foundation
import Testing

@testable import Gateway

@Suite("The table of rates")
struct RateTableTests {
    private static let interval: UInt64 = 100
    private static let window: UInt64 = 500

    /// How many requests of `key` pass one after the other at `now`.
    private func passing(_ table: RateTable, _ key: UInt64, now: UInt64, of attempts: Int = 20) -> Int {
        (0..<attempts).count { _ in
            if case .passes = table.take(key, now: now, interval: Self.interval, window: Self.window) {
                true
            } else {
                false
            }
        }
    }

    @Test("A burst passes, then one request for each interval, and after a pause a burst again")
    func bucket() {
        let table = RateTable(places: 64)
        #expect(passing(table, 7, now: 10_000) == 5)
        #expect(table.take(7, now: 10_000, interval: 100, window: 500) == .waits(100))
        #expect(table.take(7, now: 10_040, interval: 100, window: 500) == .waits(60))
        #expect(passing(table, 7, now: 10_100) == 1)
        #expect(passing(table, 7, now: 10_350) == 2)
        #expect(passing(table, 7, now: 20_000) == 5)
    }

    @Test("Keys do not count for each other, as long as there is room")
    func keysApart() {
        let table = RateTable(places: 64)
        for key in UInt64(0)..<8 {
            #expect(passing(table, key << 32, now: 10_000) == 5)
        }
    }

    @Test("What is full again is given away without loss")
    func reuse() {
        let table = RateTable(places: 8)
        for round in UInt64(0)..<100 {
            #expect(passing(table, round + 1, now: 10_000 + round * 501) == 5, "round \(round)")
        }
    }

    @Test("Nobody gets more than its limit by being pushed out")
    func noGainByEviction() {
        let table = RateTable(places: 8)
        var passed = 0
        // Ten times as many keys as places, all at once: the first comes back between any two of them.
        for other in UInt64(2)..<82 {
            passed += passing(table, 1, now: 10_000, of: 1)
            _ = passing(table, other, now: 10_000, of: 3)
        }
        #expect(passed <= 5)
    }

    @Test("Threads that take at the same time get the limit together, not each")
    func threads() async {
        let table = RateTable(places: 1 << 10)
        let total = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    (0..<20_000).count { step in
                        let key = UInt64(step % 4 + 1)
                        let outcome = table.take(key, now: 1_000_000, interval: 1_000, window: 1_000_000)
                        guard case .passes = outcome else { return false }
                        return true
                    }
                }
            }
            return await group.reduce(0, +)
        }
        // Four keys with a thousand each; each of the other threads may have entered each key once more.
        #expect(total >= 4_000 && total <= 4_012)
    }
}

@Suite("The table of what is in hand")
struct CountTableTests {
    @Test("As many as the limit, and another for each that ends")
    func counts() {
        let table = CountTable(places: 64)
        #expect((0..<5).map { _ in table.enter(9, limit: 3) } == [true, true, true, false, false])
        #expect(table.count(9) == 3)
        table.leave(9)
        #expect(table.enter(9, limit: 3))
        #expect(!table.enter(9, limit: 3))
        for _ in 0..<3 { table.leave(9) }
        #expect(table.count(9) == 0)
        // One too many changes nobody's count.
        table.leave(9)
        #expect(table.count(9) == 0)
    }

    @Test("A bucket that is full turns newcomers away, and takes them when a place is free")
    func fullBucket() {
        let table = CountTable(places: 8)
        let keys = (UInt64(1)...9).map { $0 << 16 }
        #expect(keys.map { table.enter($0, limit: 2) } == Array(repeating: true, count: 8) + [false])
        table.leave(keys[0])
        #expect(table.enter(keys[8], limit: 2))
    }

    @Test("Threads that come and go never hold more than the limit together, and leave nothing behind")
    func threads() async {
        let table = CountTable(places: 1 << 10)
        let excess = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var excess = 0
                    for _ in 0..<20_000 where table.enter(77 << 16, limit: 2) {
                        if table.count(77 << 16) > 2 { excess += 1 }
                        table.leave(77 << 16)
                    }
                    return excess
                }
            }
            return await group.reduce(0, +)
        }
        #expect(excess == 0)
        #expect(table.count(77 << 16) == 0)
    }
}
