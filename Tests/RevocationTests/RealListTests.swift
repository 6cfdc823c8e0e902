import DER
import Glibc
import Testing
import X509

@testable import Revocation

/// The real CRLs and certificates that the ANS published, read in place and never copied into the tree.
///
/// They lie where `POTERNE_IGC_SANTE` says, or beside the package; tests that need them are skipped where they are not.
enum RealLists {
    static let directory =
        unsafe getenv("POTERNE_IGC_SANTE").map { unsafe String(cString: $0) } ?? "../shared/igc-sante"

    static var arePresent: Bool { unsafe access(directory + "/crl/ACI-EL-ORG-TEST-20190627.crl", R_OK) == 0 }

    static func bytes(_ path: String) throws -> [UInt8] {
        try FileContents(path: "\(directory)/\(path)", limit: 1 << 20).bytes
    }

    static func certificate(_ path: String) throws -> Certificate {
        try #require(CertificateFile.certificates(in: bytes(path)).first)
    }
}

@Suite("The real CRLs of IGC-Santé", .enabled(if: RealLists.arePresent, "the real files are not on this machine"))
struct RealListTests {
    private let day = Timestamp(secondsSinceEpoch: 1_561_723_200)  // 2019-06-28T12:00:00Z

    @Test("the CRL of organisations has 1,013 entries and verifies, the roots' has none")
    func read() throws {
        let list = try CertificateRevocationList(der: RealLists.bytes("crl/ACI-EL-ORG-TEST-20190627.crl"))
        #expect(list.count == 1013)
        #expect(list.number == CRLNumber(1287))
        #expect(list.nextUpdate.rfc3339 == "2019-07-03T22:00:09Z")
        let verified = try list.verified(by: RealLists.certificate("ca/ACI-EL-ORG-TEST.pem"))
        let index = try RevocationIndex(base: verified)
        #expect(index.byteCount <= 20 * 1013 + 1024)
        let root = try CertificateRevocationList(der: RealLists.bytes("crl/ACR-EL-TEST-20190601.crl"))
        #expect(root.count == 0)
        #expect(root.number == CRLNumber(73))
        #expect(throws: CRLError.issuerMismatch) {
            try root.verified(by: RealLists.certificate("ca/ACI-EL-ORG-TEST.pem"))
        }
    }

    @Test("the revoked certificate is revoked, and the CRL stale a week later")
    func status() throws {
        let issuer = try RealLists.certificate("ca/ACI-EL-ORG-TEST.pem")
        let root = try RealLists.certificate("ca/ACR-EL-TEST.pem")
        let keeper = RevocationKeeper(
            RevocationSettings(authorities: [.init(certificate: issuer), .init(certificate: root)]))
        for name in ["ACI-EL-ORG-TEST-20190627", "ACR-EL-TEST-20190601"] {
            let offers = try keeper.offer(RealLists.bytes("crl/\(name).crl"), at: day)
            #expect(offers.map(\.isAccepted) == [true])
        }
        let revoked = try RealLists.certificate(
            "ee/TEST-ORG_SIGN-tomwsrevoque.henix.asipsante.fr-20190614-742d8553.pem")
        let other = try RealLists.certificate("ee/TEST-SERV_SSL-mock.platines.henix.asipsante.fr-20171106-a78637e7.pem")
        let snapshot = keeper.snapshot
        guard
            case .revoked(.unspecified, _, crlNumber: CRLNumber(1287)) = snapshot.status(
                of: revoked, issuedBy: issuer, at: day)
        else {
            Issue.record("\(snapshot.status(of: revoked, issuedBy: issuer, at: day))")
            return
        }
        #expect(snapshot.status(of: other, issuedBy: issuer, at: day) == .good(crlNumber: CRLNumber(1287)))
        #expect(snapshot.status(of: issuer, issuedBy: root, at: day) == .good(crlNumber: CRLNumber(73)))
        #expect(snapshot.status(of: other, issuedBy: issuer, at: day.adding(seconds: 7 * 86_400)).isStale)
    }
}
