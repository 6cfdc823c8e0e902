internal import Crypto
internal import DER

/// The CRLs of one CA within one scope, and the rules by which a newly offered one takes a place among them.
struct ScopedLists {
    /// What is in use; nil before the first base.
    private(set) var index: RevocationIndex?
    /// The delta in use, with its bytes, so that it can be laid over the next base.
    private(set) var applied: VerifiedRevocationList?
    /// A delta that needs a base we do not have.
    private(set) var waiting: VerifiedRevocationList?
    private(set) var baseOrigin: RevocationOrigin = .direct
    private(set) var deltaOrigin: RevocationOrigin = .direct
    /// What has been said of the validity left.
    var notice: ExpiryNotice = .none

    /// The CRL of a digest that is in use or waiting already.
    func facts(of digest: SHA256Digest) -> RevocationListFacts? {
        if let base = index?.base, base.digest == digest { return base }
        let delta = [applied, waiting].compactMap { $0?.list }.first { $0.digest == digest }
        return delta.map(RevocationListFacts.init)
    }

    /// Requires the CRL to be newer than the one in its place: neither its number nor its thisUpdate may fall, and one
    /// must rise.
    func admits(_ list: CertificateRevocationList) throws(OfferRefusal) {
        if list.isDelta {
            for current in [applied, waiting] {
                guard let current else { continue }
                try ScopedLists.requireNewer(list, than: RevocationListFacts(current.list))
            }
            guard let index else { return }
            do {
                try index.accepts(delta: list)
            } catch .baseTooOld {
                return
            } catch .notNewerThanBase {
                throw .overtaken(number: list.number, base: index.base.number)
            } catch {
                throw .otherScope
            }
        } else if let index {
            try ScopedLists.requireNewer(list, than: index.base)
        }
    }

    /// Takes a base that was admitted and verified, and lays over it the newest delta that fits.
    mutating func takeBase(_ verified: VerifiedRevocationList, from origin: RevocationOrigin) throws(CRLError) {
        index = try RevocationIndex(base: verified)
        baseOrigin = origin
        let deltas = [waiting, applied].compactMap(\.self)
        waiting = nil
        applied = nil
        for delta in deltas { takeDelta(delta, from: deltaOrigin) }
        notice = .none
    }

    /// Takes a delta that was admitted and verified; the base number it needs when it has to wait.
    @discardableResult
    mutating func takeDelta(_ verified: VerifiedRevocationList, from origin: RevocationOrigin) -> CRLNumber? {
        guard let baseNumber = verified.list.baseNumber else { return nil }
        guard let index else {
            waiting = verified
            deltaOrigin = origin
            return baseNumber
        }
        do {
            // Never an older delta over a newer one, when both were kept for a new base.
            if let applied, applied.list.number >= verified.list.number { return nil }
            self.index = try index.applying(delta: verified)
            applied = verified
            if let waiting, waiting.list.number <= verified.list.number { self.waiting = nil }
            deltaOrigin = origin
            notice = .none
            return nil
        } catch .baseTooOld {
            waiting = verified
            deltaOrigin = origin
            return baseNumber
        } catch {
            // The new base has overtaken it.
            return nil
        }
    }

    private static func requireNewer(
        _ list: CertificateRevocationList, than current: RevocationListFacts
    ) throws(OfferRefusal) {
        guard list.number >= current.number, list.thisUpdate >= current.thisUpdate else {
            throw .older(number: list.number, inUse: current.number)
        }
        guard list.number > current.number || list.thisUpdate > current.thisUpdate else {
            throw .sameNumber(list.number)
        }
    }
}

/// What has been told of a CRL's validity left, so that it is told once.
enum ExpiryNotice: Comparable {
    case none, expiring, stale
}
