import Crypto
import DER
import TestPKI
import Testing
import X509

@Suite("Certificate authorities of the test PKI")
struct CertificateAuthorityTests {
    static let now = Timestamp(secondsSinceEpoch: 1_780_000_000)

    private func hierarchy() throws -> Hierarchy {
        try Hierarchy(
            environment: .test, now: Self.now,
            keys: (PrivateKey.generate(.p256), PrivateKey.generate(.p256), PrivateKey.generate(.p256)))
    }

    private func isSigned(_ certificate: Certificate, by authority: CertificateAuthority) throws -> Bool {
        try authority.key.publicKey.accepts(
            Array(certificate.der[certificate.signature]), over: Array(certificate.der[certificate.tbs]),
            identifier: certificate.signatureAlgorithm.der)
    }

    @Test("A chain is issued, signed and named as it should be")
    func chain() throws {
        let hierarchy = try hierarchy()
        let root = try Certificate(der: hierarchy.root.certificate)
        let intermediate = try Certificate(der: hierarchy.organisations.certificate)
        let key = try PrivateKey.generate(.p256)
        let leaf = try Certificate(
            der: hierarchy.organisations.issue(
                LeafTemplate(.organisationClient, environment: .test, from: Self.now), to: key))
        #expect(try isSigned(root, by: hierarchy.root))
        #expect(try isSigned(intermediate, by: hierarchy.root))
        #expect(try isSigned(leaf, by: hierarchy.organisations))
        #expect(leaf.issuer == intermediate.subject)
        #expect(intermediate.issuer == root.subject)
        #expect(root.isSelfIssued)
        #expect(leaf.unhandledCriticalExtensions.isEmpty)
        #expect(leaf.authorityKeyIdentifier?.keyIdentifier == intermediate.subjectKeyIdentifier)
        #expect(leaf.notAfter == Timestamp(secondsSinceEpoch: 1_874_694_400))
        #expect(intermediate.subject.rfc2253.hasPrefix("CN=TEST AC FICTIVE POTERNE ELEMENTAIRE ORGANISATIONS,"))
    }

    @Test("No name of a CA could be taken for a real one", arguments: TestPKI.Environment.allCases)
    func names(environment: TestPKI.Environment) throws {
        let key = try PrivateKey.generate(.p256)
        let hierarchy = try Hierarchy(environment: environment, now: Self.now, keys: (key, key, key))
        for authority in [hierarchy.root, hierarchy.organisations, hierarchy.personnes] {
            let certificate = try Certificate(der: authority.certificate)
            let text = certificate.subject.rfc2253
            #expect(text.contains("FICTI") && !text.contains("IGC-SANTE") && !text.contains("ASIP"))
            #expect(text.contains("CN=TEST ") == (environment == .test))
            #expect(!String(decoding: authority.certificate, as: UTF8.self).contains("esante.gouv.fr"))
        }
    }

    @Test("A broken signature is broken, and nothing else is")
    func brokenSignature() throws {
        let authority = try hierarchy().organisations
        var template = LeafTemplate(.organisationClient, environment: .test, from: Self.now)
        template.hasBrokenSignature = true
        let certificate = try Certificate(der: authority.issue(template, to: authority.key))
        #expect(try !isSigned(certificate, by: authority))
        #expect(certificate.extendedKeyUsage == ["1.3.6.1.5.5.7.3.2"])
    }

    @Test("A delta says which full CRL it adds to, critically, and reasons are told only when asked for")
    func delta() throws {
        let authority = try hierarchy().organisations
        let entry = RevocationListTemplate.Entry(serial: [0x42], date: Self.now, reason: 1)
        let full = try shape(of: authority.revocationList(number: 7, thisUpdate: Self.now, nextUpdate: nil))
        let delta = try shape(
            of: authority.revocationList(
                number: 8, thisUpdate: Self.now, nextUpdate: nil, revoked: [entry], deltaBase: 7))
        #expect(!full.contains { $0.hasSuffix("2.5.29.27") })
        let indicator = try #require(delta.firstIndex { $0.hasSuffix("2.5.29.27") })
        #expect(delta[indicator + 1].hasSuffix("BOOLEAN [255]"))
        #expect(delta.contains { $0.hasSuffix("2.5.29.21") })
    }
}
