import IGCSante
import TestPKI
import Testing
import Trust
import X509

@Suite("The made-up IGC-Santé")
struct GeneratedPKITests {
    static let reasons: [(WrongCertificate, String)] = WrongCertificate.allCases.map { kind in
        let code =
            switch kind {
            case .revoked: "certificate_revoked"
            case .expired: "certificate_expired"
            case .notYetValid: "certificate_not_yet_valid"
            case .issuedByPersonnes: "issuer_not_accepted"
            case .otherRoot, .selfSigned, .testUnderProduction, .productionUnderTest: "unknown_issuer"
            case .serverAsClient: "kind_not_accepted"
            case .sha1: "weak_signature"
            case .rsa1024: "weak_key"
            case .unknownCriticalExtension: "unknown_critical_extension"
            case .twoCommonNames, .twoUnits: "profile_violation"
            case .brokenSignature: "signature_invalid"
            case .intermediateRevoked: "issuer_revoked"
            case .wrongCategory: "environment_mismatch"
            case .wrongPolicy: "environment_mismatch"
            }
        return (kind, code)
    }

    @Test("Each wrong certificate has its own reason", arguments: reasons)
    func wrong(kind: WrongCertificate, code: String) throws {
        let pki = try GeneratedPKI.shared
        let file = "wrong/\(kind.rawValue)"
        if kind.refusedBy == .test { #expect(try pki.outcome(file, in: .test) == code) }
        guard kind.hasProductionForm else { return }
        // In production the policy says the kind, so another kind's is told apart from the other environment's.
        #expect(try pki.outcome(file, in: .production) == (kind == .wrongPolicy ? "kind_not_accepted" : code))
    }

    @Test("The good caller passes, with its chain and alone", arguments: [IGCSante.Environment.test, .production])
    func good(environment: IGCSante.Environment) throws {
        let pki = try GeneratedPKI.shared
        #expect(try pki.outcome("callers/org-auth-cli", in: environment) == "admitted")
        #expect(try pki.outcome("callers/org-auth-cli", in: environment, isAlone: true) == "admitted")
        #expect(try pki.outcome("callers/revoked-by-delta", in: environment) == "certificate_revoked")
    }

    @Test(
        "Every other kind is refused, unless it is accepted by name",
        arguments: [
            ("org-sign", CertificateKind.orgSign, "kind_not_accepted", "purpose_not_accepted"),
            ("org-conf", .orgConf, "kind_not_accepted", "purpose_not_accepted"),
            ("serv-ssl", .servSSL, "kind_not_accepted", "admitted"),
            ("pro-auth", .ppAuth, "issuer_not_accepted", "issuer_not_accepted"),
            ("card-auth", .cardAuth, "unknown_issuer", "unknown_issuer"),
        ])
    func kinds(file: String, kind: CertificateKind, unlisted: String, listed: String) throws {
        let pki = try GeneratedPKI.shared
        #expect(try pki.outcome("callers/\(file)", in: .test) == unlisted)
        #expect(try pki.outcome("callers/\(file)", in: .test, accepted: .only([kind])) == listed)
    }

    @Test("A verified peer says who calls")
    func identity() throws {
        let pki = try GeneratedPKI.shared
        let chain = try pki.certificates("callers/org-auth-cli", of: .test)
        let leaf = try #require(chain.first)
        let peer = try PeerVerifier(trust: pki.trust(.test), accepted: .only([.orgAuthCli])).verify(
            leaf: leaf, presented: [], revocation: pki.revocation(.test), now: pki.now)
        #expect(peer.kind == .orgAuthCli && peer.environment == .test && peer.range == .elementary)
        #expect(peer.structure?.type == .finess && peer.structure?.raw.hasPrefix("1") == true)
        #expect(peer.clientName == leaf.subject.values(of: .commonName).first)
        #expect(peer.path.count == 3 && peer.leaf == leaf && peer.serial == leaf.serial)
        #expect(peer.earliestNotAfter == leaf.notAfter)

        let own = AccessPolicy(
            structures: [.prefix("1")], names: [try #require(NamePattern("*"))])
        #expect(own.decide(about: peer) == .admitted)
        let others = AccessPolicy(structures: [.exact("399999999999999"), .type(.siret), .siren("399999999")])
        #expect(
            others.decide(about: peer)
                == .refused(.structureNotAllowed(structure: peer.structure?.raw ?? ""), by: .structures))
        let named = AccessPolicy(names: [try #require(NamePattern("INSI-*"))])
        #expect(named.decide(about: peer) == .refused(.nameNotAllowed(name: peer.clientName ?? ""), by: .names))
        let signers = AccessPolicy(accepted: .only([.orgSign]))
        #expect(signers.decide(about: peer) == .refused(.kindNotAccepted(.orgAuthCli), by: .accept))
    }
}
