import DER
import Foundation
import Glibc
import TLS
import Testing

extension Integration {
    @Suite("What is about to expire")
    struct ExpirySurveillanceTests {
        private static let day: Int64 = 86_400

        private func setup(_ authority: OwnAuthority, state: TestFolder) -> Setup {
            var setup = authority.setup()
            setup.stateDirectory = state.path
            setup.workers = 1
            setup.top = ["admin: {address: \"127.0.0.1:0\"}", "drain_timeout: 1s"]
            return setup
        }

        /// Issues a caller's certificate of three years that ends in so many days and ten minutes.
        private func issueSoon(by authority: OwnAuthority, days: Int64) throws {
            let end = authority.ahead(days * Self.day + 600)
            try authority.issueCaller("soon", from: end.adding(seconds: -1_095 * Self.day), until: end)
        }

        /// The log's lines about ends, without their times.
        private func warnings(_ gateway: Gateway) -> [Substring] {
            gateway.operatorLog.split(separator: "\n").filter {
                $0.contains("expires in") || $0.contains("has expired")
            }
        }

        @Test("is warned about once, of callers too, whatever ends the process and begins the next one")
        func restarts() throws {
            let authority = try OwnAuthority()
            let state = try TestFolder()
            try issueSoon(by: authority, days: 20)
            try authority.issueCaller("later", until: authority.ahead(200 * Self.day))
            let setup = setup(authority, state: state)

            let first = try Gateway(setup)
            for name in ["soon", "later", "soon"] {
                #expect(try first.caller("callers/\(name)").exchange("GET", "/").status == 200)
            }
            let seen = "poterne_callers_seen 2"
            try eventually("both callers are seen") { try first.metrics().contains(seen) }
            // A look comes within a minute, or with a reload.
            try first.reload()
            let warning = try eventually("a warning") {
                warnings(first).first { $0.contains("a caller's certificate") }
            }
            #expect(warning.contains("under trust igc-sante expires in 20 days"), "\(warning)")
            #expect(warning.contains("CALLER-soon"), "\(warning)")
            #expect(warning.contains(" warning "), "\(warning)")
            try first.reload()
            #expect(warnings(first).count { $0.contains("caller") } == 1)
            try eventually("the callers are kept") { state.text("expiries").contains("CALLER-later") }
            first.process.kill()

            let second = try Gateway(setup)
            try eventually("the callers are known") { try second.metrics().contains(seen) }
            try second.reload()
            #expect(warnings(second).allSatisfy { !$0.contains("caller") }, "\(warnings(second))")
            let soonest = try #require(
                try second.metrics().split(separator: "\n").first {
                    $0.hasPrefix("poterne_caller_certificate_not_after_timestamp_seconds{")
                })
            #expect(soonest.contains("CALLER-soon"))
            #expect(soonest.contains("owner=\"trust igc-sante\""))
            try second.stop()

            // What somebody wrote over the file is not believed, and does not keep the gateway from serving.
            try state.write("poterne-expiries 1\nnonsense\nend 1\n", to: "expiries")
            let third = try Gateway(setup)
            #expect(
                third.operatorLog.contains("line 2 is not understood: callers seen and warnings given are begun anew"))
            #expect(try third.caller("callers/soon").exchange("GET", "/").status == 200)
            try eventually("one caller is seen") { try third.metrics().contains("poterne_callers_seen 1") }
        }

        @Test("is known to the process that takes over, which alone keeps it then")
        func upgrade() throws {
            let authority = try OwnAuthority()
            let state = try TestFolder()
            try issueSoon(by: authority, days: 20)
            let setup = setup(authority, state: state)
            let gateway = try Gateway(setup)
            #expect(try gateway.caller("callers/soon").exchange("GET", "/").status == 200)
            try eventually("the caller is seen") { try gateway.metrics().contains("poterne_callers_seen 1") }
            let told = try run(Product.path, ["upgrade", "--config", gateway.folder["poterne.yaml"]])
            #expect(told.exitCode == 0, "\(told.errors)")
            let next = try #require(told.text.split(separator: " ").lazy.compactMap { pid_t($0) }.first)
            defer { kill(next, SIGTERM) }
            #expect(try gateway.metrics().contains("poterne_callers_seen 1"))
            #expect(try gateway.process.wait() == .exited(0))
            // Of the two processes one says it, and the other not again.
            #expect(warnings(gateway).count { $0.contains("caller") } == 1)
        }

        @Test("is told without a state directory too, which is said once")
        func noStateDirectory() throws {
            let authority = try OwnAuthority()
            let state = try TestFolder()
            try state.write("", to: "file")
            try issueSoon(by: authority, days: 6)
            var setup = setup(authority, state: state)
            setup.stateDirectory = state["file/state"]
            let gateway = try Gateway(setup)
            #expect(try gateway.caller("callers/soon").exchange("GET", "/").status == 200)
            try eventually("the caller is seen") { try gateway.metrics().contains("poterne_callers_seen 1") }
            try gateway.reload()
            try eventually("a warning") { warnings(gateway).first { $0.contains("CALLER-soon") } }
            try gateway.reload()
            let complaints = gateway.operatorLog.split(separator: "\n").count {
                $0.contains("are not kept over a restart")
            }
            #expect(complaints == 1)
        }

        @Test("of a CRL and of CAs is shown by /metrics")
        func metrics() throws {
            let authority = try OwnAuthority()
            let gateway = try Gateway(setup(authority, state: try TestFolder()))
            let metrics = try gateway.metrics()
            for kind in ["own", "chain", "anchor", "issuer"] {
                #expect(
                    metrics.contains("poterne_certificate_not_after_timestamp_seconds{kind=\"\(kind)\",owner=\""),
                    "\(kind)")
            }
            #expect(metrics.contains("poterne_expiries{kind=\"crl\",level=\"fine\"} 2"))
            #expect(metrics.contains("poterne_expiries{kind=\"own\",level=\"expired\"} 0"))
        }
    }
}
