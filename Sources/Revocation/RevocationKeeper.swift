internal import Crypto
public import DER
internal import X509

/// Owns the CRLs in use, of every configured CA, and decides whether an offered one takes its place among them.
///
/// It belongs to one thread; what it makes, `snapshot`, goes to all. It does no I/O.
public final class RevocationKeeper {
    /// What is known now.
    public private(set) var snapshot: RevocationSnapshot

    private let maximumSize: Int
    private let staleness: StalenessPolicy
    private var authorities: [IssuerKey: KeptAuthority] = [:]
    /// By name as encoded: which CAs a CRL may be of.
    private var keysByName: [DistinguishedName: [IssuerKey]] = [:]

    /// Keeps the CRLs of the configured CAs, with those that an earlier keeper has of them: a reload forgets nothing, and
    /// neither can it be used to go back to an older CRL.
    public init(_ settings: RevocationSettings, inheriting earlier: RevocationKeeper? = nil) {
        maximumSize = settings.maximumSize
        staleness = settings.staleness
        snapshot = RevocationSnapshot(epoch: 0, authorities: [:], staleness: settings.staleness)
        for authority in settings.authorities {
            let key = IssuerKey(of: authority.certificate)
            guard authorities[key] == nil else { continue }
            let scopes = earlier?.authorities[key]?.scopes ?? [:]
            authorities[key] = KeptAuthority(certificate: authority.certificate, scopes: scopes)
            keysByName[authority.certificate.subject, default: []].append(key)
        }
        guard let earlier else { return }
        snapshot = compose(epoch: earlier.snapshot.epoch + 1)
    }

    /// Offers the bytes of a file or an answer: one outcome for each CRL in them.
    public func offer(_ bytes: [UInt8], from origin: RevocationOrigin = .direct, at now: Timestamp) -> [Offer] {
        offer(bytes, from: origin, at: now, keeping: { _ in })
    }

    /// Offers bytes, and hands over each CRL that is in use from now on, to be kept on disk.
    func offer(
        _ bytes: [UInt8], from origin: RevocationOrigin, at now: Timestamp, keeping: (VerifiedRevocationList) -> Void
    ) -> [Offer] {
        let lists: [[UInt8]]
        do {
            lists = try RevocationListFile.lists(in: bytes)
        } catch {
            return [.refused(.unusable(error))]
        }
        let before = snapshot.epoch
        var offers: [Offer] = []
        var hasChanged = false
        for der in lists {
            do throws(OfferRefusal) {
                let offer = try take(der, from: origin, at: now, keeping)
                if case .accepted = offer { hasChanged = true }
                offers.append(offer)
            } catch {
                offers.append(.refused(error))
            }
        }
        if hasChanged { snapshot = compose(epoch: before + 1) }
        return offers
    }

    private func take(
        _ der: [UInt8], from origin: RevocationOrigin, at now: Timestamp, _ keeping: (VerifiedRevocationList) -> Void
    ) throws(OfferRefusal) -> Offer {
        guard der.count <= maximumSize else { throw .unusable(.tooLarge(limit: maximumSize)) }
        let digest = SHA256.digest(of: der.span)
        if let known = known(digest) { return .unchanged(known) }
        let list: CertificateRevocationList
        do {
            list = try CertificateRevocationList(der: der, digest: digest)
        } catch {
            throw .unusable(error)
        }
        guard let keys = keysByName[list.issuer] else { throw .unknownIssuer(list.issuer) }
        guard list.thisUpdate <= now.adding(seconds: RevocationLimits.clockSkew) else {
            throw .notYetValid(thisUpdate: list.thisUpdate)
        }
        let (key, verified) = try verify(list, among: keys)
        var scopes = authorities[key]?.scopes ?? [:]
        var lists = scopes[list.scope.encoded] ?? ScopedLists()
        guard scopes[list.scope.encoded] != nil || scopes.count < RevocationLimits.scopesPerAuthority else {
            throw .tooManyScopes(limit: RevocationLimits.scopesPerAuthority)
        }
        try lists.admits(list)
        var awaited: CRLNumber?
        if list.isDelta {
            awaited = lists.takeDelta(verified, from: origin)
        } else {
            do { try lists.takeBase(verified, from: origin) } catch { throw .unusable(error) }
        }
        scopes[list.scope.encoded] = lists
        if !list.isDelta, list.scope == .everything {
            // A CA that gives its partitions up speaks of them all here: theirs would otherwise stand, stale, for ever.
            scopes = scopes.filter { scope in
                scope.key == list.scope.encoded
                    || scope.value.index.map { $0.thisUpdate >= list.thisUpdate } ?? true
            }
        }
        authorities[key]?.scopes = scopes
        let offered = OfferedList(verified.authority, list)
        if let awaited { return .waiting(offered, needsBase: awaited) }
        keeping(verified)
        // A delta that waited for this base is in use with it.
        if !list.isDelta, let delta = lists.applied { keeping(delta) }
        return .accepted(offered)
    }

    /// The CRL of these very bytes, when they were read and verified before.
    private func known(_ digest: SHA256Digest) -> OfferedList? {
        for authority in authorities.values {
            for lists in authority.scopes.values {
                if let facts = lists.facts(of: digest) { return OfferedList(authority.certificate, facts) }
            }
        }
        return nil
    }

    /// The CA, among those of the CRL's issuer's name, whose key signed it.
    private func verify(
        _ list: CertificateRevocationList, among keys: [IssuerKey]
    ) throws(OfferRefusal) -> (IssuerKey, VerifiedRevocationList) {
        var failure = CRLError.issuerMismatch
        for key in keys {
            guard let authority = authorities[key]?.certificate else { continue }
            do {
                return (key, try list.verified(by: authority))
            } catch {
                // With several keys of one name, the signature's failure says more than another key's identifier.
                if failure != .invalidSignature { failure = error }
            }
        }
        throw .unusable(failure)
    }

    private func compose(epoch: UInt64) -> RevocationSnapshot {
        var composed: [IssuerKey: RevocationSnapshot.Authority] = [:]
        for (key, authority) in authorities {
            let indexes = authority.scopes.values.compactMap(\.index)
            guard !indexes.isEmpty else { continue }
            composed[key] = RevocationSnapshot.Authority(certificate: authority.certificate, indexes: indexes)
        }
        return RevocationSnapshot(epoch: epoch, authorities: composed, staleness: staleness)
    }

    func scopes(of key: IssuerKey) -> [ScopedLists] {
        authorities[key].map { Array($0.scopes.values) } ?? []
    }

    /// Visits the scopes of each CA, in the order of the CAs' names.
    func forEachScope(_ body: (Certificate, ScopedLists) -> Void) {
        let kept = authorities.values.sorted {
            $0.certificate.subject.der.lexicographicallyPrecedes($1.certificate.subject.der)
        }
        for authority in kept {
            for (_, scope) in authority.scopes.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                body(authority.certificate, scope)
            }
        }
    }

    func updateEachScope(_ body: (Certificate, inout ScopedLists) -> Void) {
        for (key, authority) in authorities {
            for (encoded, var scope) in authority.scopes {
                body(authority.certificate, &scope)
                authorities[key]?.scopes[encoded] = scope
            }
        }
    }
}

/// One CA's CRLs, by scope as encoded.
private struct KeptAuthority {
    let certificate: Certificate
    var scopes: [[UInt8]: ScopedLists]
}
