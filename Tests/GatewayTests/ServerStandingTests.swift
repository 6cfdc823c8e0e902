import EventLoop
import Testing

@testable import Gateway

@Suite("The standing of an upstream's server")
struct ServerStandingTests {
    private static func seconds(_ seconds: UInt64) -> MonotonicTime {
        MonotonicTime(nanoseconds: seconds * 1_000_000_000)
    }

    private static let health = HealthState.Thresholds(healthy: 2, unhealthy: 3)
    private static let outlier = OutlierState.Settings(consecutiveFailures: 3, ejection: .seconds(30))

    @Test(
        "probes take it out and bring it back after so many in a row",
        arguments: [
            ("..", true), ("x", true), ("xx", true), ("xx.x", true), ("xxx", false), ("xx.xxx", false), ("xxx.", false),
            ("xxx.x.", false), ("xxx..", true), ("xxx..xx", true), ("xxx..xxx", false),
        ])
    func health(_ outcomes: String, _ isHealthy: Bool) {
        var state = HealthState(Self.health)
        for outcome in outcomes { _ = state.record(success: outcome == ".") }
        #expect(state.isHealthy == isHealthy)
    }

    @Test("a change is told once")
    func changeToldOnce() {
        var standing = ServerStanding(health: Self.health, outlier: nil)
        let told = [false, false, false, false, true, true, true].map {
            standing.probed(success: $0, at: Self.seconds(1))
        }
        #expect(told == [nil, nil, .wentOut, nil, nil, .cameBack, nil])
    }

    @Test("failures in a row eject it for a while, and only while")
    func ejection() {
        var standing = ServerStanding(health: nil, outlier: Self.outlier)
        let told = [false, false, true, false, false, false, false].map {
            standing.used(success: $0, at: Self.seconds(100))
        }
        #expect(told == [nil, nil, nil, nil, nil, .ejected, nil])
        #expect(standing.standing(at: Self.seconds(100)) == .ejected)
        #expect(standing.standing(at: Self.seconds(129)) == .ejected)
        #expect(standing.standing(at: Self.seconds(130)) == .serving)
        // It has to fail as often again.
        #expect(standing.used(success: false, at: Self.seconds(131)) == nil)
        #expect(standing.standing(at: Self.seconds(131)) == .serving)
    }

    @Test("neither probes nor exchanges are asked about where none is configured")
    func neither() {
        var standing = ServerStanding(health: nil, outlier: nil)
        for _ in 0..<100 {
            #expect(standing.used(success: false, at: Self.seconds(1)) == nil)
            #expect(standing.probed(success: false, at: Self.seconds(1)) == nil)
        }
        #expect(standing.standing(at: Self.seconds(1)) == .serving)
        #expect(standing.share(at: Self.seconds(1)) == 100)
    }

    @Test("what comes back starts slowly", arguments: [(0, 10), (5, 32), (10, 55), (19, 95), (20, 100), (1000, 100)])
    func slowStart(_ after: UInt64, _ share: Int) {
        var probed = ServerStanding(health: Self.health, outlier: nil)
        for success in [false, false, false, true, true] { _ = probed.probed(success: success, at: Self.seconds(50)) }
        #expect(probed.share(at: Self.seconds(50 + after)) == share)
        var ejected = ServerStanding(health: nil, outlier: Self.outlier)
        for _ in 0..<3 { _ = ejected.used(success: false, at: Self.seconds(50)) }
        #expect(ejected.share(at: Self.seconds(80 + after)) == share)
    }
}
