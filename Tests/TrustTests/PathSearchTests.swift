import Crypto
import DER
import TestPKI
import Testing
import Trust
import X509

@Suite("Building a path")
struct PathSearchTests {
    @Test("A certificate of a stranger has an unknown issuer, whatever it sends along")
    func stranger() throws {
        let trust = try generic(anchors: [.root("Racine")])
        let stranger = try TestAuthority.root("Autre")
        let intermediate = try stranger.below("Autre Intermediaire")
        #expect(outcome(of: try intermediate.leaf(), with: [intermediate, stranger], under: trust) == "unknown_issuer")
        #expect(outcome(of: try stranger.leaf(), under: trust) == "unknown_issuer")
    }

    @Test("A root of the same name with another key is a stranger")
    func sameName() throws {
        let trust = try generic(anchors: [.root("Racine")])
        let twin = try TestAuthority.root("Racine")
        #expect(outcome(of: try twin.leaf(), with: [twin], under: trust) == "unknown_issuer")
    }

    @Test("A changed signature is told from an unknown issuer")
    func brokenSignature() throws {
        let root = try TestAuthority.root()
        let leaf = try root.leaf { $0.hasBrokenSignature = true }
        #expect(outcome(of: leaf, under: try generic(anchors: [root])) == "signature_invalid")
    }

    @Test("A self-signed certificate is nobody's")
    func selfSigned() throws {
        var template = LeafTemplate(
            subject: NameTemplate(.commonName("seul")), notBefore: noon, notAfter: noon.adding(seconds: 60))
        template.extendedKeyUsage = [.clientAuth]
        let leaf = try Certificate(der: template.selfSigned(with: TestKeys.leaf))
        #expect(outcome(of: leaf, under: try generic(anchors: [.root()])) == "unknown_issuer")
    }

    @Test("A leaf alone is enough when its issuer is pinned")
    func leafAlone() throws {
        let root = try TestAuthority.root()
        let issuer = try root.below("Organisations")
        let trust = try generic(anchors: [root], issuers: [issuer])
        #expect(outcome(of: try issuer.leaf(), under: trust) == "admitted")
    }

    @Test("The order of what is sent, strangers among it, and repetitions change nothing", arguments: 0..<6)
    func order(rotation: Int) throws {
        let root = try TestAuthority.root()
        let upper = try root.below("Haut")
        let lower = try upper.below("Bas")
        let stranger = try TestAuthority.root("Autre")
        var sent = [upper, stranger, lower, root, upper, try stranger.below("Encore")]
        sent = Array(sent[rotation...] + sent[..<rotation])
        #expect(outcome(of: try lower.leaf(), with: sent, under: try generic(anchors: [root])) == "admitted")
    }

    @Test("Another CA below the same root may not issue callers when issuers are pinned")
    func otherIssuer() throws {
        let root = try TestAuthority.root()
        let organisations = try root.below("Organisations")
        let persons = try root.below("Personnes")
        let trust = try generic(anchors: [root], issuers: [organisations])
        #expect(outcome(of: try persons.leaf(), with: [persons], under: trust) == "issuer_not_accepted")
        // Without the CA at hand nothing tells it from a stranger's.
        #expect(outcome(of: try persons.leaf(), under: trust) == "unknown_issuer")
        #expect(outcome(of: try root.leaf(), under: trust) == "issuer_not_accepted")
    }

    @Test("The pinned issuer is that very certificate, and no CA that it certifies")
    func belowIssuer() throws {
        let root = try TestAuthority.root()
        let issuer = try root.below("Organisations")
        let deeper = try issuer.below("Dessous")
        let trust = try generic(anchors: [root], issuers: [issuer])
        #expect(outcome(of: try deeper.leaf(), with: [deeper], under: trust) == "issuer_not_accepted")
    }

    @Test("An expired cross-certificate does not hide the way to another anchor")
    func expiredCross() throws {
        let key = try PrivateKey.generate(.p256)
        let old = try TestAuthority.root("Ancienne")
        let root = try TestAuthority.root("Racine", key: key)
        let cross = try old.below("Racine", key: key) { $0.notAfter = noon.adding(seconds: -60) }
        let leaf = try root.leaf()
        #expect(outcome(of: leaf, with: [cross], under: try generic(anchors: [old, root])) == "admitted")
        #expect(outcome(of: leaf, with: [cross], under: try generic(anchors: [old])) == "issuer_expired")
    }

    @Test("A key rollover is followed: the new key, certified by the old one under the same name")
    func rollover() throws {
        let root = try TestAuthority.root()
        let old = try root.below("Organisations")
        let new = try old.below("Organisations")
        #expect(outcome(of: try new.leaf(), with: [new, old], under: try generic(anchors: [root])) == "admitted")
    }

    @Test("CAs that certify each other lead nowhere, and not forever")
    func cycle() throws {
        let keys = (try PrivateKey.generate(.p256), try PrivateKey.generate(.p256))
        let one = try TestAuthority.root("Un", key: keys.0)
        let two = try TestAuthority.root("Deux", key: keys.1)
        let oneByTwo = try two.below("Un", key: keys.0)
        let twoByOne = try one.below("Deux", key: keys.1)
        let sent = [oneByTwo, twoByOne]
        #expect(outcome(of: try one.leaf(), with: sent, under: try generic(anchors: [.root()])) == "unknown_issuer")
    }

    @Test("Wrong key identifiers delay a path and do not prevent it")
    func wrongHints() throws {
        let root = try TestAuthority.root()
        let leaf = try root.leaf {
            $0.hasKeyIdentifiers = false
            $0.additionalExtensions = [.authorityKeyIdentifier([1, 2, 3])]
        }
        #expect(outcome(of: leaf, under: try generic(anchors: [root])) == "admitted")
    }

    @Test("Intermediates above the configured depth are too many", arguments: [0, 1, 2, 3])
    func depth(maximum: Int) throws {
        let root = try TestAuthority.root()
        let one = try root.below("Un")
        let two = try one.below("Deux")
        let trust = try generic(anchors: [root]) { $0.path.maxDepth = maximum }
        let expected = maximum < 2 ? "path_too_long" : "admitted"
        #expect(outcome(of: try two.leaf(), with: [one, two], under: trust) == expected)
    }

    @Test("A mesh of CAs that all certify each other is given up by the budget")
    func mesh() throws {
        let count = 12
        let keys = try (0..<count).map { _ in try PrivateKey.generate(.p256) }
        let roots = try (0..<count).map { try TestAuthority.root("Maille \($0)", key: keys[$0]) }
        // Two of its certificates for each of the CAs, the next two: every node has several ways up, none to an anchor.
        var sent: [TestAuthority] = []
        for index in 0..<count {
            for step in 1...2 {
                let issuer = roots[(index + step) % count]
                sent.append(try issuer.below("Maille \(index)", key: keys[index]))
            }
        }
        var trust = try generic(anchors: [.root()]) { $0.path.maxDepth = 32 }
        let leaf = try roots[0].leaf()
        #expect(["budget_exceeded", "unknown_issuer"].contains(outcome(of: leaf, with: sent, under: trust)))
        trust = try generic(anchors: [.root()]) {
            $0.path.maxDepth = 32
            $0.path.budget.candidates = 50
        }
        #expect(outcome(of: leaf, with: sent, under: trust) == "budget_exceeded")
        trust = try generic(anchors: [.root()]) {
            $0.path.maxDepth = 32
            $0.path.budget.signatures = 3
        }
        #expect(outcome(of: leaf, with: sent, under: trust) == "budget_exceeded")
    }

    @Test("More certificates than a caller may send are refused before they are looked at")
    func tooMany() throws {
        let root = try TestAuthority.root()
        let sent = try (0...Limits.presentedCertificates).map { try root.below("Un \($0)", key: TestKeys.leaf) }
        #expect(outcome(of: try root.leaf(), with: sent, under: try generic(anchors: [root])) == "budget_exceeded")
    }
}
