import Foundation
import TLS
import TestPKI
import Testing

extension Integration {
    /// A caller is revoked while it is there: on every road it may come again, and on the one it is on.
    @Suite("A caller revoked while it is connected")
    struct RevokedWhileConnectedTests {
        private func gateway(_ authority: OwnAuthority, upstream: UInt16, _ more: [String] = []) throws -> Gateway {
            var setup = authority.setup(upstream: upstream)
            setup.clientCertificate = more
            let gateway = try Gateway(setup)
            return gateway
        }

        @Test("is refused on a new connection and on a resumed session; others are not", arguments: TLSVersion.allCases)
        func newConnection(_ version: TLSVersion) throws {
            let authority = try OwnAuthority()
            let revoked = try authority.issueCaller("revoked")
            try authority.issueCaller("good")
            let upstream = try Upstream()
            let gateway = try gateway(authority, upstream: upstream.port)
            let first = try gateway.caller("callers/revoked", over: version)
            #expect(try first.exchange("GET", "/").status == 200)
            let session = try #require(first.session)
            let good = try gateway.caller("callers/good", over: version)
            #expect(try good.exchange("GET", "/").status == 200)
            let goodSession = try #require(good.session)
            // The session is good as long as its owner is.
            let again = try gateway.caller("callers/revoked", over: version, resuming: session)
            #expect(again.facts?.isResumed == true)
            #expect(try again.exchange("GET", "/").status == 200)

            try authority.revoke(revoked)
            try gateway.awaitList(2)
            for session in [nil, session] {
                let error = gateway.refusal(of: "callers/revoked", over: version, resuming: session)
                #expect(error == .alertReceived(.certificateRevoked))
            }
            let resumed = try gateway.caller("callers/good", over: version, resuming: goodSession)
            #expect(resumed.facts?.isResumed == true)
            #expect(try resumed.exchange("GET", "/").status == 200)
            #expect(try good.exchange("GET", "/").status == 200)
        }

        @Test("loses its idle connection; others keep theirs", arguments: TLSVersion.allCases)
        func idleConnection(_ version: TLSVersion) throws {
            let authority = try OwnAuthority()
            let revoked = try authority.issueCaller("revoked")
            try authority.issueCaller("good")
            let upstream = try Upstream()
            let gateway = try gateway(authority, upstream: upstream.port)
            let ending = try gateway.caller("callers/revoked", over: version)
            let staying = try gateway.caller("callers/good", over: version)
            for caller in [ending, staying] { #expect(try caller.exchange("GET", "/").status == 200) }
            try authority.revoke(revoked)
            let (rest, _) = ending.readToFailure()
            #expect(rest.isEmpty)
            let line = try gateway.auditLine { $0["event"] == "cut" }
            #expect(line["reason"] == "certificate_revoked")
            #expect(line["crl_number"] == "2")
            #expect(line["subject"]?.hasPrefix("CN=CALLER-revoked,") == true)
            #expect(try staying.exchange("GET", "/").status == 200)
            #expect(gateway.auditLog.count { $0["event"] == "cut" } == 1)
        }

        @Test(
            "loses a connection in the middle of a response, or ends it first, as cut_on_revocation says",
            arguments: [true, false])
        func withinResponse(_ cuts: Bool) throws {
            let authority = try OwnAuthority()
            let revoked = try authority.issueCaller("revoked")
            try authority.issueCaller("good")
            let gate = Gate()
            let upstream = try Upstream { visit in
                _ = try MessageReader(visit).readRequest()
                try visit.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
                try gate.pass()
                try visit.write("5\r\nlater\r\n0\r\n\r\n")
            }
            let gateway = try gateway(authority, upstream: upstream.port, ["cut_on_revocation: \(cuts)"])
            let callers = try TLSVersion.allCases.map { try gateway.caller("callers/revoked", over: $0) }
            let good = try gateway.caller("callers/good")
            for caller in callers + [good] {
                try caller.send("GET", "/")
                while !String(decoding: caller.messages.rest, as: UTF8.self).contains("first") {
                    guard try caller.messages.fill() else { break }
                }
            }
            try authority.revoke(revoked)
            try eventually("both are cut") { gateway.auditLog.count { $0["event"] == "cut" } == callers.count }
            if cuts {
                for caller in callers {
                    let (rest, error) = caller.readToFailure()
                    #expect(rest.isEmpty && error != nil, "the cut must be seen")
                }
            }
            gate.open()
            for caller in cuts ? [good] : callers + [good] {
                let answer = try caller.messages.readResponse().final
                #expect(answer.text == "firstlater")
                #expect(answer.isComplete)
            }
            if !cuts {
                for caller in callers { #expect(try !caller.messages.fill(), "it ends after the exchange") }
            }
            #expect(try good.exchange("GET", "/").status == 200)
        }

        @Test("an older CRL in the place of a newer one changes nothing")
        func olderList() throws {
            let authority = try OwnAuthority()
            let revoked = try authority.issueCaller("revoked")
            let old = try contents(of: "\(authority.path)/crl/organisations.crl")
            let upstream = try Upstream()
            let gateway = try gateway(authority, upstream: upstream.port)
            try authority.revoke(revoked)
            try gateway.awaitList(2)
            let before = gateway.operatorLog.count
            try authority.write(old, to: "crl/organisations.crl")
            try eventually("the older one was looked at") { gateway.operatorLog.count > before }
            #expect(gateway.refusal(of: "callers/revoked", over: .tls13) == .alertReceived(.certificateRevoked))
        }

        @Test(
            "a CRL that turns bad, or disappears, leaves the last good one in force",
            arguments: ["forged", "cut", "gone"])
        func badSuccessor(_ fault: String) throws {
            let authority = try OwnAuthority()
            let revoked = try authority.issueCaller("revoked")
            try authority.issueCaller("good")
            try authority.revoke(revoked)
            let upstream = try Upstream()
            let gateway = try gateway(authority, upstream: upstream.port)
            let before = gateway.operatorLog.count
            var next = authority.template()
            next.number = 9
            next.revoked = []
            switch fault {
            case "forged":
                next.hasBrokenSignature = true
                try authority.publish(next)
            case "cut":
                let whole = try authority.hierarchy.organisations.revocationList(next)
                try authority.write(Array(whole.prefix(whole.count - 40)), to: "crl/organisations.crl")
            default:
                try FileManager.default.removeItem(atPath: "\(authority.path)/crl/organisations.crl")
                // A file beside it makes the folder be looked at.
                try authority.write(Array("no CRL".utf8), to: "crl/other.crl")
            }
            try eventually("the change was looked at") { gateway.operatorLog.count > before }
            #expect(gateway.refusal(of: "callers/revoked", over: .tls13) == .alertReceived(.certificateRevoked))
            #expect(try gateway.caller("callers/good").exchange("GET", "/").status == 200)
        }

        @Test("a connection ends when its caller's certificate expires, idle or in the middle of a response")
        func expires() throws {
            let authority = try OwnAuthority()
            try authority.issueCaller("good")
            let gate = Gate()
            let upstream = try Presence.upstream(holding: gate)
            let gateway = try gateway(authority, upstream: upstream.port)
            try authority.issueCaller("short", until: authority.ahead(4))
            let ending = try TLSVersion.allCases.map { try Presence(at: gateway, as: "callers/short", over: $0) }
            let staying = try TLSVersion.allCases.map { try Presence(at: gateway, as: "callers/good", over: $0) }
            for one in ending { one.expectEnd(by: .certificateExpired) }
            let cuts = try eventually("all are cut") { () -> [LogLine]? in
                let cuts = gateway.auditLog.filter { $0["event"] == "cut" }
                return cuts.count == 2 * ending.count ? cuts : nil
            }
            #expect(cuts.allSatisfy { $0["reason"] == "certificate_expired" })
            gate.open()
            for one in staying { try one.expectUndisturbed() }
        }

        @Test("a gateway that is killed serves again from its state directory, without its sources")
        func restart() throws {
            let authority = try OwnAuthority()
            let revoked = try authority.issueCaller("revoked")
            try authority.issueCaller("good")
            let old = try contents(of: "\(authority.path)/crl/organisations.crl")
            try authority.revoke(revoked)
            let files = "\(authority.path)/crl"
            let source = try Upstream { visit in
                let target = try MessageReader(visit).readRequest()?.target ?? ""
                let body = try contents(of: files + target)
                let head = "HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n"
                try visit.write(Array(head.utf8) + body)
            }
            let state = try TestFolder()
            var setup = authority.setup()
            setup.revocationLists = nil
            setup.stateDirectory = state.path
            setup.revocation = ["sources:"]
            for name in ["root", "organisations"] {
                let url = "http://127.0.0.1:\(source.port)/\(name).crl"
                setup.revocation.append("  - {ca: \(authority.path)/trust/\(name).pem, base: [\"\(url)\"]}")
            }
            let first = try Gateway(setup)
            try eventually("what was fetched is kept") {
                try FileManager.default.subpathsOfDirectory(atPath: state.path).count { $0.hasSuffix(".crl") } == 2
            }
            first.process.kill()
            source.stop()
            // Nobody answers; then somebody does, with an older CRL.
            for isOlderOffered in [false, true] {
                if isOlderOffered {
                    setup.revocationLists = ["crl/organisations.crl"]
                    try authority.write(old, to: "crl/organisations.crl")
                }
                let second = try Gateway(setup)
                for version in TLSVersion.allCases {
                    #expect(second.refusal(of: "callers/good", over: version) == nil)
                    let error = second.refusal(of: "callers/revoked", over: version)
                    #expect(error == .alertReceived(.certificateRevoked))
                }
                if isOlderOffered { #expect(second.operatorLog.contains("is older than 2")) }
                second.process.kill()
            }
        }
    }
}
