import Crypto
import DER
import IGCSante
import Revocation
import TestPKI
import Testing
import Trust
import X509

/// What a gateway would remember beside a peer; it counts how often it is made.
final class Rendered: PeerRendering {
    let peer: VerifiedPeer
    let byteCount: Int

    init(_ peer: VerifiedPeer, byteCount: Int = 100) {
        self.peer = peer
        self.byteCount = byteCount
    }
}

@Suite("Deciding about callers, and remembering them")
struct ClientVerifierTests {
    let root: TestAuthority
    let issuer: TestAuthority
    let leaf: Certificate

    init() throws {
        root = try TestAuthority.root()
        issuer = try root.below("Organisations")
        leaf = try issuer.leaf()
    }

    private func verifier(
        scope: String = "api", check: RevocationCheck = .path, lists: [[UInt8]]? = nil, capacity: Int = 1 << 20,
        change: (inout TrustSettings) -> Void = { _ in }
    ) throws -> ClientVerifier<Rendered> {
        let trust = try generic(anchors: [root], issuers: [issuer]) {
            $0.revocation = check
            change(&$0)
        }
        let lists = try lists ?? [root.crl(), issuer.crl()]
        return ClientVerifier(
            trust: trust, accepted: .any, scope: scope, revocation: revocation(of: [root, issuer], lists: lists),
            cacheCapacity: capacity
        ) { Rendered($0) }
    }

    private func digest(_ certificate: Certificate) -> SHA256Digest {
        let der = certificate.der
        return SHA256.digest(of: der.span)
    }

    private func code(
        _ verifier: ClientVerifier<Rendered>, _ certificate: Certificate, at now: Timestamp = noon
    ) -> String {
        verifier.verify(leafDigest: digest(certificate), chain: { [certificate.der] }, now: now).refusal?.code
            ?? "admitted"
    }

    @Test("A reload that changes nothing keeps the verifier; trust, kinds or listener changed make another")
    func reload() throws {
        let before = try verifier()
        let same = try verifier().verifier.trust
        #expect(before.decides(by: same, accepted: .any, scope: "api"))
        #expect(!before.decides(by: same, accepted: .any, scope: "other"))
        #expect(!before.decides(by: same, accepted: .only([.orgAuthCli]), scope: "api"))
        #expect(!before.decides(by: try verifier(check: .leaf).verifier.trust, accepted: .any, scope: "api"))
        let deeper = try verifier { $0.path.maxDepth = 1 }
        #expect(!before.decides(by: deeper.verifier.trust, accepted: .any, scope: "api"))
    }

    @Test("No certificate, and no certificate in what was sent")
    func nothing() throws {
        let verifier = try verifier()
        let nobody = verifier.verify(leafDigest: digest(leaf), chain: { [] }, now: noon)
        #expect(nobody.refusal == .certificateMissing)
        let rubbish = verifier.verify(leafDigest: digest(leaf), chain: { [[0x30, 0x00]] }, now: noon)
        #expect(rubbish.refusal?.code == "malformed_certificate")
        // Rubbish beside a good leaf does no harm.
        let beside = verifier.verify(leafDigest: digest(leaf), chain: { [leaf.der, [1, 2, 3]] }, now: noon)
        #expect(beside.peer != nil)
    }

    @Test("A caller is verified once and known from then on, without asking for its chain")
    func cached() throws {
        let verifier = try verifier()
        guard
            case .admitted(let peer, let rendering) = verifier.verify(
                leafDigest: digest(leaf), chain: { [leaf.der] }, now: noon)
        else {
            Issue.record("refused")
            return
        }
        #expect(peer.thumbprint == digest(leaf) && rendering.peer === peer)
        #expect(peer.path.map(\.der) == [leaf.der, issuer.certificate.der, root.certificate.der])
        var wasAsked = false
        guard
            case .admitted(let again, let same) = verifier.verify(
                leafDigest: digest(leaf),
                chain: {
                    wasAsked = true
                    return []
                }, now: noon)
        else {
            Issue.record("refused")
            return
        }
        #expect(again === peer && same === rendering && !wasAsked)
        #expect(verifier.cacheCounters.hits == 1 && verifier.cacheCounters.misses == 1)
        #expect(verifier.cacheCounters.entries == 1)
    }

    @Test("What was refused is not remembered")
    func rubbish() throws {
        let verifier = try verifier()
        let stranger = try TestAuthority.root("Autre").leaf()
        for _ in 0..<3 { #expect(code(verifier, stranger) == "unknown_issuer") }
        #expect(verifier.cacheCounters.entries == 0 && verifier.cacheCounters.bytes == 0)
    }

    @Test("Revocation is looked up at each admission, remembered or not")
    func revokedWhileKnown() throws {
        let verifier = try verifier()
        #expect(code(verifier, leaf) == "admitted")
        let known = try issuer.crl(2, revoking: [leaf])
        verifier.revocation = revocation(of: [root, issuer], lists: [try root.crl(), known])
        #expect(code(verifier, leaf) == "certificate_revoked")
        verifier.revocation = revocation(
            of: [root, issuer],
            lists: [
                try root.crl(revoking: [issuer.certificate]),
                try issuer.crl(),
            ])
        #expect(code(verifier, leaf) == "issuer_revoked")
        verifier.revocation = .empty
        #expect(code(verifier, leaf) == "revocation_unavailable")
        verifier.revocation = revocation(of: [root, issuer], lists: [try root.crl(), try issuer.crl()])
        #expect(code(verifier, leaf) == "admitted")
    }

    @Test("What is remembered dies with the first certificate of its path")
    func expiry() throws {
        let verifier = try verifier(check: .off)
        #expect(code(verifier, leaf) == "admitted")
        #expect(code(verifier, leaf, at: leaf.notAfter.adding(seconds: 1)) == "certificate_expired")
        #expect(verifier.cacheCounters.expirations == 1 && verifier.cacheCounters.entries == 0)
        let short = try root.below("Breve") { $0.notAfter = noon.adding(seconds: 10) }
        let brief = try verifierBelow(short)
        let caller = try short.leaf()
        #expect(code(brief, caller) == "admitted")
        #expect(code(brief, caller, at: noon.adding(seconds: 11)) == "issuer_expired")
    }

    private func verifierBelow(_ authority: TestAuthority) throws -> ClientVerifier<Rendered> {
        ClientVerifier(
            trust: try generic(anchors: [root], issuers: [authority]), accepted: .any, scope: "api",
            revocation: .empty
        ) { Rendered($0) }
    }

    @Test("The bytes of the cache are bounded, and who calls often stays")
    func bounded() throws {
        let capacity = 40_000
        let verifier = try verifier(check: .off, capacity: capacity)
        let regular = try issuer.leaf("habitue")
        #expect(code(verifier, regular) == "admitted")
        for index in 0..<60 {
            #expect(code(verifier, try issuer.leaf("passant \(index)")) == "admitted")
            #expect(code(verifier, regular) == "admitted")
            #expect(verifier.cacheCounters.bytes <= capacity)
        }
        #expect(verifier.cacheCounters.evictions > 0)
        // Seen again before the hand came by, each time.
        #expect(verifier.cacheCounters.misses == 61)
        #expect(verifier.cacheCounters.hits == 60)
    }

    @Test("A cache without room remembers nothing and refuses nobody")
    func noRoom() throws {
        let verifier = try verifier(check: .off, capacity: 10)
        for _ in 0..<2 { #expect(code(verifier, leaf) == "admitted") }
        #expect(verifier.cacheCounters.entries == 0 && verifier.cacheCounters.hits == 0)
    }

    @Test("A peer that goes on is checked again: dates and revocation")
    func recheck() throws {
        let verifier = try verifier()
        let verdict = verifier.verify(leafDigest: digest(leaf), chain: { [leaf.der] }, now: noon)
        guard let peer = verdict.peer else {
            Issue.record("refused")
            return
        }
        #expect(verifier.recheck(peer, now: noon) == nil)
        #expect(verifier.recheck(peer, now: leaf.notAfter.adding(seconds: 1))?.code == "certificate_expired")
        verifier.revocation = revocation(
            of: [root, issuer], lists: [try root.crl(), try issuer.crl(revoking: [leaf])])
        #expect(verifier.recheck(peer, now: noon)?.code == "certificate_revoked")
    }

    @Test("A peer of an earlier trust is verified anew")
    func reverify() throws {
        let first = try verifier()
        let verdict = first.verify(leafDigest: digest(leaf), chain: { [leaf.der] }, now: noon)
        guard let peer = verdict.peer else {
            Issue.record("refused")
            return
        }
        #expect(try verifier().reverify(peer, now: noon).peer != nil)
        let other = try ClientVerifier(
            trust: generic(anchors: [.root("Autre")]), accepted: .any, scope: "api", revocation: .empty
        ) { Rendered($0) }
        #expect(other.reverify(peer, now: noon).refusal?.code == "unknown_issuer")
    }

    @Suite("Tickets")
    struct TicketTests {
        private let parent: ClientVerifierTests

        init() throws {
            parent = try ClientVerifierTests()
        }

        private func decline(
            _ data: [UInt8], at verifier: ClientVerifier<Rendered>, leaf: [UInt8]? = nil, now: Timestamp = noon
        ) -> String {
            switch verifier.resume(data.span, leaf: { leaf }, now: now) {
            case .admitted: "admitted"
            case .declined(let refusal): refusal.code
            }
        }

        private func ticket(from verifier: ClientVerifier<Rendered>) throws -> [UInt8] {
            let leaf = parent.leaf
            let verdict = verifier.verify(leafDigest: parent.digest(leaf), chain: { [leaf.der] }, now: noon)
            return verifier.ticketData(for: try #require(verdict.peer))
        }

        @Test("What is no ticket of ours is declined, whichever byte is changed")
        func tampered() throws {
            let verifier = try parent.verifier()
            let data = try ticket(from: verifier)
            #expect(decline([], at: verifier) == "malformed")
            #expect(decline(Array(data.dropLast()), at: verifier) == "malformed")
            #expect(decline(data + [0], at: verifier) == "malformed")
            for index in data.indices.prefix(65) {
                var changed = data
                changed[index] ^= 1
                #expect(decline(changed, at: verifier, leaf: parent.leaf.der) != "admitted")
            }
            #expect(decline(data, at: verifier, leaf: parent.leaf.der) == "admitted")
        }

        @Test("What a ticket says of a caller is not believed without the caller's certificate in the session")
        func withoutCertificate() throws {
            let verifier = try parent.verifier()
            let data = try ticket(from: verifier)
            #expect(decline(data, at: verifier) == "unknown_peer")
            #expect(decline(data, at: verifier, leaf: try parent.issuer.leaf("autre").der) == "unknown_peer")
        }

        @Test("A ticket is worthless at another listener, trust, policy, or set of kinds")
        func otherBinding() throws {
            let data = try ticket(from: try parent.verifier())
            let stranger = try TestAuthority.root("Autre").certificate
            let others = [
                try parent.verifier(scope: "autre"), try parent.verifier(check: .leaf),
                try parent.verifier { $0.path.maxDepth = 2 },
                try parent.verifier { $0.path.policies = ["1.2.3"] },
                try parent.verifier { $0.anchors.append(stranger) },
            ]
            for other in others { #expect(decline(data, at: other, leaf: parent.leaf.der) == "other_binding") }
            let kinds = ClientVerifier(
                trust: try generic(anchors: [parent.root], issuers: [parent.issuer]) { $0.revocation = .path },
                accepted: .only([.orgAuthCli]), scope: "api", revocation: .empty
            ) { Rendered($0) }
            #expect(decline(data, at: kinds, leaf: parent.leaf.der) == "other_binding")
        }

        @Test("Another node that is configured alike takes it, given the certificate")
        func otherNode() throws {
            let data = try ticket(from: try parent.verifier())
            let node = try parent.verifier()
            #expect(decline(data, at: node) == "unknown_peer")
            #expect(decline(data, at: node, leaf: try parent.issuer.leaf("autre").der) == "unknown_peer")
            #expect(decline(data, at: node, leaf: parent.leaf.der) == "admitted")
        }

        @Test("The caller is looked up in today's CRLs and dates")
        func recheck() throws {
            let verifier = try parent.verifier()
            let data = try ticket(from: verifier)
            #expect(decline(data, at: verifier, now: parent.leaf.notAfter.adding(seconds: 1)) == "expired")
            verifier.revocation = revocation(
                of: [parent.root, parent.issuer],
                lists: [try parent.root.crl(), try parent.issuer.crl(revoking: [parent.leaf])])
            #expect(decline(data, at: verifier, leaf: parent.leaf.der) == "certificate_revoked")
            verifier.revocation = .empty
            #expect(decline(data, at: verifier, leaf: parent.leaf.der) == "revocation_unavailable")
        }
    }
}
