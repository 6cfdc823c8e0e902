import Crypto
import DER
import TestPKI
import Testing
import Trust
import X509

@Suite("Validating a path by RFC 5280 §6.1")
struct PathValidationTests {
    @Test("Both ends of a validity count, and a second beyond is refused")
    func dates() throws {
        let root = try TestAuthority.root()
        let leaf = try root.leaf()
        let trust = try generic(anchors: [root])
        #expect(outcome(of: leaf, under: trust, at: leaf.notBefore.adding(seconds: -1)) == "certificate_not_yet_valid")
        #expect(outcome(of: leaf, under: trust, at: leaf.notBefore) == "admitted")
        #expect(outcome(of: leaf, under: trust, at: leaf.notAfter) == "admitted")
        #expect(outcome(of: leaf, under: trust, at: leaf.notAfter.adding(seconds: 1)) == "certificate_expired")
    }

    @Test("An expired anchor or intermediate is no issuer")
    func issuerDates() throws {
        let past = noon.adding(seconds: -60)
        let old = try TestAuthority.root { $0.notAfter = past }
        #expect(outcome(of: try old.leaf(), under: try generic(anchors: [old])) == "issuer_expired")
        let root = try TestAuthority.root()
        let future = try root.below("Demain") { $0.notBefore = noon.adding(seconds: 60) }
        #expect(
            outcome(of: try future.leaf(), with: [future], under: try generic(anchors: [root]))
                == "issuer_not_yet_valid")
    }

    @Test("What is no CA issues nothing")
    func notAuthority() throws {
        let root = try TestAuthority.root()
        let trust = try generic(anchors: [root])
        let noCA = try root.below("Sans CA") { $0.isCA = false }
        #expect(outcome(of: try noCA.leaf(), with: [noCA], under: trust) == "issuer_not_ca")
        let noSigning = try root.below("Sans signature") { $0.keyUsage = [.crlSigning] }
        #expect(outcome(of: try noSigning.leaf(), with: [noSigning], under: trust) == "issuer_not_ca")
    }

    @Test("pathLenConstraint counts CAs below, without those that are self-issued", arguments: [0, 1, 2])
    func pathLength(limit: Int) throws {
        let root = try TestAuthority.root()
        let top = try root.below("Haut") { $0.pathLength = limit }
        let topAgain = try top.below("Haut")
        let middle = try topAgain.below("Milieu")
        let bottom = try middle.below("Bas")
        let trust = try generic(anchors: [root])
        let sent = [top, topAgain, middle, bottom]
        #expect(outcome(of: try topAgain.leaf(), with: sent, under: trust) == "admitted")
        #expect(outcome(of: try middle.leaf(), with: sent, under: trust) == (limit >= 1 ? "admitted" : "path_too_long"))
        #expect(outcome(of: try bottom.leaf(), with: sent, under: trust) == (limit >= 2 ? "admitted" : "path_too_long"))
    }

    @Test("An anchor's pathLenConstraint binds, and a larger one below does not loosen it")
    func anchorPathLength() throws {
        let root = try TestAuthority.root { $0.pathLength = 0 }
        let issuer = try root.below("Organisations") { $0.pathLength = 5 }
        let trust = try generic(anchors: [root])
        #expect(outcome(of: try root.leaf(), under: trust) == "admitted")
        #expect(outcome(of: try issuer.leaf(), with: [issuer], under: trust) == "path_too_long")
    }

    @Test("A critical extension that nobody knows is refused wherever it stands")
    func unknownCritical() throws {
        let odd = ExtensionTemplate("1.2.3.4.5", isCritical: true, value: [5, 0])
        let root = try TestAuthority.root()
        let trust = try generic(anchors: [root])
        let leaf = try root.leaf { $0.additionalExtensions = [odd] }
        #expect(outcome(of: leaf, under: trust) == "unknown_critical_extension")
        let issuer = try root.below("Etrange") { $0.additionalExtensions = [odd] }
        #expect(outcome(of: try issuer.leaf(), with: [issuer], under: trust) == "unknown_critical_extension")
        let oddRoot = try TestAuthority.root { $0.additionalExtensions = [odd] }
        #expect(outcome(of: try oddRoot.leaf(), under: try generic(anchors: [oddRoot])) == "unknown_critical_extension")
        let mild = try root.leaf { $0.additionalExtensions = [ExtensionTemplate("1.2.3.4.5", value: [5, 0])] }
        #expect(outcome(of: mild, under: trust) == "admitted")
    }

    @Test("Weak keys and broken digests are refused")
    func strength() throws {
        let key = try PrivateKey.generate(.rsa(bits: 1_024))
        let strong = try TestAuthority.root()
        let weak = try TestAuthority.root(key: key)
        #expect(outcome(of: try weak.leaf(), under: try generic(anchors: [weak])) == "weak_key")
        let template = LeafTemplate(
            subject: NameTemplate(.commonName("court")), notBefore: noon, notAfter: noon.adding(seconds: 60))
        let leaf = try Certificate(der: strong.authority.issue(template, to: key))
        #expect(outcome(of: leaf, under: try generic(anchors: [strong])) == "weak_key")
        let sha1 = try strong.leaf { $0.algorithm = .ecdsa(.sha1) }
        #expect(outcome(of: sha1, under: try generic(anchors: [strong])) == "weak_signature")
    }

    @Test("Keys that are strong enough", arguments: [.rsa(bits: 2_048), .p256, .ed25519] as [PrivateKey.Recipe])
    func strongKeys(recipe: PrivateKey.Recipe) throws {
        let root = try TestAuthority.root()
        var template = LeafTemplate(
            subject: NameTemplate(.commonName("long")), notBefore: noon, notAfter: noon.adding(seconds: 60))
        template.extendedKeyUsage = [.clientAuth]
        let leaf = try Certificate(der: root.authority.issue(template, to: PrivateKey.generate(recipe)))
        #expect(outcome(of: leaf, under: try generic(anchors: [root])) == "admitted")
        let tall = try generic(anchors: [root]) { $0.path.strength.rsaBits = 2_049 }
        #expect(outcome(of: leaf, under: tall) == (recipe == .rsa(bits: 2_048) ? "weak_key" : "admitted"))
    }

    @Test("A leaf that may sign certificates without being a CA contradicts itself")
    func keyCertSign() throws {
        let root = try TestAuthority.root()
        let leaf = try root.leaf { $0.keyUsage = [.digitalSignature, .certificateSigning] }
        #expect(outcome(of: leaf, under: try generic(anchors: [root])) == "profile_violation")
    }

    @Test("Serial numbers must be positive", arguments: [[0], [0x80], [0xFF, 0x01]] as [[UInt8]])
    func serial(octets: [UInt8]) throws {
        let root = try TestAuthority.root()
        let leaf = try root.leaf { $0.serial = octets }
        #expect(outcome(of: leaf, under: try generic(anchors: [root])) == "profile_violation")
    }

    @Test(
        "The purpose must be in the leaf's extendedKeyUsage",
        arguments: [
            ([.clientAuth], .client, "admitted"), ([.serverAuth], .client, "purpose_not_accepted"),
            ([.serverAuth], .server, "admitted"), ([.anyExtendedKeyUsage], .client, "purpose_not_accepted"),
            ([.emailProtection], .any, "admitted"), (nil, .client, "purpose_not_accepted"), (nil, .any, "admitted"),
        ] as [([ObjectIdentifier]?, PathPolicy.Purpose, String)])
    func purpose(purposes: [ObjectIdentifier]?, purpose: PathPolicy.Purpose, expected: String) throws {
        let root = try TestAuthority.root()
        let leaf = try root.leaf { $0.extendedKeyUsage = purposes }
        let trust = try generic(anchors: [root]) { $0.path.purpose = purpose }
        #expect(outcome(of: leaf, under: trust) == expected)
    }

    @Test("An absent extendedKeyUsage is admitted where the configuration says so")
    func absentPurpose() throws {
        let root = try TestAuthority.root()
        let leaf = try root.leaf { $0.extendedKeyUsage = nil }
        let trust = try generic(anchors: [root]) { $0.path.absentExtendedKeyUsage = .admit }
        #expect(outcome(of: leaf, under: trust) == "admitted")
    }

    @Test("A CA's extendedKeyUsage binds what is below it")
    func chainedPurpose() throws {
        let root = try TestAuthority.root()
        let trust = try generic(anchors: [root])
        for (purposes, expected) in [
            ([.clientAuth], "admitted"), ([.anyExtendedKeyUsage], "admitted"), ([.serverAuth], "purpose_not_accepted"),
        ] as [([ObjectIdentifier], String)] {
            let issuer = try root.below("Bornee") { $0.additionalExtensions = [.extendedKeyUsage(purposes)] }
            #expect(outcome(of: try issuer.leaf(), with: [issuer], under: trust) == expected)
        }
    }
}
