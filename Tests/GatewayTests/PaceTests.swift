import EventLoop
import Testing

@testable import Gateway

@Suite("The pace of a peer")
struct PaceTests {
    private static let pace = Pace(bytesPerSecond: 100, window: .seconds(10))

    private func at(_ seconds: UInt64) -> MonotonicTime { MonotonicTime(nanoseconds: seconds * 1_000_000_000) }

    @Test("Enough in each window passes, however it is spread")
    func enough() {
        var watch = PaceWatch()
        let answers = (0..<60).map { watch.take(100, at: at(UInt64($0)), of: Self.pace) }
        #expect(answers.allSatisfy { $0 })
    }

    @Test("A drip passes until the window is over, and a fast beginning buys no more than its own window")
    func drip() {
        var watch = PaceWatch()
        #expect(watch.take(1_000_000, at: at(0), of: Self.pace) == true)
        #expect(watch.take(1_000_000, at: at(10), of: Self.pace) == true)
        let answers = (11...20).map { watch.take(1, at: at($0), of: Self.pace) }
        #expect(answers == Array(repeating: true, count: 9) + [false])
    }

    @Test("Time in which the peer waits for us does not count")
    func pauses() {
        var watch = PaceWatch()
        #expect(watch.take(1, at: at(0), of: Self.pace) == true)
        watch.pause(at: at(1))
        #expect(watch.take(1, at: at(1_000), of: Self.pace) == true)
        #expect(watch.take(1, at: at(1_010), of: Self.pace) == false)
    }

    @Test("Without a pace everything passes")
    func off() {
        var watch = PaceWatch()
        #expect(watch.take(0, at: at(0), of: nil) == true)
        #expect(watch.take(0, at: at(1_000_000), of: nil) == true)
    }
}
