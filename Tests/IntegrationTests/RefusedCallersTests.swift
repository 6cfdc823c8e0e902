import Foundation
import TLS
import TestPKI
import Testing

/// A caller that is refused: by which reason, and by which alert.
struct RefusedCaller: CustomTestStringConvertible {
    let name: String
    let reason: String
    let alert: TLSAlert
    var environment = TestPKI.Environment.test

    var testDescription: String { "\(name): \(reason), \(alert)" }

    /// Every wrong certificate with its reason; `WrongCertificate` has no other.
    static let wrong: [RefusedCaller] = WrongCertificate.allCases.map { wrong in
        let (reason, alert): (String, TLSAlert) =
            switch wrong {
            case .revoked: ("certificate_revoked", .certificateRevoked)
            case .expired: ("certificate_expired", .certificateExpired)
            case .notYetValid: ("certificate_not_yet_valid", .certificateExpired)
            case .issuedByPersonnes: ("issuer_not_accepted", .unknownCA)
            case .otherRoot: ("unknown_issuer", .unknownCA)
            case .serverAsClient: ("kind_not_accepted", .unsupportedCertificate)
            case .selfSigned: ("unknown_issuer", .unknownCA)
            case .sha1: ("weak_signature", .badCertificate)
            case .rsa1024: ("weak_key", .badCertificate)
            case .unknownCriticalExtension: ("unknown_critical_extension", .unsupportedCertificate)
            case .twoCommonNames, .twoUnits: ("profile_violation", .badCertificate)
            case .testUnderProduction, .productionUnderTest: ("unknown_issuer", .unknownCA)
            case .brokenSignature: ("signature_invalid", .badCertificate)
            case .intermediateRevoked: ("issuer_revoked", .certificateRevoked)
            case .wrongCategory, .wrongPolicy: ("environment_mismatch", .unsupportedCertificate)
            }
        return RefusedCaller(
            name: "wrong/\(wrong.rawValue)", reason: reason, alert: alert, environment: wrong.refusedBy)
    }

    /// The good certificates of other kinds.
    static let kinds: [RefusedCaller] = [
        RefusedCaller(name: "callers/org-sign", reason: "kind_not_accepted", alert: .unsupportedCertificate),
        RefusedCaller(name: "callers/org-conf", reason: "kind_not_accepted", alert: .unsupportedCertificate),
        RefusedCaller(name: "callers/serv-ssl", reason: "kind_not_accepted", alert: .unsupportedCertificate),
        RefusedCaller(name: "callers/pro-auth", reason: "issuer_not_accepted", alert: .unknownCA),
        RefusedCaller(name: "callers/ps-auth", reason: "issuer_not_accepted", alert: .unknownCA),
        RefusedCaller(name: "callers/ps-sign", reason: "issuer_not_accepted", alert: .unknownCA),
        RefusedCaller(name: "callers/card-auth", reason: "unknown_issuer", alert: .unknownCA),
        RefusedCaller(name: "callers/card-sign", reason: "unknown_issuer", alert: .unknownCA),
        RefusedCaller(name: "callers/legacy", reason: "weak_signature", alert: .badCertificate),
        RefusedCaller(name: "callers/revoked-by-delta", reason: "certificate_revoked", alert: .certificateRevoked),
    ]
}

extension Integration {
    @Suite("Refused callers")
    struct RefusedCallersTests {
        static let versions = ["-tls1_2", "-tls1_3"]

        @Test("each wrong certificate is refused for its own reason, and its caller is told by the right alert")
        func wrongCertificates() throws {
            let upstream = try Upstream()
            let test = try Gateway(Setup(upstream: upstream.port))
            var setup = Setup(folder: "\(TestCertificates.folder)/prod", upstream: upstream.port)
            setup.environment = "production"
            let production = try Gateway(setup)
            try expectRefusal(of: RefusedCaller.wrong.filter { $0.environment == .test }, by: test)
            try expectRefusal(of: RefusedCaller.wrong.filter { $0.environment == .production }, by: production)
            #expect(upstream.visits.isEmpty)
        }

        @Test("each other kind of certificate is refused where ORG AUTH_CLI is accepted")
        func otherKinds() throws {
            let upstream = try Upstream()
            let gateway = try Gateway(Setup(upstream: upstream.port))
            try expectRefusal(of: RefusedCaller.kinds, by: gateway)
            #expect(upstream.visits.isEmpty)
        }

        /// Over both versions: the alert that each caller sees, and the lines of the audit log.
        private func expectRefusal(of callers: [RefusedCaller], by gateway: Gateway) throws {
            let pending = try callers.map { caller in
                (caller, try Self.versions.map { try SClient.Pending(gateway, as: caller.name, version: $0) })
            }
            for (caller, clients) in pending {
                for client in try clients.map({ try $0.finish() }) {
                    #expect(client.alert == Int(caller.alert.rawValue), "\(caller.name): \(client.errors)")
                    #expect(client.status == nil, "\(caller.name) got an answer")
                }
            }
            for caller in callers {
                let facts = try certificateFacts("\(gateway.setup.folder)/\(caller.name).pem")
                let lines = try eventually("two refusals of \(caller.name) in the audit log") {
                    let lines = gateway.auditLog.filter { $0["serial"] == facts["serial"] }
                    return lines.count >= 2 ? lines : nil
                }
                for line in lines { expect(line, of: caller, facts) }
            }
        }

        private func expect(_ line: LogLine, of caller: RefusedCaller, _ facts: [String: String]) {
            #expect(line["event"] == "handshake_refused", "\(caller.name)")
            #expect(line["reason"] == caller.reason, "\(caller.name)")
            #expect(line["address"]?.hasPrefix("127.0.0.1:") == true)
            #expect(line["subject"] == facts["subject"], "\(caller.name)")
            #expect(line["issuer"] == facts["issuer"], "\(caller.name)")
            #expect(line["thumbprint"] == facts["thumbprint"], "\(caller.name)")
            if caller.reason == "certificate_revoked" { #expect(line["crl_number"] != nil, "\(caller.name)") }
        }

        /// Who is refused, as openssl says it.
        private func certificateFacts(_ file: String) throws -> [String: String] {
            let printed = try run(
                "openssl",
                [
                    "x509", "-in", file, "-noout", "-serial", "-subject", "-issuer", "-fingerprint", "-sha256",
                    "-nameopt", "RFC2253",
                ])
            var facts: [String: String] = [:]
            for line in printed.text.split(separator: "\n") {
                let parts = line.split(separator: "=", maxSplits: 1)
                facts[String(parts[0])] = String(parts[1])
            }
            facts["thumbprint"] = facts["sha256 Fingerprint"]?.replacing(":", with: "").lowercased()
            return facts
        }

        @Test("no certificate is refused by certificate_required, in TLS 1.2 by handshake_failure")
        func noCertificate() throws {
            let gateway = try Gateway(Setup())
            for (version, alert) in [("-tls1_3", TLSAlert.certificateRequired), ("-tls1_2", .handshakeFailure)] {
                let client = try SClient(gateway, as: nil, version: version)
                #expect(client.alert == Int(alert.rawValue), "\(version): \(client.errors)")
            }
            let lines = try eventually("two refusals") { gateway.auditLog.count == 2 ? gateway.auditLog : nil }
            #expect(lines.map { $0["reason"] } == ["certificate_missing", "certificate_missing"])
        }

        @Test("curl names the alert", arguments: [["--tls-max", "1.2"], ["--tlsv1.3"]])
        func curlNamesTheAlert(_ version: [String]) throws {
            let gateway = try Gateway(Setup())
            let revoked = try Curl(gateway, as: "wrong/revoked", version)
            #expect(revoked.exitCode != 0)
            #expect(revoked.errors.contains("certificate revoked"), "\(revoked.errors)")
            let server = try Curl(gateway, as: "wrong/serv-ssl-as-client", version)
            #expect(server.errors.contains("unsupported certificate"), "\(server.errors)")
        }

        @Test("an intermediate that the root has revoked does not pass even where it is pinned")
        func revokedIntermediate() throws {
            var setup = Setup()
            setup.issuers.append("trust/organisations-revoked.pem")
            setup.revocationLists?.append("crl/organisations-revoked.crl")
            let gateway = try Gateway(setup)
            let caller = RefusedCaller(
                name: "wrong/intermediate-revoked", reason: "issuer_revoked", alert: .certificateRevoked)
            try expectRefusal(of: [caller], by: gateway)
        }

        @Test("SERV SSL is admitted where the configuration accepts it")
        func serverAccepted() throws {
            let upstream = try Upstream()
            var setup = Setup(upstream: upstream.port)
            setup.accept = ["ORG AUTH_CLI", "SERV SSL"]
            let gateway = try Gateway(setup)
            for version in TLSVersion.allCases {
                #expect(try gateway.caller("callers/serv-ssl", over: version).exchange("GET", "/").status == 200)
            }
            #expect(upstream.text.contains("X-IGC-Sante-Kind: SERV SSL\r\n"))
            let refused = RefusedCaller(
                name: "callers/org-conf", reason: "kind_not_accepted", alert: .unsupportedCertificate)
            try expectRefusal(of: [refused], by: gateway)
        }

        @Test("a caller revoked in the delta alone passes where the delta is not read")
        func deltaNotRead() throws {
            var setup = Setup()
            setup.revocationLists = ["crl/root.crl", "crl/organisations.crl"]
            let gateway = try Gateway(setup)
            #expect(try gateway.caller("callers/revoked-by-delta").exchange("GET", "/").status == 200)
        }

        @Test("the list of accepted CAs sent to callers names the pinned issuers")
        func acceptedAuthorities() throws {
            let gateway = try Gateway(Setup())
            for version in Self.versions {
                let client = try SClient(gateway, version: version)
                let section = client.output.components(separatedBy: "Acceptable client certificate CA names")
                    .dropFirst()
                let names = section.first?.split(separator: "\n").prefix { !$0.hasPrefix("Client Cert") } ?? []
                #expect(names.contains { $0.contains("ELEMENTAIRE ORGANISATIONS") }, "\(version)")
                #expect(!names.contains { $0.contains("PERSONNES") }, "\(version)")
            }
        }
    }
}
