import Foundation
import Glibc
import TLS
import Testing

extension Integration {
    @Suite("SIGHUP")
    struct ReloadTests {
        private let before = "{path: /old, respond: {status: 200, body: old}}"
        private let after = "{path: /new, respond: {status: 200, body: new}}"

        private func setup(_ routes: String...) -> Setup {
            var setup = Setup()
            setup.routes = routes
            return setup
        }

        @Test("brings a new route, for open connections too", arguments: TLSVersion.allCases)
        func newRoute(_ version: TLSVersion) throws {
            let gateway = try Gateway(setup(before))
            let open = try gateway.caller(over: version)
            #expect(try open.exchange("GET", "/old").text == "old")
            #expect(try open.exchange("GET", "/new").status == 404)
            try gateway.rewrite(setup(after).yaml)
            try gateway.reload()
            try eventually("the open connection is served by the new routes") {
                try open.exchange("GET", "/new").text == "new"
            }
            #expect(try open.exchange("GET", "/old").status == 404)
            #expect(try gateway.caller(over: version).exchange("GET", "/new").text == "new")
        }

        @Test(
            "with a bad file changes nothing, and says where the fault is",
            arguments: ["{path: /new, upstreem: app}", "{path: /new, upstream: nowhere}", "{path: /new"])
        func badFile(_ route: String) throws {
            let gateway = try Gateway(setup(before))
            let yaml = setup(route).yaml
            try gateway.rewrite(yaml)
            try gateway.reload()
            #expect(gateway.operatorLog.contains("reload refused"))
            if route.hasSuffix("}") {
                let line =
                    yaml.split(separator: "\n", omittingEmptySubsequences: false)
                    .firstIndex { $0.contains("/new") }.map { $0 + 1 } ?? 0
                #expect(gateway.operatorLog.contains("poterne.yaml:\(line):"), "\(gateway.operatorLog)")
            }
            #expect(try gateway.caller().exchange("GET", "/old").text == "old")
            // And a good one is taken again after it.
            try gateway.rewrite(setup(after).yaml)
            try gateway.reload()
            try eventually("the good file is in force") {
                try gateway.caller().exchange("GET", "/new").text == "new"
            }
        }

        @Test("with a file that names what is not there changes nothing")
        func missingFile() throws {
            let gateway = try Gateway(setup(before))
            var broken = setup(after)
            broken.certificates = ["{chain: server/nothing.pem, key: server/key.pem}"]
            try gateway.rewrite(broken.yaml)
            try gateway.reload()
            #expect(gateway.operatorLog.contains("reload refused"))
            #expect(gateway.operatorLog.contains("nothing.pem"))
            #expect(try gateway.caller().exchange("GET", "/old").text == "old")
        }

        @Test("narrows who may pass: an open connection's next request, and a resumed session, are tested anew")
        func narrowed() throws {
            var wide = setup(before)
            wide.accept = ["ORG AUTH_CLI", "SERV SSL"]
            let gateway = try Gateway(wide)
            for version in TLSVersion.allCases {
                let first = try gateway.caller("callers/serv-ssl", over: version)
                #expect(try first.exchange("GET", "/old").status == 200)
            }
            let kept = try gateway.caller("callers/serv-ssl")
            #expect(try kept.exchange("GET", "/old").status == 200)
            let session = kept.session
            try gateway.rewrite(setup(before).yaml)
            try gateway.reload()
            let refused = try eventually("the connection of a kind that is not accepted any more ends") {
                () -> Bool? in
                do {
                    let answer = try kept.exchange("GET", "/old")
                    return answer.status == 403 ? true : nil
                } catch {
                    return true
                }
            }
            #expect(refused)
            let resumed = try gateway.caller("callers/serv-ssl", resuming: session)
            #expect(resumed.facts?.isResumed == false)
            #expect(resumed.readToFailure().error == .alertReceived(.unsupportedCertificate))
            #expect(try gateway.caller().exchange("GET", "/old").status == 200)
        }

        @Test("an upstream moves without a request lost")
        func movedUpstream() throws {
            func served(_ name: String) throws -> Upstream {
                try Upstream { _ in "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\(name)" }
            }
            let (one, two) = (try served("one"), try served("two"))
            let gateway = try Gateway(Setup(upstream: one.port))
            let caller = try gateway.caller()
            #expect(try caller.exchange("GET", "/").text == "one")
            try gateway.rewrite(Setup(upstream: two.port).yaml)
            try gateway.reload()
            try eventually("requests go to the new upstream") {
                let answer = try caller.exchange("GET", "/")
                #expect(answer.status == 200)
                return answer.text == "two"
            }
        }

        @Test("SIGUSR1 opens the logs anew after they were moved away")
        func reopenedLogs() throws {
            let gateway = try Gateway(setup(before))
            let caller = try gateway.caller()
            #expect(try caller.exchange("GET", "/old?1").status == 200)
            _ = try gateway.accessLine { $0["path"] == "/old" }
            try FileManager.default.moveItem(
                atPath: gateway.folder["access.log"], toPath: gateway.folder["access.log.1"])
            gateway.process.send(SIGUSR1)
            try eventually("a new file is there, and gets lines") { () throws -> Bool in
                #expect(try caller.exchange("GET", "/old").status == 200)
                return !gateway.accessLog.isEmpty
            }
        }
    }
}
