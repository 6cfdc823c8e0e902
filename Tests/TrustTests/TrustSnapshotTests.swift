import DER
import Testing
import Trust
import X509

@Suite("What may be trusted")
struct TrustSnapshotTests {
    private func error(_ change: (inout TrustSettings) throws -> Void) throws -> TrustError? {
        let root = try TestAuthority.root()
        var settings = TrustSettings(
            name: "igc", environment: .production, anchors: [root.certificate],
            issuers: [try root.below("Organisations").certificate])
        try change(&settings)
        do throws(TrustError) {
            _ = try TrustSnapshot(settings)
            return nil
        } catch {
            return error
        }
    }

    @Test("Issuers without an anchor are refused, and the operator is told what to add")
    func issuersAlone() throws {
        let refused = try error { $0.anchors = [] }
        #expect(refused == .issuersWithoutAnchor(trust: "igc"))
        #expect(refused?.description.contains("add the root CA") == true)
        #expect(
            try error {
                $0.anchors = []
                $0.issuers = []
            } == .noAnchor(trust: "igc"))
    }

    @Test("A root of IGC-Santé alone would let professionals in")
    func noIssuer() throws {
        #expect(try error { $0.issuers = [] } == .noIssuer(trust: "igc"))
        #expect(
            try error {
                $0.issuers = []
                $0.environment = .generic
            } == nil)
    }

    @Test("A caller's certificate is no anchor and no issuer")
    func notAuthority() throws {
        let leaf = try TestAuthority.root().leaf()
        #expect(
            try error { $0.issuers.append(leaf) }
                == .notAuthority(trust: "igc", subject: "CN=appelant,O=Essai,C=FR"))
    }

    @Test("Depths out of range are refused", arguments: [-1, 33])
    func depth(depth: Int) throws {
        #expect(try error { $0.path.maxDepth = depth } == .depthOutOfRange(trust: "igc", limit: 32))
    }

    @Test("The fingerprint depends on all that decides, and not on order, names or epochs")
    func fingerprint() throws {
        let roots = [try TestAuthority.root("Un"), try TestAuthority.root("Deux")]
        let first = try generic(anchors: roots)
        #expect(try generic(anchors: roots.reversed()).fingerprint == first.fingerprint)
        #expect(try generic(anchors: roots) { $0.name = "autre" }.fingerprint == first.fingerprint)
        for change: (inout TrustSettings) -> Void in [
            { $0.anchors.removeLast() }, { $0.issuers = $0.anchors }, { $0.intermediates = $0.anchors },
            { $0.environment = .test }, { $0.revocation = .leaf }, { $0.path.maxDepth = 1 },
            { $0.path.purpose = .server }, { $0.path.requiresExplicitPolicy = true },
            { $0.path.inhibitsAnyPolicy = true }, { $0.path.inhibitsPolicyMapping = true },
            { $0.path.policies = ["1.2.3"] }, { $0.path.absentExtendedKeyUsage = .admit },
            { $0.path.strength.rsaBits = 3_072 }, { $0.path.strength.admitsSHA1 = true },
        ] {
            let changed = try generic(anchors: roots) {
                change(&$0)
                $0.requiresIssuers = false
            }
            #expect(changed.fingerprint != first.fingerprint)
        }
    }
}
