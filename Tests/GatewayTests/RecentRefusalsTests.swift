import Observability
import Testing

@testable import Gateway

@Suite("The last refusals") struct RecentRefusalsTests {
    private func refusal(_ serial: Int, from address: String) -> AuditEvent {
        var event = AuditEvent(time: .now(), decision: .handshakeRefused)
        event.reason = "unknown_ca"
        event.serial = "\(serial)"
        event.address = address
        return event
    }

    @Test("who comes with another certificate each time takes eight places, and leaves those of others alone")
    func stranger() {
        var refusals = RecentRefusals()
        refusals.note(refusal(-1, from: "192.0.2.1:1"))
        for serial in 0..<100 { refusals.note(refusal(serial, from: "192.0.2.9:\(1000 + serial)")) }
        #expect(refusals.entries.count == 1 + Limits.recentRefusalsOfAddress)
        #expect(refusals.entries.contains { $0.event.serial == "-1" })
        #expect(refusals.entries.contains { $0.event.serial == "99" })
    }

    @Test("many addresses take all places there are, and no more")
    func manyAddresses() {
        var refusals = RecentRefusals()
        for host in 0..<100 { refusals.note(refusal(host, from: "192.0.2.\(host):1")) }
        #expect(refusals.entries.count == Limits.recentRefusals)
        #expect(refusals.entries.contains { $0.event.serial == "99" })
    }
}
