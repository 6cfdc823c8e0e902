import TLS
import TestPKI
import Testing

extension Integration {
    @Suite("A caller put on hold by a delta, and taken off it")
    struct RevokedByDeltaTests {
        private static let certificateHold = 6
        private static let removeFromCRL = 8

        @Test("loses every road by the one delta and has them all again by the next", arguments: TLSVersion.allCases)
        func heldAndBack(_ version: TLSVersion) throws {
            let authority = try OwnAuthority()
            let held = try authority.issueCaller("held")
            let other = try authority.issueCaller("other")
            try authority.issueCaller("good")
            let gate = Gate()
            let upstream = try Presence.upstream(holding: gate)
            let gateway = try Gateway(authority.setup(upstream: upstream.port))
            let holding = try Presence(at: gateway, as: "callers/held", over: version)
            let good = try Presence(at: gateway, as: "callers/good", over: version)

            var delta = authority.template()
            delta.deltaBase = 1
            delta.number = 2
            delta.thisUpdate = authority.ago(1_000)
            delta.revoked = [.init(serial: held.serial, date: authority.ago(60), reason: Self.certificateHold)]
            try authority.publish(delta, as: "crl/organisations-delta.crl")
            holding.expectEnd(by: .certificateRevoked)

            delta.number = 3
            delta.thisUpdate = authority.ago(500)
            delta.revoked = [.init(serial: held.serial, date: authority.ago(50), reason: Self.removeFromCRL)]
            try authority.publish(delta, as: "crl/organisations-delta.crl")
            try gateway.awaitList(3, delta: true)
            try eventually("the caller is admitted again") {
                gateway.refusal(of: "callers/held", over: version) == nil
            }
            let back = try Presence(at: gateway, as: "callers/held", over: version)
            let ending = try Presence(at: gateway, as: "callers/other", over: version)

            // Another one's revocation, by a delta and by the base after it, is nothing to who is off hold.
            delta.number = 4
            delta.thisUpdate = authority.ago(400)
            delta.revoked.append(.init(serial: other.serial, date: authority.ago(40)))
            try authority.publish(delta, as: "crl/organisations-delta.crl")
            ending.expectEnd(by: .certificateRevoked)
            var base = authority.template()
            base.number = 5
            base.thisUpdate = authority.ago(300)
            base.revoked = [.init(serial: other.serial, date: authority.ago(40))]
            try authority.publish(base)
            try gateway.awaitList(5)
            #expect(gateway.refusal(of: "callers/other", over: version) == .alertReceived(.certificateRevoked))
            gate.open()
            try back.expectUndisturbed()
            try good.expectUndisturbed()
            #expect(gateway.auditLog.count { $0["event"] == "cut" } == 4)
        }
    }
}
