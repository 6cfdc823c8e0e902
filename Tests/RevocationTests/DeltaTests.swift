import DER
import TestPKI
import Testing

@testable import Revocation

@Suite("A delta over its base")
struct DeltaTests {
    @Test(
        "a serial's fate, by what base and delta say of it",
        arguments: [
            // base, delta, revoked for
            (nil, nil, nil),
            (.keyCompromise, nil, .keyCompromise),
            (nil, .superseded, .superseded),
            (.certificateHold, .removeFromCRL, nil),
            (.certificateHold, .keyCompromise, .keyCompromise),
            (.keyCompromise, .removeFromCRL, nil),
            (nil, .removeFromCRL, nil),
            (nil, .certificateHold, .certificateHold),
        ] as [(RevocationReason?, RevocationReason?, RevocationReason?)])
    func composition(_ base: RevocationReason?, _ delta: RevocationReason?, _ expected: RevocationReason?) throws {
        let authority = try TestAuthority()
        let others: [RevocationListDraft.Entry] = [.init([9]), .init([8, 8])]
        let baseList = RevocationListDraft(5, others + (base.map { [.init([7], reason: $0)] } ?? []))
        let deltaList = RevocationListDraft(6, base: 5, delta.map { [.init([7], reason: $0)] } ?? [])
        let index = try RevocationIndex(base: baseList.verified(by: authority))
        let composed = try index.applying(delta: deltaList.verified(by: authority))
        #expect(composed.record([7])?.reason == expected)
        #expect(composed.record([9]) != nil)
        #expect(composed.record([8, 8]) != nil)
        #expect(composed.number == CRLNumber(6))
        // The base alone is as it was.
        #expect(index.record([7])?.reason == base)
    }

    @Test("removed and revoked again in one delta is revoked, in either order", arguments: [true, false])
    func both(_ removedFirst: Bool) throws {
        let authority = try TestAuthority()
        let removed = RevocationListDraft.Entry([7], reason: .removeFromCRL)
        let revoked = RevocationListDraft.Entry([7], reason: .keyCompromise)
        let delta = RevocationListDraft(6, base: 5, removedFirst ? [removed, revoked] : [revoked, removed])
        let index = try RevocationIndex(base: RevocationListDraft(5).verified(by: authority))
        let composed = try index.applying(delta: delta.verified(by: authority))
        #expect(composed.record([7])?.reason == .keyCompromise)
    }

    @Test("the rules of RFC 5280 §5.2.4 on which delta goes with which base")
    func rules() throws {
        let authority = try TestAuthority()
        let index = try RevocationIndex(base: RevocationListDraft(5).verified(by: authority))
        func apply(_ draft: RevocationListDraft) throws -> RevocationIndex {
            try index.applying(delta: draft.verified(by: authority))
        }
        #expect(try apply(RevocationListDraft(6, base: 5)).number == CRLNumber(6))
        #expect(try apply(RevocationListDraft(9, base: 1)).number == CRLNumber(9))
        #expect(throws: RevocationIndex.DeltaMismatch.notADelta) { try apply(RevocationListDraft(6)) }
        #expect(throws: RevocationIndex.DeltaMismatch.notNewerThanBase) { try apply(RevocationListDraft(5, base: 4)) }
        #expect(throws: RevocationIndex.DeltaMismatch.baseTooOld(needs: CRLNumber(6), found: CRLNumber(5))) {
            try apply(RevocationListDraft(7, base: 6))
        }
        #expect(throws: RevocationIndex.DeltaMismatch.otherScope) {
            try apply(RevocationListDraft(6, base: 5).scoped { $0.boolean(true, tag: .context(1)) })
        }
        #expect(throws: RevocationIndex.DeltaMismatch.otherScope) {
            try apply(RevocationListDraft(6, base: 5).identified(authority.issuing.keyIdentifier))
        }
    }

    @Test("a current delta makes an old base current, and an old delta does not make a current base old")
    func freshness() throws {
        let authority = try TestAuthority()
        let old = try RevocationIndex(base: RevocationListDraft(5).valid(from: -100, to: -10).verified(by: authority))
        let renewed = try old.applying(
            delta: RevocationListDraft(6, base: 5).valid(from: -5, to: 50).verified(by: authority))
        #expect(renewed.nextUpdate == noon.adding(seconds: 50))
        let current = try RevocationIndex(
            base: RevocationListDraft(5).valid(from: -100, to: 99).verified(by: authority))
        let kept = try current.applying(
            delta: RevocationListDraft(6, base: 5).valid(from: -5, to: -1).verified(by: authority))
        #expect(kept.nextUpdate == noon.adding(seconds: 99))
    }
}
