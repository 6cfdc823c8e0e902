import Foundation
import TLS
import TestPKI
import Testing

extension Integration {
    @Suite("CRLs fetched from sources")
    struct RevocationSourcesTests {
        /// What a source may answer with instead of the CRL.
        enum Fault: String, CaseIterable, CustomTestStringConvertible {
            case failing = "500"
            case page = "an HTML page with 200"
            case half = "half a CRL"
            case forged = "a forged CRL"
            case namesake = "a CRL of another CA of the same name"
            case otherIssuer = "the CRL of another CA"
            case closed = "nothing: nobody listens"
            case endless = "a body without end"
            case older = "an older CRL"

            var testDescription: String { rawValue }

            /// What it is counted as.
            var outcome: String {
                switch self {
                case .failing: "status"
                case .page: "html"
                case .half: "truncated"
                case .forged, .namesake: "forged"
                case .otherIssuer: "unknown_issuer"
                case .closed: "network"
                case .endless: "too_large"
                case .older: "older"
                }
            }

            /// Those that are no good whatever was there before: an older CRL is one only to who has a newer one.
            static var always: [Self] { allCases.filter { $0 != .older } }
        }

        private static func answer(_ body: [UInt8], status: String = "200 OK") -> [UInt8] {
            Array("HTTP/1.1 \(status)\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n".utf8) + body
        }

        /// A server of one CRL; nothing keeps the connection busy for ever.
        private func source(_ bytes: [UInt8]?) throws -> Upstream {
            try Upstream { visit in try Self.serve(bytes, to: visit) }
        }

        private static func serve(_ bytes: [UInt8]?, to visit: Upstream.Visit) throws {
            _ = try MessageReader(visit).readRequest()
            if let bytes { return try visit.write(bytes) }
            try visit.write("HTTP/1.1 200 OK\r\n\r\n")
            let piece = [UInt8](repeating: 0x30, count: 64 * 1024)
            while true { try visit.write(piece) }
        }

        /// What a source says that is faulty; nothing for a body without end.
        private func answer(_ fault: Fault, of authority: OwnAuthority) throws -> [UInt8]? {
            let list = try authority.hierarchy.organisations.revocationList(authority.template())
            var template = authority.template()
            switch fault {
            case .failing: return Self.answer([], status: "500 Internal Server Error")
            case .page: return Self.answer(Array("<!DOCTYPE html><html><body>Maintenance</body>".utf8))
            case .half: return Self.answer(Array(list.prefix(list.count / 2)))
            case .forged:
                template.number = 90
                template.hasBrokenSignature = true
            case .namesake:
                let other = try OwnAuthority()
                template = other.template()
                template.number = 90
                return Self.answer(try other.hierarchy.organisations.revocationList(template))
            case .otherIssuer:
                return Self.answer(try authority.hierarchy.root.revocationList(authority.template()))
            case .older:
                template.number = 1
                template.revoked = []
                template.thisUpdate = authority.ago(7_200)
            case .endless, .closed: return nil
            }
            return Self.answer(try authority.hierarchy.organisations.revocationList(template))
        }

        private func faulty(_ fault: Fault, of authority: OwnAuthority) throws -> Upstream? {
            fault == .closed ? nil : try source(answer(fault, of: authority))
        }

        private func setup(_ authority: OwnAuthority, _ urls: [String]) -> Setup {
            var setup = authority.setup()
            setup.revocationLists = ["crl/root.crl"]
            setup.revocation = [
                "max_size: 1MiB", "sources:",
                "  - {ca: \(authority.path)/trust/organisations.pem, base: [\(urls.joined(separator: ", "))]}",
            ]
            return setup
        }

        private func url(_ source: Upstream?) throws -> String {
            "\"http://127.0.0.1:\(try source?.port ?? Wire.closedPort())/a.crl\""
        }

        @Test("a source that gives no CRL is passed over, and the next one serves", arguments: Fault.always)
        func nextSource(_ fault: Fault) throws {
            let authority = try OwnAuthority()
            try authority.issueCaller("good")
            let revoked = try authority.issueCaller("revoked")
            try authority.revoke(revoked)
            let bad = try faulty(fault, of: authority)
            let good = try source(
                Self.answer(authority.hierarchy.organisations.revocationList(authority.template())))
            let gateway = try Gateway(setup(authority, [url(bad), url(good)]))
            try eventually("the CRL is fetched") { !good.requests.isEmpty && gateway.operatorLog.contains("CRL 2 of") }
            let answer = try eventually("the good caller is admitted") {
                try? gateway.caller("callers/good").exchange("GET", "/")
            }
            #expect(answer.status == 200)
            expectVerdicts(of: gateway)
            if let bad { #expect(!bad.visits.isEmpty) }
        }

        @Test("without another source, no caller is judged by what is no CRL", arguments: Fault.always)
        func noSource(_ fault: Fault) throws {
            let authority = try OwnAuthority()
            try authority.issueCaller("good")
            let bad = try faulty(fault, of: authority)
            let gateway = try Gateway(setup(authority, [url(bad)]))
            for version in TLSVersion.allCases {
                #expect(gateway.refusal(of: "callers/good", over: version) == .alertReceived(.internalError))
            }
            let lines = try eventually("two refusals") { gateway.auditLog.count == 2 ? gateway.auditLog : nil }
            #expect(lines.allSatisfy { $0["reason"] == "revocation_unavailable" })
        }

        @Test("a source that no longer serves well leaves the last good CRL in force", arguments: Fault.allCases)
        func later(_ fault: Fault) throws {
            let authority = try OwnAuthority()
            try authority.issueCaller("good")
            let revoked = try authority.issueCaller("revoked")
            try authority.revoke(revoked)
            let good = Self.answer(try authority.hierarchy.organisations.revocationList(authority.template()))
            let (bad, isWell) = (try answer(fault, of: authority), Switch(true))
            let source = try Upstream { visit in try Self.serve(isWell.isOn ? good : bad, to: visit) }
            var setup = try setup(authority, [url(source)])
            setup.top = ["admin: {address: \"127.0.0.1:0\"}"]
            let gateway = try Gateway(setup)
            try gateway.awaitList(2)
            expectVerdicts(of: gateway)
            if fault == .closed { source.stop() }
            isWell.isOn = false
            // Every source is asked anew.
            try gateway.reload()
            try eventually("the source has failed") { gateway.operatorLog.contains("; again in ") }
            let counted = "poterne_crl_offers_total{trust=\"igc-sante\",outcome=\"\(fault.outcome)\"} 1\n"
            try eventually("it is counted as \(fault.outcome)") { try gateway.metrics().contains(counted) }
            expectVerdicts(of: gateway)
        }

        /// The good caller is served, and the revoked one refused.
        private func expectVerdicts(of gateway: Gateway) {
            for version in TLSVersion.allCases {
                #expect(gateway.refusal(of: "callers/good", over: version) == nil)
                #expect(
                    gateway.refusal(of: "callers/revoked", over: version) == .alertReceived(.certificateRevoked))
            }
        }

        @Test("a file: source is watched", arguments: TLSVersion.allCases)
        func file(_ version: TLSVersion) throws {
            let authority = try OwnAuthority()
            let revoked = try authority.issueCaller("revoked")
            let gateway = try Gateway(setup(authority, ["\"file:\(authority.path)/crl/organisations.crl\""]))
            let caller = try eventually("the CRL is read") { () -> Caller? in
                let caller = try gateway.caller("callers/revoked", over: version)
                return (try? caller.exchange("GET", "/").status) == 200 ? caller : nil
            }
            try authority.revoke(revoked)
            #expect(caller.readToFailure().bytes.isEmpty)
            let line = try gateway.auditLine { $0["event"] == "cut" }
            #expect(line["reason"] == "certificate_revoked")
        }
    }
}
