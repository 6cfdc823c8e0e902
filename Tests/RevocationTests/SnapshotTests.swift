import DER
import TestPKI
import Testing
import X509

@testable import Revocation

@Suite("What a snapshot says of a certificate")
struct SnapshotTests {
    private let authority: TestAuthority

    init() throws {
        authority = try TestAuthority()
    }

    private func snapshot(
        _ drafts: RevocationListDraft..., staleness: StalenessPolicy = .refuse
    ) throws -> RevocationSnapshot {
        let indexes = try drafts.map { try RevocationIndex(base: $0.verified(by: authority)) }
        let key = IssuerKey(of: authority.certificate)
        return RevocationSnapshot(
            epoch: 1, authorities: [key: .init(certificate: authority.certificate, indexes: indexes)],
            staleness: staleness)
    }

    private func status(
        _ snapshot: RevocationSnapshot, _ serial: [UInt8] = [1], isAuthority: Bool = false,
        extensions: [ExtensionTemplate] = [], at seconds: Int64 = 0
    ) throws -> RevocationStatus {
        let leaf = try authority.leaf(serial: serial, isAuthority: isAuthority, extensions: extensions)
        return snapshot.status(of: leaf, issuedBy: authority.certificate, at: noon.adding(seconds: seconds))
    }

    @Test("nothing is known without a CRL, nor by the CRL of another key of the same name")
    func unavailable() throws {
        #expect(try status(.empty) == .unavailable)
        let other = try TestAuthority()
        let leaf = try other.leaf(serial: [1])
        let snapshot = try snapshot(RevocationListDraft(1))
        #expect(snapshot.status(of: leaf, issuedBy: other.certificate, at: noon) == .unavailable)
        // Whoever validated the path to that other key may ask for it.
        let subject = RevocationSubject(leaf, issuedBy: other.certificate)
        #expect(snapshot.authorities(named: other.certificate.subject) == [authority.certificate])
        #expect(
            snapshot.status(of: subject, listedBy: authority.certificate, at: noon) == .good(crlNumber: CRLNumber(1)))
    }

    @Test("good and revoked")
    func listed() throws {
        let date = noon.adding(seconds: -50)
        let snapshot = try snapshot(RevocationListDraft(4, [.init([2], date: date, reason: .keyCompromise)]))
        #expect(try status(snapshot) == .good(crlNumber: CRLNumber(4)))
        #expect(try status(snapshot, [2]) == .revoked(.keyCompromise, date: date, crlNumber: CRLNumber(4)))
    }

    @Test("issuer and serial alone are enough, unless CRLs are of distribution points")
    func ticket() throws {
        let key = IssuerKey(digest: IssuerKey(of: authority.certificate).digest)
        let whole = try snapshot(RevocationListDraft(4, [.init([2])]))
        let revoked = RevocationSubject(serial: SerialNumber(octets: [2]), issuer: key)
        let good = RevocationSubject(serial: SerialNumber(octets: [1]), issuer: key)
        guard case .revoked = whole.status(of: revoked, at: noon) else {
            Issue.record("not revoked")
            return
        }
        #expect(whole.status(of: good, at: noon) == .good(crlNumber: CRLNumber(4)))
        let partition = try snapshot(RevocationListDraft(3).scoped(point("http://a.example/1.crl")))
        #expect(partition.status(of: good, at: noon) == .unavailable)
    }

    @Test(
        "once nextUpdate has passed, its silence is worth what the policy says",
        arguments: [
            (StalenessPolicy.refuse, 0, nil), (.refuse, 1, false), (.grace(seconds: 60), 0, nil),
            (.grace(seconds: 60), 1, true), (.grace(seconds: 60), 60, true), (.grace(seconds: 60), 61, false),
        ] as [(StalenessPolicy, Int64, Bool?)])
    func stale(_ policy: StalenessPolicy, _ overdue: Int64, _ withinGrace: Bool?) throws {
        let list = RevocationListDraft(4, [.init([2])]).valid(from: -100, to: 100)
        let snapshot = try snapshot(list, staleness: policy)
        let expected: RevocationStatus =
            withinGrace.map {
                .stale(nextUpdate: noon.adding(seconds: 100), crlNumber: CRLNumber(4), withinGrace: $0)
            } ?? .good(crlNumber: CRLNumber(4))
        #expect(try status(snapshot, at: 100 + overdue) == expected)
        // Its word is worth the same as ever.
        guard case .revoked = try status(snapshot, [2], at: 100 + overdue) else {
            Issue.record("not revoked")
            return
        }
    }

    @Test("before thisUpdate it says nothing")
    func early() throws {
        let snapshot = try snapshot(RevocationListDraft(4).valid(from: 0, to: 9000))
        #expect(try status(snapshot, at: -1000) == .unavailable)
        #expect(try status(snapshot, at: -300) == .good(crlNumber: CRLNumber(4)))
    }

    @Test("a CRL for users says nothing of CAs, and the other way round")
    func scopes() throws {
        let users = RevocationListDraft(1).scoped { $0.boolean(true, tag: .context(1)) }
        let authorities = RevocationListDraft(2).scoped { $0.boolean(true, tag: .context(2)) }
        #expect(try status(snapshot(users)) == .good(crlNumber: CRLNumber(1)))
        #expect(try status(snapshot(users), isAuthority: true) == .unavailable)
        #expect(try status(snapshot(authorities)) == .unavailable)
        #expect(try status(snapshot(authorities), isAuthority: true) == .good(crlNumber: CRLNumber(2)))
        #expect(try status(snapshot(users, authorities), isAuthority: true) == .good(crlNumber: CRLNumber(2)))
    }

    @Test("CRLs of some reasons are worth something together, when they cover all")
    func reasons() throws {
        let some = RevocationListDraft(1).scoped { $0.namedBits([1, 2], tag: .context(3)) }
        let others = RevocationListDraft(2, [.init([2])]).scoped { $0.namedBits(Set(3...8), tag: .context(3)) }
        #expect(try status(snapshot(some)) == .unavailable)
        #expect(try status(snapshot(some, others)) == .good(crlNumber: CRLNumber(1)))
        guard case .revoked = try status(snapshot(some, others), [2]) else {
            Issue.record("not revoked")
            return
        }
        #expect(try status(snapshot(some, others.valid(from: -9, to: -1))).isStale)
    }

    private func point(_ uri: String) -> @Sendable (inout DERWriter) -> Void {
        { writer in
            writer.constructed(.contextConstructed(0)) {
                $0.constructed(.contextConstructed(0)) { $0.ia5String(uri, tag: .context(6)) }
            }
        }
    }

    private func points(_ uris: String...) -> ExtensionTemplate {
        ExtensionTemplate("2.5.29.31") { writer in
            writer.sequence { points in
                for uri in uris { points.sequence(point(uri)) }
            }
        }
    }

    @Test("a CRL of a distribution point speaks of the certificates that name it, and of no other")
    func distributionPoints() throws {
        let partition = try snapshot(RevocationListDraft(3).scoped(point("http://a.example/1.crl")))
        #expect(
            try status(partition, extensions: [points("http://b.example/", "http://a.example/1.crl")])
                == .good(crlNumber: CRLNumber(3)))
        #expect(try status(partition, extensions: [points("http://a.example/2.crl")]) == .unavailable)
        #expect(try status(partition) == .unavailable)
        // One without a distribution point speaks of all.
        let whole = try snapshot(RevocationListDraft(3))
        #expect(try status(whole, extensions: [points("http://a.example/2.crl")]) == .good(crlNumber: CRLNumber(3)))
    }

    @Test("a distribution point may be named relative to the CA's name")
    func relativeName() throws {
        let attribute = der { writer in
            writer.sequence {
                $0.objectIdentifier("2.5.4.3")
                $0.utf8String("CRL1")
            }
        }
        let relative = RevocationListDraft(3).scoped { writer in
            writer.constructed(.contextConstructed(0)) { $0.element(.contextConstructed(1), attribute) }
        }
        let issuer = authority.certificate.subject.der
        var cursor = DERCursor(all: issuer.span)
        let relativeNames = try issuer.span.copy(of: cursor.next(.sequence, in: issuer.span).content)
        let full = ExtensionTemplate("2.5.29.31") { writer in
            writer.sequence {
                $0.sequence {
                    $0.constructed(.contextConstructed(0)) {
                        $0.constructed(.contextConstructed(0)) {
                            $0.constructed(.contextConstructed(4)) {
                                $0.sequence {
                                    $0.raw(relativeNames)
                                    $0.element(.set, attribute)
                                }
                            }
                        }
                    }
                }
            }
        }
        #expect(try status(snapshot(relative), extensions: [full]) == .good(crlNumber: CRLNumber(3)))
        #expect(try status(snapshot(relative)) == .unavailable)
    }
}

extension RevocationStatus {
    var isStale: Bool {
        if case .stale = self { true } else { false }
    }
}
