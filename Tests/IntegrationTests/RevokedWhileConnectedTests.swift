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

        /// Waits until a new full CRL, or a delta, is looked into.
        private func awaitList(_ number: Int, by gateway: Gateway, delta: Bool = false) throws {
            let words = (delta ? "delta CRL \(number) of CN=TEST AC FICTIVE" : " CRL \(number) of CN=TEST AC FICTIVE")
            try eventually("CRL \(number) is in use") {
                gateway.operatorLog.split(separator: "\n").contains {
                    $0.contains(words) && $0.contains("ELEMENTAIRE ORGANISATIONS") && $0.contains("is in use")
                }
            }
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
            try awaitList(2, by: gateway)
            for session in [nil, session] {
                let error = refusal(of: "callers/revoked", by: gateway, over: version, resuming: session)
                #expect(error == .alertReceived(.certificateRevoked))
            }
            let resumed = try gateway.caller("callers/good", over: version, resuming: goodSession)
            #expect(resumed.facts?.isResumed == true)
            #expect(try resumed.exchange("GET", "/").status == 200)
            #expect(try good.exchange("GET", "/").status == 200)
        }

        /// How a caller is refused: in the handshake, or in TLS 1.3 when it first reads.
        private func refusal(
            of name: String, by gateway: Gateway, over version: TLSVersion, resuming session: TLSSession? = nil
        ) -> TLSError? {
            do {
                return try gateway.caller(name, over: version, resuming: session).readToFailure().error
            } catch {
                return error as? TLSError
            }
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
            for version in TLSVersion.allCases {
                _ = version
            }
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

        @Test("by a delta, and comes back when the next one takes it off hold", arguments: TLSVersion.allCases)
        func delta(_ version: TLSVersion) throws {
            let authority = try OwnAuthority()
            let held = try authority.issueCaller("held")
            try authority.issueCaller("good")
            let upstream = try Upstream()
            let gateway = try gateway(authority, upstream: upstream.port)
            let first = try gateway.caller("callers/held", over: version)
            #expect(try first.exchange("GET", "/").status == 200)
            let session = first.session

            let certificateHold = 6
            let removeFromCRL = 8
            var delta = authority.template()
            delta.deltaBase = 1
            delta.number = 2
            delta.thisUpdate = authority.ago(1_000)
            delta.revoked = [.init(serial: held.serial, date: authority.ago(60), reason: certificateHold)]
            try authority.publish(delta, as: "crl/organisations-delta.crl")
            #expect(first.readToFailure().bytes.isEmpty)
            for session in [nil, session] {
                let error = refusal(of: "callers/held", by: gateway, over: version, resuming: session)
                #expect(error == .alertReceived(.certificateRevoked))
            }
            #expect(try gateway.caller("callers/good", over: version).exchange("GET", "/").status == 200)

            delta.number = 3
            delta.thisUpdate = authority.ago(500)
            delta.revoked = [.init(serial: held.serial, date: authority.ago(50), reason: removeFromCRL)]
            try authority.publish(delta, as: "crl/organisations-delta.crl")
            try awaitList(3, by: gateway, delta: true)
            let back = try eventually("the caller is admitted again") {
                try? gateway.caller("callers/held", over: version).exchange("GET", "/")
            }
            #expect(back.status == 200)
        }

        @Test("an older CRL in the place of a newer one changes nothing")
        func olderList() throws {
            let authority = try OwnAuthority()
            let revoked = try authority.issueCaller("revoked")
            let old = try contents(of: "\(authority.path)/crl/organisations.crl")
            let upstream = try Upstream()
            let gateway = try gateway(authority, upstream: upstream.port)
            try authority.revoke(revoked)
            try awaitList(2, by: gateway)
            let before = gateway.operatorLog.count
            try authority.write(old, to: "crl/organisations.crl")
            try eventually("the older one was looked at") { gateway.operatorLog.count > before }
            #expect(refusal(of: "callers/revoked", by: gateway, over: .tls13) == .alertReceived(.certificateRevoked))
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
            #expect(refusal(of: "callers/revoked", by: gateway, over: .tls13) == .alertReceived(.certificateRevoked))
            #expect(try gateway.caller("callers/good").exchange("GET", "/").status == 200)
        }

        @Test("a CRL replaced while a hundred callers come lets every good one pass and no revoked one")
        func replacedUnderLoad() throws {
            let authority = try OwnAuthority()
            let revoked = try authority.issueCaller("revoked")
            try authority.issueCaller("good")
            try authority.revoke(revoked)
            let upstream = try Upstream()
            let gateway = try gateway(authority, upstream: upstream.port)
            for number in 0..<50 {
                var list = authority.template()
                list.number = 10 + number
                list.thisUpdate = authority.ago(3_000 - Int64(number))
                try authority.publish(list)
                let version: TLSVersion = number % 2 == 0 ? .tls13 : .tls12
                #expect(try gateway.caller("callers/good", over: version).exchange("GET", "/").status == 200)
                #expect(
                    refusal(of: "callers/revoked", by: gateway, over: version) == .alertReceived(.certificateRevoked))
            }
        }

        @Test("a connection ends when its caller's certificate expires", arguments: TLSVersion.allCases)
        func expires(_ version: TLSVersion) throws {
            let authority = try OwnAuthority()
            try authority.issueCaller("short", until: authority.ahead(4))
            try authority.issueCaller("good")
            let upstream = try Upstream()
            let gateway = try gateway(authority, upstream: upstream.port)
            let short = try gateway.caller("callers/short", over: version)
            let good = try gateway.caller("callers/good", over: version)
            for caller in [short, good] { #expect(try caller.exchange("GET", "/").status == 200) }
            let session = short.session
            #expect(short.readToFailure().bytes.isEmpty)
            let line = try gateway.auditLine { $0["event"] == "cut" }
            #expect(line["reason"] == "certificate_expired")
            for session in [nil, session] {
                let error = refusal(of: "callers/short", by: gateway, over: version, resuming: session)
                #expect(error == .alertReceived(.certificateExpired))
            }
            #expect(try good.exchange("GET", "/").status == 200)
        }

        @Test("a gateway that is killed serves again from its state directory, without its sources")
        func restart() throws {
            let authority = try OwnAuthority()
            let revoked = try authority.issueCaller("revoked")
            try authority.issueCaller("good")
            try authority.revoke(revoked)
            let state = try TestFolder()
            var setup = authority.setup(upstream: try Upstream().port)
            setup.routes = ["{path: /, respond: {status: 200, body: ok}}"]
            setup.upstreams = []
            setup.stateDirectory = state.path
            let first = try Gateway(setup)
            #expect(try first.caller("callers/good").exchange("GET", "/").status == 200)
            first.process.kill()
            for name in ["root", "organisations"] {
                try FileManager.default.removeItem(atPath: "\(authority.path)/crl/\(name).crl")
            }
            let second = try Gateway(setup)
            #expect(try second.caller("callers/good").exchange("GET", "/").status == 200)
            #expect(refusal(of: "callers/revoked", by: second, over: .tls13) == .alertReceived(.certificateRevoked))
        }
    }
}
