import EventLoop
import Testing

@testable import LoadTest

@Suite("When attempts begin")
struct PacerTests {
    private let start = MonotonicTime(nanoseconds: 1_000_000_000)

    private func at(_ milliseconds: UInt64) -> MonotonicTime {
        start.advanced(byNanoseconds: milliseconds * 1_000_000)
    }

    private func pacer(perSecond: Double?, duration: Duration? = nil, limit: Int? = nil) -> Pacer {
        Pacer(start: start, rate: perSecond.map { Rate($0) }, duration: duration, limit: limit, patience: 1_000_000_000)
    }

    @Test("In a closed loop an attempt begins whenever it is asked for, until the end")
    func closedLoop() {
        var pacer = pacer(perSecond: nil, duration: .seconds(1))
        #expect(pacer.next(at: at(0)) == .begin(at(0)))
        #expect(pacer.next(at: at(999)) == .begin(at(999)))
        #expect(pacer.next(at: at(1_000)) == .finished)
    }

    @Test("A count ends both loops", arguments: [nil, 1_000.0])
    func count(perSecond: Double?) {
        var pacer = pacer(perSecond: perSecond, limit: 2)
        #expect(pacer.next(at: at(500)) != .finished)
        #expect(pacer.next(at: at(500)) != .finished)
        #expect(pacer.next(at: at(500)) == .finished)
    }

    @Test("In an open loop attempts keep to their times, however late they are asked for")
    func openLoop() {
        var pacer = pacer(perSecond: 100, duration: .seconds(1))
        #expect(pacer.next(at: at(0)) == .begin(at(0)))
        #expect(pacer.next(at: at(5)) == .wait(at(10)))
        // A stall of the server: what was due meanwhile was due then, not now.
        #expect(pacer.next(at: at(35)) == .begin(at(10)))
        #expect(pacer.next(at: at(35)) == .begin(at(20)))
        #expect(pacer.next(at: at(35)) == .begin(at(30)))
        #expect(pacer.next(at: at(35)) == .wait(at(40)))
    }

    @Test("What is due is begun after the end too, but not for ever, and the rest is counted")
    func unsent() {
        var pacer = pacer(perSecond: 10, duration: .seconds(1))
        #expect(pacer.next(at: at(1_900)) == .begin(at(0)))
        #expect(pacer.next(at: at(2_100)) == .finished)
        #expect(pacer.unsent == 9)
    }

    @Test("A rising rate has its attempts where the area under the line has reached the next one")
    func rising() {
        let rate = Rate(from: 0, to: 100, over: 2)
        // 25 t² until two seconds: a hundred attempts, and a hundred more in each second.
        #expect(rate.count(until: 1) == 25)
        #expect(rate.count(until: 2) == 100)
        #expect(rate.count(until: 4) == 300)
        #expect(rate.time(of: 0) == 0)
        #expect(abs(rate.time(of: 25) - 1) < 1e-9)
        #expect(abs(rate.time(of: 100) - 2) < 1e-9)
        #expect(abs(rate.time(of: 300) - 4) < 1e-9)
    }

    @Test(
        "Time and count of a rate are each other's inverse, and time never goes back",
        arguments: [
            Rate(100), Rate(from: 0, to: 50, over: 3), Rate(from: 200, to: 1, over: 2), Rate(from: 5, to: 5, over: 9),
            Rate(from: 300, to: 0, over: 1),
        ])
    func inverse(rate: Rate) {
        var last = 0.0
        for index in 0..<500 {
            let time = rate.time(of: index)
            #expect(time >= last)
            #expect(abs(rate.count(until: time) - Double(index)) < 1e-6)
            last = time
        }
    }

    @Test("Of a rising rate the attempts never begun are counted by the same line")
    func unsentOfRising() {
        var pacer = Pacer(
            start: start, rate: Rate(from: 0, to: 100, over: 2), duration: .seconds(2), limit: nil,
            patience: 1_000_000_000)
        #expect(pacer.next(at: at(0)) == .begin(at(0)))
        #expect(pacer.next(at: at(3_100)) == .finished)
        #expect(pacer.unsent == 99)
    }

    @Test("Connections of a closed loop join in a straight line, and all of them in the end")
    func joining() {
        var joining = Joining(of: 10, since: start, over: .seconds(1))
        var joined = 0
        for time: UInt64 in [0, 50, 100, 450, 2_000] {
            guard let more = joining.next(at: at(time)) else { break }
            #expect(more.indices.lowerBound == joined)
            joined = more.indices.upperBound
            #expect(joined == min(10, Int(time / 100) + 1))
            #expect((more.nextTime == nil) == (joined == 10))
        }
        #expect(joined == 10)
        #expect(joining.next(at: at(3_000)) == nil)
        var allAtOnce = Joining(of: 3, since: start, over: nil)
        #expect(allAtOnce.next(at: at(0))?.indices == 0..<3)
    }

    @Test(
        "Only this machine is a target that needs no word of ownership",
        arguments: [
            ("127.0.0.1:443", true), ("127.9.9.9:1", true), ("[::1]:443", true), ("unix:/run/x", true),
            ("192.0.2.1:443", false), ("[2001:db8::1]:443", false), ("10.0.0.1:80", false), ("0.0.0.0:80", false),
            ("[::]:80", false), ("[::ffff:127.0.0.1]:1", true), ("[::ffff:192.0.2.1]:1", false),
            ("[::127.0.0.1]:1", false), ("[fe80::1]:1", false), ("126.255.255.255:1", false), ("128.0.0.1:1", false),
        ])
    func locality(text: String, isLocal: Bool) throws {
        let target = try #require(SocketAddress(parsing: text))
        #expect(LoadPlan(target: target, mode: .handshake).isTargetLocal == isLocal)
    }
}
