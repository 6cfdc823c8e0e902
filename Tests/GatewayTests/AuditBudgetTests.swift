import EventLoop
import Observability
import Testing

@testable import Gateway

@Suite("The budget of the audit log")
struct AuditBudgetTests {
    private let refused = AuditEvent(time: .now(), decision: .handshakeRefused)

    private func time(_ milliseconds: UInt64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }

    @Test("tells what a flood has cost while it goes on, and the rest at the end")
    func flood() {
        var budget = AuditBudget(rate: 2)
        var told: [UInt64] = []
        // Ten events a second, without a pause; it is asked in the middle of each second.
        for tick in UInt64(0)..<40 {
            let now = time(tick * 100)
            #expect(budget.admits(refused, at: now) == (tick % 10 < 2))
            if tick % 10 == 5 { told += budget.takeOmissions(at: now).map(\.count) }
        }
        #expect(told == [8, 8, 8])
        #expect(budget.takeOmissions(at: nil).map(\.count) == [8])
        #expect(budget.takeOmissions(at: nil).isEmpty)
        #expect(budget.omitted.value == 32)
    }

    @Test("tells a second that is over once, though nothing comes any more")
    func pause() {
        var budget = AuditBudget(rate: 1)
        for _ in 0..<4 { _ = budget.admits(refused, at: time(100)) }
        #expect(budget.takeOmissions(at: time(900)).isEmpty)
        #expect(budget.takeOmissions(at: time(1000)).map(\.count) == [3])
        #expect(budget.takeOmissions(at: time(3000)).isEmpty)
    }
}
