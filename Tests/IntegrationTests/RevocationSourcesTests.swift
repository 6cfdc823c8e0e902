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

            var testDescription: String { rawValue }
        }

        private static func answer(_ body: [UInt8], status: String = "200 OK") -> [UInt8] {
            Array("HTTP/1.1 \(status)\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n".utf8) + body
        }

        /// A server of one CRL; nothing keeps the connection busy for ever.
        private func source(_ bytes: [UInt8]?) throws -> Upstream {
            try Upstream { visit in
                _ = try MessageReader(visit).readRequest()
                if let bytes { return try visit.write(bytes) }
                try visit.write("HTTP/1.1 200 OK\r\n\r\n")
                let piece = [UInt8](repeating: 0x30, count: 64 * 1024)
                while true { try visit.write(piece) }
            }
        }

        private func faulty(_ fault: Fault, of authority: OwnAuthority) throws -> Upstream? {
            let list = try authority.hierarchy.organisations.revocationList(authority.template())
            switch fault {
            case .failing: return try source(Self.answer([], status: "500 Internal Server Error"))
            case .page: return try source(Self.answer(Array("<!DOCTYPE html><html><body>Maintenance</body>".utf8)))
            case .half: return try source(Self.answer(Array(list.prefix(list.count / 2))))
            case .forged:
                var template = authority.template()
                template.hasBrokenSignature = true
                return try source(Self.answer(authority.hierarchy.organisations.revocationList(template)))
            case .namesake:
                let other = try OwnAuthority()
                return try source(Self.answer(other.hierarchy.organisations.revocationList(other.template())))
            case .otherIssuer:
                return try source(Self.answer(authority.hierarchy.root.revocationList(authority.template())))
            case .closed: return nil
            case .endless: return try source(nil)
            }
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

        @Test("a source that gives no CRL is passed over, and the next one serves", arguments: Fault.allCases)
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
            let refused = try gateway.caller("callers/revoked")
            #expect(refused.readToFailure().error == .alertReceived(.certificateRevoked))
            if let bad { #expect(!bad.visits.isEmpty) }
        }

        @Test("without another source, no caller is judged by what is no CRL", arguments: Fault.allCases)
        func noSource(_ fault: Fault) throws {
            let authority = try OwnAuthority()
            try authority.issueCaller("good")
            let bad = try faulty(fault, of: authority)
            let gateway = try Gateway(setup(authority, [url(bad)]))
            let caller = try gateway.caller("callers/good")
            #expect(caller.readToFailure().error == .alertReceived(.internalError))
            let line = try gateway.auditLine { $0["event"] == "handshake_refused" }
            #expect(line["reason"] == "revocation_unavailable")
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
