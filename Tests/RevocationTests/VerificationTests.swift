import DER
import TestPKI
import Testing

@testable import Revocation

@Suite("Whose CRL it is")
struct VerificationTests {
    @Test("a CRL of the CA is verified")
    func genuine() throws {
        let authority = try TestAuthority()
        let list = try RevocationListDraft(1).identified(authority.issuing.keyIdentifier).list(by: authority)
        #expect(try list.verified(by: authority.certificate).list === list)
    }

    @Test("another CA's is not")
    func otherName() throws {
        let list = try RevocationListDraft(1).list(by: TestAuthority("Une autre"))
        let authority = try TestAuthority()
        #expect(throws: CRLError.issuerMismatch) { try list.verified(by: authority.certificate) }
    }

    @Test("one with the CA's name and another key is not")
    func otherKey() throws {
        let forger = try TestAuthority()
        let authority = try TestAuthority()
        let forged = try RevocationListDraft(1).list(by: forger)
        #expect(throws: CRLError.invalidSignature) { try forged.verified(by: authority.certificate) }
        let told = try RevocationListDraft(1).identified(forger.issuing.keyIdentifier).list(by: forger)
        #expect(throws: CRLError.keyIdentifierMismatch) { try told.verified(by: authority.certificate) }
    }

    @Test("one bit changed anywhere in what is signed is noticed")
    func tampered() throws {
        let authority = try TestAuthority()
        let bytes = try RevocationListDraft(1, [.init([0x11, 0x22, 0x33])]).signed(by: authority)
        let original = try CertificateRevocationList(der: bytes)
        var noticed = 0
        for index in original.tbs {
            var mutant = bytes
            mutant[index] ^= 1
            guard let list = try? CertificateRevocationList(der: mutant) else { continue }
            #expect(throws: CRLError.self) { try list.verified(by: authority.certificate) }
            noticed += 1
        }
        #expect(noticed > 0)
    }

    @Test("a CA whose keyUsage has no cRLSign signs none")
    func keyUsage() throws {
        let authority = try TestAuthority { $0.keyUsage = [.certificateSigning] }
        let list = try RevocationListDraft(1).list(by: authority)
        #expect(throws: CRLError.issuerMayNotSignLists) { try list.verified(by: authority.certificate) }
    }

    @Test("SHA-1 and unknown algorithms are refused by name")
    func algorithms() throws {
        let authority = try TestAuthority()
        var draft = RevocationListDraft(1)
        draft.innerAlgorithm = RevocationListDraft.sha1WithRSA
        draft.outerAlgorithm = RevocationListDraft.sha1WithRSA
        let broken = try draft.list(by: authority)
        #expect(throws: CRLError.brokenSignatureAlgorithm) { try broken.verified(by: authority.certificate) }
        draft.innerAlgorithm = der { writer in writer.sequence { $0.objectIdentifier("1.2.3.4") } }
        draft.outerAlgorithm = draft.innerAlgorithm
        let unknown = try draft.list(by: authority)
        #expect(throws: CRLError.unsupportedSignatureAlgorithm) { try unknown.verified(by: authority.certificate) }
    }
}
