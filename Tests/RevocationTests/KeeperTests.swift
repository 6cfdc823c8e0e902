import DER
import Testing
import X509

@testable import Revocation

@Suite("Which offered CRL takes its place")
struct KeeperTests {
    private let authority: TestAuthority
    private let keeper: RevocationKeeper

    init() throws {
        authority = try TestAuthority()
        keeper = RevocationKeeper(RevocationSettings(authorities: [.init(certificate: authority.certificate)]))
    }

    private func offer(_ draft: RevocationListDraft, by signer: TestAuthority? = nil) throws -> Offer? {
        try keeper.offer(draft.signed(by: signer ?? authority), at: noon).first
    }

    private func isRevoked(_ serial: [UInt8]) throws -> Bool {
        let leaf = try authority.leaf(serial: serial)
        if case .revoked = keeper.snapshot.status(of: leaf, issuedBy: authority.certificate, at: noon) { return true }
        return false
    }

    @Test("each change is one epoch, and what changes nothing is none")
    func epochs() throws {
        #expect(keeper.snapshot.epoch == 0)
        let bytes = try RevocationListDraft(1).signed(by: authority)
        #expect(keeper.offer(bytes, at: noon).first?.isAccepted == true)
        #expect(keeper.snapshot.epoch == 1)
        guard case .unchanged = keeper.offer(bytes, at: noon).first else {
            Issue.record("the same bytes were taken twice")
            return
        }
        #expect(keeper.offer([0x30], at: noon).first?.isAccepted == false)
        #expect(keeper.snapshot.epoch == 1)
        #expect(try offer(RevocationListDraft(2))?.isAccepted == true)
        #expect(keeper.snapshot.epoch == 2)
    }

    @Test("an older CRL never takes the place of a newer one")
    func rollback() throws {
        #expect(try offer(RevocationListDraft(5, [.init([1])]).valid(from: -100, to: 900))?.isAccepted == true)
        #expect(
            try offer(RevocationListDraft(4).valid(from: -50, to: 900))
                == .refused(.older(number: CRLNumber(4), inUse: CRLNumber(5))))
        #expect(
            try offer(RevocationListDraft(6).valid(from: -101, to: 900))
                == .refused(.older(number: CRLNumber(6), inUse: CRLNumber(5))))
        #expect(
            try offer(RevocationListDraft(5).valid(from: -100, to: 900)) == .refused(.sameNumber(CRLNumber(5))))
        #expect(try isRevoked([1]))
        // The same number later, or a higher number at the same time, is newer.
        #expect(try offer(RevocationListDraft(5, [.init([2])]).valid(from: -90, to: 900))?.isAccepted == true)
        #expect(try offer(RevocationListDraft(6, [.init([3])]).valid(from: -90, to: 900))?.isAccepted == true)
        #expect(try isRevoked([3]))
        #expect(try !isRevoked([1]))
    }

    @Test("a forged CRL, another CA's, one of the future and rubbish leave everything as it was")
    func refusals() throws {
        #expect(try offer(RevocationListDraft(1, [.init([1])]))?.isAccepted == true)
        let forger = try TestAuthority()
        #expect(try offer(RevocationListDraft(2), by: forger) == .refused(.unusable(.invalidSignature)))
        let other = try TestAuthority("Une autre")
        #expect(
            try offer(RevocationListDraft(2), by: other) == .refused(.unknownIssuer(other.certificate.subject)))
        #expect(
            try offer(RevocationListDraft(2).valid(from: 301, to: 900))
                == .refused(.notYetValid(thisUpdate: noon.adding(seconds: 301))))
        #expect(keeper.offer(Array("<html>".utf8), at: noon) == [.refused(.unusable(.html))])
        #expect(keeper.snapshot.epoch == 1)
        #expect(try isRevoked([1]))
    }

    @Test("two CAs of one name each have their own CRL")
    func sameName() throws {
        let twin = try TestAuthority()
        let keeper = RevocationKeeper(
            RevocationSettings(authorities: [
                .init(certificate: authority.certificate), .init(certificate: twin.certificate),
            ]))
        let ours = try RevocationListDraft(9, [.init([1])]).signed(by: authority)
        let theirs = try RevocationListDraft(1, [.init([2])]).signed(by: twin)
        #expect(keeper.offer(ours, at: noon).first?.isAccepted == true)
        #expect(keeper.offer(theirs, at: noon).first?.isAccepted == true)
        let leaf = try twin.leaf(serial: [1])
        #expect(
            keeper.snapshot.status(of: leaf, issuedBy: twin.certificate, at: noon) == .good(crlNumber: CRLNumber(1)))
    }

    @Test("a delta offered before its base waits for it")
    func waiting() throws {
        let delta = RevocationListDraft(6, base: 5, [.init([7])])
        guard case .waiting(_, needsBase: CRLNumber(5)) = try offer(delta) else {
            Issue.record("the delta does not wait")
            return
        }
        #expect(keeper.snapshot.epoch == 0)
        #expect(try offer(RevocationListDraft(4))?.isAccepted == true)
        #expect(try !isRevoked([7]))
        #expect(try offer(RevocationListDraft(5))?.isAccepted == true)
        #expect(try isRevoked([7]))
        #expect(keeper.lists.first?.delta?.number == CRLNumber(6))
    }

    @Test("a hold is set by a delta and taken back by the next one")
    func hold() throws {
        #expect(try offer(RevocationListDraft(5))?.isAccepted == true)
        #expect(try offer(RevocationListDraft(6, base: 5, [.init([7], reason: .certificateHold)]))?.isAccepted == true)
        #expect(try isRevoked([7]))
        #expect(try offer(RevocationListDraft(7, base: 5, [.init([7], reason: .removeFromCRL)]))?.isAccepted == true)
        #expect(try !isRevoked([7]))
        // The delta that set the hold cannot come back.
        #expect(
            try offer(RevocationListDraft(6, base: 5, [.init([7], reason: .certificateHold)])).map {
                if case .refused(.older) = $0 { true } else { false }
            } == true)
    }

    @Test("a new base keeps the delta that is newer, and drops the one it has overtaken")
    func newBase() throws {
        #expect(try offer(RevocationListDraft(5))?.isAccepted == true)
        #expect(try offer(RevocationListDraft(8, base: 5, [.init([7])]))?.isAccepted == true)
        #expect(try offer(RevocationListDraft(6).valid(from: -3000, to: 9000))?.isAccepted == true)
        #expect(try isRevoked([7]))
        #expect(try offer(RevocationListDraft(8).valid(from: -2000, to: 9000))?.isAccepted == true)
        #expect(try !isRevoked([7]))
        #expect(keeper.lists.first?.delta == nil)
        #expect(
            try offer(RevocationListDraft(8, base: 6, [.init([7])]))
                == .refused(.overtaken(number: CRLNumber(8), base: CRLNumber(8))))
    }

    @Test("a delta that needs a newer base waits, while the one in use serves on")
    func deltaAhead() throws {
        #expect(try offer(RevocationListDraft(5))?.isAccepted == true)
        #expect(try offer(RevocationListDraft(6, base: 5, [.init([1])]))?.isAccepted == true)
        guard case .waiting = try offer(RevocationListDraft(9, base: 8, [.init([2])])) else {
            Issue.record("the delta does not wait")
            return
        }
        #expect(try isRevoked([1]))
        #expect(try !isRevoked([2]))
        #expect(try offer(RevocationListDraft(8))?.isAccepted == true)
        #expect(try isRevoked([2]))
    }

    @Test("CRLs of different scopes stand beside each other")
    func scopes() throws {
        let users = RevocationListDraft(5, [.init([1])]).scoped { $0.boolean(true, tag: .context(1)) }
        let authorities = RevocationListDraft(2, [.init([2])]).scoped { $0.boolean(true, tag: .context(2)) }
        #expect(try offer(users)?.isAccepted == true)
        #expect(try offer(authorities)?.isAccepted == true)
        #expect(try isRevoked([1]))
        #expect(try !isRevoked([2]))
    }

    @Test("a newer CRL of everything takes the place of those of narrower scopes")
    func everything() throws {
        let users = RevocationListDraft(5, [.init([1], reason: .certificateHold)]).scoped {
            $0.boolean(true, tag: .context(1))
        }
        #expect(try offer(users.valid(from: -200, to: 900))?.isAccepted == true)
        #expect(try offer(RevocationListDraft(6).valid(from: -100, to: 900))?.isAccepted == true)
        #expect(try !isRevoked([1]))
        #expect(keeper.lists.count == 1)
    }

    @Test("the CRLs of one PEM file are each taken on their own")
    func several() throws {
        let text = try [RevocationListDraft(2), RevocationListDraft(1), RevocationListDraft(3, base: 2)].map {
            PEM.encode(PEMBlock(label: "X509 CRL", bytes: try $0.signed(by: authority)))
        }.joined()
        let offers = keeper.offer(Array(text.utf8), at: noon)
        #expect(offers.map(\.isAccepted) == [true, false, true])
        #expect(keeper.snapshot.epoch == 1)
    }

    @Test("a reload keeps the CRLs of the CAs that stay, and their rank")
    func inheriting() throws {
        #expect(try offer(RevocationListDraft(5, [.init([1])]))?.isAccepted == true)
        var settings = RevocationSettings(authorities: [.init(certificate: authority.certificate)])
        settings.staleness = .grace(seconds: 5)
        let next = RevocationKeeper(settings, inheriting: keeper)
        #expect(next.snapshot.epoch == 2)
        #expect(next.snapshot.staleness == .grace(seconds: 5))
        let older = try RevocationListDraft(4).signed(by: authority)
        #expect(next.offer(older, at: noon) == [.refused(.older(number: CRLNumber(4), inUse: CRLNumber(5)))])
        let without = RevocationKeeper(RevocationSettings(authorities: []), inheriting: next)
        #expect(without.snapshot.authorities.isEmpty)
    }

    @Test("what is left of the validity is told once, at a fifth and at the end")
    func expiry() throws {
        #expect(try offer(RevocationListDraft(5).valid(from: 0, to: 1000))?.isAccepted == true)
        func notices(at seconds: Int64) -> [String] {
            var notices: [String] = []
            keeper.noticeExpiry(at: noon.adding(seconds: seconds)) { event in
                switch event {
                case .expiring(_, let left): notices.append("\(left) s left")
                case .stale: notices.append("stale")
                default: notices.append("?")
                }
            }
            return notices
        }
        #expect(notices(at: 799) == [])
        #expect(notices(at: 800) == ["200 s left"])
        #expect(notices(at: 900) == [])
        #expect(notices(at: 1000) == ["stale"])
        #expect(notices(at: 1100) == [])
        #expect(try offer(RevocationListDraft(6).valid(from: 200, to: 2000))?.isAccepted == true)
        #expect(notices(at: 1900) == ["100 s left"])
    }
}

extension Offer {
    var isAccepted: Bool {
        if case .accepted = self { true } else { false }
    }
}
