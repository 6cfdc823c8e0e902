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

    @Test("Bytes that end a wait count with it: a long life of short waits is never too slow")
    func shortWaits() {
        let pace = Pace(bytesPerSecond: 240, window: .seconds(60))
        var watch = PaceWatch()
        var answers: [Bool] = []
        for round in 0..<UInt64(700) {
            let begin = round * 200_000_000
            answers.append(watch.take(0, at: MonotonicTime(nanoseconds: begin), of: pace))
            watch.pause(at: MonotonicTime(nanoseconds: begin + 100_000_000), having: 50_000)
        }
        #expect(answers.allSatisfy { $0 })
    }

    @Test("Waits that end with too little are too slow all the same")
    func shortWaitsOfADrip() {
        var watch = PaceWatch()
        var answers: [Bool] = []
        for round in 0..<UInt64(11) {
            answers.append(watch.take(0, at: at(round * 2), of: Self.pace))
            watch.pause(at: at(round * 2 + 1), having: 99)
        }
        #expect(answers == Array(repeating: true, count: 10) + [false])
    }

    @Test("Without a pace everything passes")
    func off() {
        var watch = PaceWatch()
        #expect(watch.take(0, at: at(0), of: nil) == true)
        #expect(watch.take(0, at: at(1_000_000), of: nil) == true)
    }
}
