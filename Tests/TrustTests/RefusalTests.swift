import DER
import IGCSante
import Testing
import Trust
import X509

@Suite("Refusals")
struct RefusalTests {
    static let some: [Refusal] = [
        .certificateMissing, .malformedCertificate(.tooLarge(count: 1)), .unknownIssuer, .issuerNotAccepted,
        .issuerNotAuthority, .signatureInvalid(.leaf), .weakSignature(.leaf), .weakKey(.leaf),
        .unsupportedAlgorithm(.leaf), .expired(.leaf, notAfter: noon), .expired(.issuer, notAfter: noon),
        .notYetValid(.leaf, notBefore: noon), .notYetValid(.issuer, notBefore: noon),
        .unknownCriticalExtension(.leaf, "1.2.3"), .pathTooLong, .nameConstraint, .policyNotAccepted,
        .purposeNotAccepted(.leaf), .profileViolation(.leaf, .serialNumber), .budgetExceeded(.signatures),
        .revocationUnavailable(.leaf), .kindNotAccepted(.orgSign), .kindNotAccepted(nil), .environmentMismatch,
        .structureNotAllowed(structure: "3"), .nameNotAllowed(name: "x"), .callerNotEnrolled,
    ]

    @Test("Each has a code that is listed, a sentence and a remedy", arguments: some)
    func texts(refusal: Refusal) {
        #expect(Refusal.allCodes.contains(refusal.code))
        #expect(refusal.code.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F })
        #expect(!refusal.description.isEmpty && refusal.remedy.hasSuffix("."))
        #expect([401, 403, 503].contains(refusal.status))
    }

    @Test("Codes are listed once")
    func unique() {
        #expect(Set(Refusal.allCodes).count == Refusal.allCodes.count)
        let covered = Set(Self.some.map(\.code)).union(["certificate_revoked", "issuer_revoked", "crl_stale"])
        #expect(covered == Set(Refusal.allCodes))
    }
}
