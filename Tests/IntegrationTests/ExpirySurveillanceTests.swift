import DER
import Foundation
import Glibc
import MetricsText
import Synchronization
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

        @Test("is told to callers in a response field, to none whose certificate lasts", arguments: TLSVersion.allCases)
        func header(_ version: TLSVersion) throws {
            let authority = try OwnAuthority()
            try issueSoon(by: authority, days: 20)
            try authority.issueCaller("later", until: authority.ahead(200 * Self.day))
            let upstream = try Upstream { visit in
                _ = try MessageReader(visit).readRequest()
                try visit.write("HTTP/1.1 200 OK\r\nClient-Cert-Expires: never\r\nContent-Length: 0\r\n\r\n")
            }
            var setup = authority.setup(upstream: upstream.port)
            setup.workers = 1
            setup.routes.append("{path: /fixed, respond: {status: 200, body: ok}}")
            let silent = setup
            setup.top = ["expiry_header: Client-Cert-Expires"]
            let gateway = try Gateway(setup)
            let soon = try gateway.caller("callers/soon", over: version)
            for path in ["/fixed", "/"] {
                let answer = try soon.exchange("GET", path)
                #expect(answer.status == 200)
                let told = answer.fields[all: "Client-Cert-Expires"]
                #expect(told.count == 1 && told[0].hasSuffix(" GMT"), "\(told)")
            }
            let later = try gateway.caller("callers/later", over: version)
            #expect(try later.exchange("GET", "/fixed").fields["Client-Cert-Expires"] == nil)
            #expect(try later.exchange("GET", "/").fields["Client-Cert-Expires"] == "never", "the upstream's own")

            // A reload tells open connections, and no longer.
            let open = try gateway.caller("callers/soon", over: version)
            #expect(try open.exchange("GET", "/fixed").fields["Client-Cert-Expires"] != nil)
            try gateway.rewrite(silent.yaml)
            try gateway.reload()
            try eventually("nobody is told any more") {
                try open.exchange("GET", "/fixed").fields["Client-Cert-Expires"] == nil
            }
        }

        @Test("is told to a webhook, again where it fails at first")
        func webhook() throws {
            let authority = try OwnAuthority()
            let state = try TestFolder()
            try issueSoon(by: authority, days: 6)
            let bodies = Mutex<[String]>([])
            let receiver = try Upstream { visit in
                let reader = MessageReader(visit)
                guard let request = try reader.readRequest() else { return }
                let count = bodies.withLock { bodies in
                    bodies.append("\(request.fields["Content-Type"] ?? "") \(request.text)")
                    return bodies.count
                }
                try visit.write("HTTP/1.1 \(count == 1 ? 500 : 204) X\r\nContent-Length: 0\r\n\r\n")
            }
            var setup = setup(authority, state: state)
            setup.top.append("expiry_webhook: {url: \"http://127.0.0.1:\(receiver.port)/hook\"}")
            let gateway = try Gateway(setup)
            #expect(try gateway.caller("callers/soon").exchange("GET", "/").status == 200)
            try eventually("the caller is seen") { try gateway.metrics().contains("poterne_callers_seen 1") }
            try gateway.reload()
            try eventually("the second attempt") { bodies.withLock { $0.count } == 2 }
            let sent = bodies.withLock { $0 }
            #expect(sent[0] == sent[1])
            #expect(sent[0].hasPrefix("application/json {"))
            let document = try JSONSerialization.jsonObject(with: Data(sent[0].dropFirst(17).utf8)) as? [String: Any]
            let notice = try #require((document?["notices"] as? [[String: Any]])?.first)
            #expect(notice["event"] as? String == "expiring")
            #expect(notice["kind"] as? String == "caller")
            #expect(notice["owner"] as? String == "trust igc-sante")
            #expect(notice["days_left"] as? Int == 6)
            #expect(notice["step"] as? Int == 7)
            #expect((notice["subject"] as? String)?.contains("CALLER-soon") == true)
            #expect(gateway.operatorLog.contains("expiry_webhook: the server answered with status 500; again in 1 s"))
            #expect(try gateway.stop() == .exited(0))
        }

        @Test("is, of CRLs and of whatever certificate the configuration names, shown by /metrics")
        func metrics() throws {
            let authority = try OwnAuthority()
            try authority.issueCaller("own")
            var setup = setup(authority, state: try TestFolder())
            let (folder, own) = (authority.path, "\(authority.path)/callers/own")
            setup.routes.append("{path: /app, upstream: app}")
            setup.upstreams = [
                "app: {servers: [{address: \"127.0.0.1:1\"}], "
                    + "tls: {ca: \(folder)/trust/root.pem, server_name: localhost, certificate: \(own).pem, key: \(own).key}}"
            ]
            let text = MetricsText(try Gateway(setup).metrics())
            let shown = Set(
                text.values.keys.filter { $0.name == "poterne_certificate_not_after_timestamp_seconds" }
                    .map { "\($0.labels["kind"] ?? "") \($0.labels["owner"] ?? "")" })
            #expect(
                shown == [
                    "own listener api", "chain listener api", "own upstream app", "chain upstream app",
                    "anchor upstream app", "anchor trust igc-sante", "issuer trust igc-sante",
                ])
            #expect(text.value("poterne_expiries", ["kind": "crl", "level": "fine"]) == 2)
            #expect(text.value("poterne_expiries", ["kind": "own", "level": "expired"]) == 0)
        }
    }
}
