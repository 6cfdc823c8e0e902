import DER
import IGCSante
import Revocation
import Testing
import Trust
import X509

/// Certificates and CRLs that ANS published: beside the project, or where POTERNE_IGC_SANTE says.
///
/// They are not part of it, so where they are absent these tests are skipped.
enum RealChain {
    static let folder: String? = {
        let beside = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/../shared/igc-sante"
        return [environmentVariable("POTERNE_IGC_SANTE"), beside].compactMap(\.self)
            .first { exists($0 + "/ca/ACR-EL-TEST.pem") }
    }()
}

@Suite(
    "The real TEST chain of June 2019",
    .enabled(if: RealChain.folder != nil, "the real certificates (POTERNE_IGC_SANTE) are not here"))
struct RealChainTests {
    private let folder = RealChain.folder ?? ""
    private let summer = Timestamp(rfc3339: "2019-06-28T12:00:00Z") ?? Timestamp(secondsSinceEpoch: 0)

    private func outcome(
        _ file: String, kinds: Set<CertificateKind>, at now: Timestamp? = nil, lists: [String] = ["ACI", "ACR"]
    ) throws -> String {
        let now = now ?? summer
        let root = try certificates(in: folder + "/ca/ACR-EL-TEST.pem")
        let issuer = try certificates(in: folder + "/ca/ACI-EL-ORG-TEST.pem")
        var settings = TrustSettings(name: "test", environment: .test, anchors: root, issuers: issuer)
        settings.path.purpose = .any
        let keeper = RevocationKeeper(
            RevocationSettings(authorities: (root + issuer).map { RevocationAuthority(certificate: $0) }))
        let files = ["ACI": "ACI-EL-ORG-TEST-20190627.crl", "ACR": "ACR-EL-TEST-20190601.crl"]
        for list in lists { _ = keeper.offer(try read("\(folder)/crl/\(files[list] ?? "")"), at: now) }
        let verifier = PeerVerifier(trust: try TrustSnapshot(settings), accepted: .only(kinds))
        let leaf = try #require(try certificates(in: "\(folder)/ee/\(file).pem").first)
        do throws(Refusal) {
            _ = try verifier.verify(leaf: leaf, presented: [], revocation: keeper.snapshot, now: now)
            return "admitted"
        } catch {
            return error.code
        }
    }

    private let good = "TEST-SERV_SSL-mock.platines.henix.asipsante.fr-20171106-a78637e7"
    private let revoked = "TEST-ORG_SIGN-tomwsrevoque.henix.asipsante.fr-20190614-742d8553"

    @Test("A revoked certificate is refused, and one beside it is not")
    func revocation() throws {
        #expect(try outcome(revoked, kinds: [.orgSign]) == "certificate_revoked")
        #expect(try outcome(good, kinds: [.servSSL]) == "admitted")
        #expect(try outcome(good, kinds: [.orgAuthCli]) == "kind_not_accepted")
    }

    @Test("The root's CRL is needed as well, and each is good for its days")
    func lists() throws {
        #expect(try outcome(good, kinds: [.servSSL], lists: ["ACI"]) == "revocation_unavailable")
        #expect(try outcome(good, kinds: [.servSSL], lists: ["ACR"]) == "revocation_unavailable")
        let july = try #require(Timestamp(rfc3339: "2019-07-04T12:00:00Z"))
        #expect(try outcome(good, kinds: [.servSSL], at: july) == "crl_stale")
    }

    @Test("Professionals and production certificates are refused")
    func others() throws {
        let card = "TEST-PP_AUTH-30B0057881_CPET0002-20170323-5da0d21f"
        #expect(try outcome(card, kinds: [.ppAuth, .cardAuth]) == "unknown_issuer")
        let production = "PROD-SERV_SSL-tops.demo.asipsante.fr-20191010-ebe1d268"
        #expect(try outcome(production, kinds: [.servSSL]) == "unknown_issuer")
    }
}
