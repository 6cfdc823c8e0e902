import EventLoop
import Testing

@testable import Gateway

@Suite("What is told of a server's failures")
struct FaultNewsTests {
    private static func seconds(_ seconds: UInt64) -> MonotonicTime {
        MonotonicTime(nanoseconds: seconds * 1_000_000_000)
    }

    @Test("the first at once, then one a minute, with the number of those between")
    func failures() {
        var news = FaultNews()
        let told = [0, 1, 30, 59, 60, 61, 121].map { news.failed(at: Self.seconds(100 + $0)) }
        #expect(told == [0, nil, nil, nil, 3, nil, 1])
    }

    @Test("that it works again, once, and only if it was told to fail")
    func works() {
        var news = FaultNews()
        var told: [Bool] = [news.worked()]
        // The second failure is too soon to be told, and so is its end.
        for second in [1, 2, 61] as [UInt64] {
            _ = news.failed(at: Self.seconds(second))
            told += [news.worked(), news.worked()]
        }
        #expect(told == [false, true, false, false, false, true, false])
    }
}
