import Crypto
import DER
import Testing
import X509

@testable import IGCSante

/// FACTS of every real certificate: what it is, and whom it names.
struct RealLeaf: CustomTestStringConvertible, Sendable {
    let file: String
    let issuer: String
    let kind: CertificateKind
    let environment: Environment
    let structure: String
    let type: StructureIdentifier.Kind
    let structureName: String
    let clientName: String
    let department: String
    var range = CertificateRange.elementary

    var testDescription: String { file }

    static let all = [
        RealLeaf(
            file: "PROD-SERV_SSL-tops.demo.asipsante.fr-20191010-ebe1d268", issuer: "ACI-EL-ORG", kind: .servSSL,
            environment: .production, structure: "318751275100020", type: .siret,
            structureName: "AGENCE DES SYSTEMES D'INFORMATION PARTAG", clientName: "tops.demo.asipsante.fr",
            department: "Paris (75)"),
        RealLeaf(
            file: "TEST-ORG_AUTH_CLI-INSI_MANU-20250425-150125b6", issuer: "ACI-EL-ORG-TEST", kind: .orgAuthCli,
            environment: .test, structure: "10B0221636", type: .finess, structureName: "CENTRE DE SANTE RPPS22163",
            clientName: "INSI-MANU", department: "Rhône (69)"),
        RealLeaf(
            file: "TEST-ORG_AUTH_CLI-Padoa-20211115-b182c665", issuer: "ACI-EL-ORG-TEST", kind: .orgAuthCli,
            environment: .test, structure: "10B0152872", type: .finess, structureName: "CENTRE DE SANTE RPPS15287",
            clientName: "Padoa", department: "Rhône (69)"),
        RealLeaf(
            file: "TEST-ORG_CONF-Padoa_CONF-20211115-1375ead2", issuer: "ACI-EL-ORG-TEST", kind: .orgConf,
            environment: .test, structure: "10B0152872", type: .finess, structureName: "CENTRE DE SANTE RPPS15287",
            clientName: "Padoa-CONF", department: "Rhône (69)"),
        RealLeaf(
            file: "TEST-ORG_SIGN-rpps.tra.henix_asipsante.fr-20160707-f50f8dcf", issuer: "ACI-EL-ORG-TEST",
            kind: .orgSign, environment: .test, structure: "318751275100020", type: .siret,
            structureName: "ASIP-SANTE", clientName: "rpps.tra.henix;asipsante.fr", department: "Paris (75)"),
        RealLeaf(
            file: "TEST-ORG_SIGN-tomwsrevoque.henix.asipsante.fr-20190614-742d8553", issuer: "ACI-EL-ORG-TEST",
            kind: .orgSign, environment: .test, structure: "318751275100020", type: .siret,
            structureName: "ASIP-SANTE", clientName: "tomwsrevoque.henix.asipsante.fr", department: "Paris (75)"),
        RealLeaf(
            file: "TEST-PP_AUTH-30B0057881_CPET0002-20170323-5da0d21f", issuer: "ACI-ST-PP-TEST", kind: .cardAuth,
            environment: .test, structure: "10B0057881", type: .finess, structureName: "HOPITAL DES 3 DAMES",
            clientName: "30B0057881/CPET0002", department: "Paris (75)", range: .standard),
        RealLeaf(
            file: "TEST-SERV_SSL-carto.hub.esante.gouv.fr-20250220-af05d4e9", issuer: "ACI-EL-ORG-TEST",
            kind: .servSSL, environment: .test, structure: "318751275100020", type: .siret,
            structureName: "AGENCE DU NUMERIQUE EN SANTE", clientName: "carto.hub.esante.gouv.fr",
            department: "Paris (75)"),
        RealLeaf(
            file: "TEST-SERV_SSL-mock.platines.henix.asipsante.fr-20171106-a78637e7", issuer: "ACI-EL-ORG-TEST",
            kind: .servSSL, environment: .test, structure: "318751275100020", type: .siret,
            structureName: "ASIP-SANTE", clientName: "mock.platines.henix.asipsante.fr", department: "Paris (75)"),
    ]
}

@Suite("Real certificates are what the ANS issued them as", .enabled(if: RealCertificates.arePresent))
struct RealCertificateTests {
    @Test("a holder's certificate", arguments: RealLeaf.all)
    func leaf(_ expected: RealLeaf) throws {
        let leaf = try RealCertificates.certificate("ee/\(expected.file).pem")
        let issuer = try RealCertificates.certificate("ca/\(expected.issuer).pem")
        let classification = Classification.classify(leaf, issuer: issuer)
        #expect(classification.finding == .kind(expected.kind))
        // The file's name ends in the beginning of the certificate's SHA-256.
        let der = leaf.der
        let digest = SHA256.digest(of: der.span)
        #expect(expected.file.hasSuffix("-" + digest.hex.prefix(8)))
        #expect(classification.environment == expected.environment)
        #expect(classification.range == expected.range)
        #expect(classification.domain == expected.kind.domain)
        #expect(classification.structure?.raw == expected.structure)
        #expect(classification.structure?.type == expected.type)
        #expect(classification.structureName == expected.structureName)
        #expect(classification.clientName == expected.clientName)
        #expect(classification.department == expected.department)
        // The leaf alone names its issuer and the issuer's key: it tells the same.
        #expect(Classification.classify(leaf, issuer: nil) == classification)
    }

    @Test("a CA's certificate is of no kind", arguments: OfficialAuthority.all)
    func authority(_ authority: OfficialAuthority) throws {
        let certificate = try RealCertificates.certificate("ca/\(authority.fileName).pem")
        let classification = Classification.classify(certificate, issuer: nil)
        #expect(classification.kind == nil)
        #expect(classification.reasons.contains(.isAuthority))
        #expect(classification.environment == authority.environment)
        #expect(classification.range == authority.range)
    }

    @Test("the pinned values of every official CA are those of its certificate", arguments: OfficialAuthority.all)
    func pins(_ authority: OfficialAuthority) throws {
        let certificate = try RealCertificates.certificate("ca/\(authority.fileName).pem")
        let der = certificate.der
        let digest = SHA256.digest(of: der.span)
        #expect(digest.bytes == authority.sha256)
        let thumbprint = SHA1.digest(of: der.span)
        #expect(thumbprint == authority.sha1)
        #expect(certificate.subjectKeyIdentifier == authority.subjectKeyIdentifier)
        #expect(certificate.subject.values(of: .commonName) == [authority.commonName])
        #expect(
            OfficialAuthority.matching(name: certificate.subject, keyIdentifier: certificate.subjectKeyIdentifier)
                == authority)
        #expect(OfficialAuthority.matching(sha256: authority.sha256) == authority)
        guard authority.role == .intermediate, let root = authority.root else { return }
        #expect(certificate.authorityKeyIdentifier?.keyIdentifier == root.subjectKeyIdentifier)
        #expect(certificate.crlURIs == [root.crlURL, root.ldapCRLURL])
    }

    @Test("the URLs of an issuer are those that its certificates carry", arguments: RealLeaf.all)
    func urls(_ expected: RealLeaf) throws {
        let leaf = try RealCertificates.certificate("ee/\(expected.file).pem")
        let authority = try #require(OfficialAuthority.all.first { $0.fileName == expected.issuer })
        #expect(leaf.crlURIs == [authority.crlURL, authority.ldapCRLURL])
        #expect(leaf.freshestCRLURIs == [authority.ldapDeltaURL])
        #expect(leaf.informationURIs(.caIssuersAccess) == [authority.certificateURL])
        #expect(leaf.informationURIs(.ocspAccess) == [OfficialAuthority.ocspURL])
    }
}
