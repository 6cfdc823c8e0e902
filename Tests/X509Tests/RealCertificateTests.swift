import DER
import Testing

@testable import X509

@Suite("Real certificates", .enabled(if: RealCertificates.arePresent))
struct RealCertificateTests {
    @Test(
        "subjects print as OpenSSL and nginx print them",
        arguments: [
            (
                "TEST-ORG_AUTH_CLI-INSI_MANU-20250425-150125b6",
                #"CN=INSI-MANU,OU=10B0221636,O=CENTRE DE SANTE RPPS22163,ST=Rh\C3\B4ne (69),C=FR"#
            ),
            (
                "TEST-ORG_SIGN-rpps.tra.henix_asipsante.fr-20160707-f50f8dcf",
                #"CN=rpps.tra.henix\;asipsante.fr,OU=318751275100020,O=ASIP-SANTE,ST=Paris (75),C=FR"#
            ),
            (
                "TEST-PP_AUTH-30B0057881_CPET0002-20170323-5da0d21f",
                #"SN=ADMINISTRATIF-CH057880002+CN=30B0057881/CPET0002+GN=CHARLES,title=Personnel sant\C3\A9 ou social,"#
                    + "OU=10B0057881,O=HOPITAL DES 3 DAMES,ST=Paris (75),C=FR"
            ),
            (
                "PROD-SERV_SSL-tops.demo.asipsante.fr-20191010-ebe1d268",
                "CN=tops.demo.asipsante.fr,OU=318751275100020,O=AGENCE DES SYSTEMES D'INFORMATION PARTAG,ST=Paris (75),C=FR"
            ),
        ])
    func subjects(_ file: String, _ rfc2253: String) throws {
        let certificate = try RealCertificates.certificate("ee/\(file).pem")
        #expect(certificate.subject.rfc2253 == rfc2253)
    }

    @Test("a caller's certificate is read in all its parts")
    func caller() throws {
        let caller = try RealCertificates.certificate("ee/TEST-ORG_AUTH_CLI-INSI_MANU-20250425-150125b6.pem")
        #expect(caller.version == 3)
        #expect(caller.serial.hex == "740A325D74047302EC6958BB1A0BFF4C")
        #expect(caller.notBefore.rfc3339 == "2025-04-25T09:15:10Z")
        #expect(
            caller.issuer.rfc2253
                == "CN=TEST AC IGC-SANTE ELEMENTAIRE ORGANISATIONS,OU=IGC-SANTE TEST,OU=0002 187512751,O=ASIP-SANTE,C=FR"
        )
        #expect(caller.subject.oneline.hasPrefix(#"/C=FR/ST=Rh\xC3\xB4ne (69)/O="#))
        #expect(caller.keyUsage == [.digitalSignature])
        #expect(caller.extendedKeyUsage == [.clientAuth])
        #expect(caller.basicConstraints?.isAuthority == false)
        #expect(caller.policies?.map(\.identifier) == ["1.2.250.1.213.1.7.2.1.1.1.1"])
        #expect(caller.subjectKeyIdentifier?.count == 20)
        #expect(caller.unhandledCriticalExtensions.isEmpty)
        let issuer = try RealCertificates.certificate("ca/ACI-EL-ORG-TEST.pem")
        #expect(caller.issuer == issuer.subject)
        #expect(caller.authorityKeyIdentifier?.keyIdentifier == issuer.subjectKeyIdentifier)
        #expect(issuer.basicConstraints?.pathLength == 0)
        #expect(issuer.keyUsage == [.keyCertSign, .crlSign])
    }

    @Test("a server's certificate repeats its name among the alternative ones")
    func server() throws {
        let server = try RealCertificates.certificate(
            "ee/TEST-SERV_SSL-mock.platines.henix.asipsante.fr-20171106-a78637e7.pem")
        #expect(
            server.subjectAlternativeNames == [
                .dns("mock.platines.henix.asipsante.fr"), .dns("mockservices.platines.henix.asipsante.fr"),
            ])
    }

    @Test("roots are self-issued, intermediates are not")
    func roots() throws {
        #expect(try RealCertificates.certificate("ca/ACR-EL.pem").isSelfIssued)
        #expect(try !RealCertificates.certificate("ca/ACI-EL-ORG.pem").isSelfIssued)
    }
}
