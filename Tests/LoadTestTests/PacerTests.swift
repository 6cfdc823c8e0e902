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
        Pacer(start: start, perSecond: perSecond, duration: duration, limit: limit, patience: 1_000_000_000)
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
        #expect(pacer.unsent == 10)
    }

    @Test("Roles come in their shares, spread evenly")
    func roles() {
        var dealer = RoleDealer(RoleShares(full: 7, resumed: 2, revoked: 1))
        let dealt = (0..<20).map { _ in dealer.next() }
        for part in [dealt[..<10], dealt[10...]] {
            #expect(part.count { $0 == .full } == 7)
            #expect(part.count { $0 == .resumed } == 2)
            #expect(part.count { $0 == .revoked } == 1)
        }
        #expect(!dealt.contains(.wrongKind))
    }

    @Test(
        "Only this machine is a target that needs no word of ownership",
        arguments: [
            ("127.0.0.1:443", true), ("127.9.9.9:1", true), ("[::1]:443", true), ("unix:/run/x", true),
            ("192.0.2.1:443", false), ("[2001:db8::1]:443", false), ("10.0.0.1:80", false), ("0.0.0.0:80", false),
        ])
    func locality(text: String, isLocal: Bool) throws {
        let target = try #require(SocketAddress(parsing: text))
        #expect(LoadPlan(target: target, mode: .handshake).isTargetLocal == isLocal)
    }
}
