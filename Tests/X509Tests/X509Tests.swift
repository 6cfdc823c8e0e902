import Testing

@testable import X509

@Suite("Real certificates")
struct RealCertificateTests {
    @Test(
        "the subject of a real caller prints as OpenSSL and nginx print it", .enabled(if: RealCertificates.arePresent))
    func subject() throws {
        let caller = try RealCertificates.certificate("ee/TEST-ORG_AUTH_CLI-INSI_MANU-20250425-150125b6.pem")
        #expect(
            caller.subject.rfc2253 == #"CN=INSI-MANU,OU=10B0221636,O=CENTRE DE SANTE RPPS22163,ST=Rh\C3\B4ne (69),C=FR"#
        )
    }
}
