public import Crypto
public import DER
public import Revocation
internal import X509

/// May this certificate pass, now? One for each worker and listener; not to be shared between threads.
///
/// It is asked inside each full handshake (`verify`), before a ticket is taken (`resume`), after each handshake and while
/// a connection lives (`recheck`). A trust that changed is a new verifier; new CRLs are set.
public final class ClientVerifier<Rendering: PeerRendering> {
    /// What is trusted, and which kinds may pass.
    public let verifier: PeerVerifier
    /// What is known of revocation; set when a new epoch arrives.
    public var revocation: RevocationSnapshot
    /// What tickets and TLS sessions are bound to: the trust, the kinds accepted and the listener.
    ///
    /// Fit for `sessionIDContext`, which has room for 32 bytes.
    public let binding: SHA256Digest

    private var cache: VerificationCache<Rendering>
    private var render: (VerifiedPeer) -> Rendering
    /// How often the way to render has changed.
    ///
    /// A rendering of another edition is out of date.
    public private(set) var edition = 0

    /// Makes a verifier with an empty cache.
    ///
    /// - Parameters:
    ///   - trust: what is trusted.
    ///   - accepted: which kinds may pass.
    ///   - scope: the listener's name: a ticket of one is worthless at another.
    ///   - revocation: what is known of revocation.
    ///   - cacheCapacity: bytes that the cache may take.
    ///   - render: makes, once for each verified peer, what is remembered beside it.
    public init(
        trust: TrustSnapshot, accepted: AcceptedKinds, scope: String, revocation: RevocationSnapshot,
        cacheCapacity: Int = Limits.cacheBytes, render: @escaping (VerifiedPeer) -> Rendering
    ) {
        verifier = PeerVerifier(trust: trust, accepted: accepted)
        self.revocation = revocation
        self.render = render
        binding = ClientVerifier.binding(trust: trust, accepted: accepted, scope: scope)
        cache = VerificationCache(capacity: cacheCapacity)
    }

    /// What became of looks into the cache.
    public var cacheCounters: CacheCounters { cache.counters }

    /// Decides about a caller in a full handshake.
    ///
    /// Revocation is looked up each time; the rest is remembered. When the caller is known nothing is allocated.
    /// - Parameters:
    ///   - leafDigest: SHA-256 of the caller's certificate.
    ///   - chain: the certificates as sent, leaf first; asked for only when the leaf is not known.
    ///   - now: the moment it is.
    /// - Returns: the verdict.
    public func verify(
        leafDigest: SHA256Digest, chain: () -> [[UInt8]], now: Timestamp
    ) -> Verdict<Rendering> {
        if let known = cache.find(leafDigest, now: now) {
            guard let refusal = refusal(of: known.peer, now: now) else {
                return .admitted(known.peer, current(known.rendering, of: known.peer))
            }
            if refusal.isAboutLeaf { return .refused(refusal, about: RefusedCertificate(known.peer.leaf)) }
            // A CA of the remembered path is revoked, or nothing is known of it: another path may be there.
            cache.remove(leafDigest)
        }
        return verify(chain(), now: now)
    }

    /// Renders otherwise from now on, and forgets nobody: each peer is rendered anew when it is next asked for.
    ///
    /// - Parameters:
    ///   - edition: what the new renderings say their `edition` is.
    ///   - render: makes them.
    public func render(edition: Int, by render: @escaping (VerifiedPeer) -> Rendering) {
        self.edition = edition
        self.render = render
    }

    /// What is remembered beside a peer that was verified here, as it is to be now.
    public func rendering(of peer: VerifiedPeer, now: Timestamp) -> Rendering {
        guard let known = cache.find(peer.thumbprint, now: now) else { return render(peer) }
        return current(known.rendering, of: known.peer)
    }

    private func current(_ rendering: Rendering, of peer: VerifiedPeer) -> Rendering {
        if rendering.edition == edition { return rendering }
        let current = render(peer)
        cache.replace(current, of: peer)
        return current
    }

    /// Decides anew about a peer verified before, under another trust perhaps.
    public func reverify(_ peer: VerifiedPeer, now: Timestamp) -> Verdict<Rendering> {
        verify(leafDigest: peer.thumbprint, chain: { peer.path.map(\.der) }, now: now)
    }

    /// Why a peer verified here may not go on, now; nil when it may.
    ///
    /// Dates and revocation of the whole path.
    ///
    /// Allocates nothing when it may. For each connection that resumed, and for those that live when CRLs change.
    public func recheck(_ peer: VerifiedPeer, now: Timestamp) -> Refusal? {
        if let refusal = peer.refusal(at: now) { return refusal }
        return refusal(of: peer, now: now)
    }

    private func refusal(of peer: VerifiedPeer, now: Timestamp) -> Refusal? {
        revocation.refusal(of: peer.revocationQueries, at: now)
    }

    private func verify(_ chain: [[UInt8]], now: Timestamp) -> Verdict<Rendering> {
        guard let first = chain.first else { return .refused(.certificateMissing, about: nil) }
        let leaf: Certificate
        do {
            leaf = try Certificate(der: first)
        } catch {
            return .refused(.malformedCertificate(error), about: nil)
        }
        do throws(Refusal) {
            guard chain.count - 1 <= Limits.presentedCertificates else { throw Refusal.budgetExceeded(.certificates) }
            // What cannot be read among the rest cannot be part of a path, and need not be.
            let presented = chain.dropFirst().compactMap { try? Certificate(der: $0) }
            let peer = try verifier.verify(leaf: leaf, presented: presented, revocation: revocation, now: now)
            let rendering = render(peer)
            cache.insert(peer, rendering)
            return .admitted(peer, rendering)
        } catch {
            return .refused(error, about: RefusedCertificate(leaf))
        }
    }

    /// Whether a new verifier of these would decide alike, so that a reload need not forget whom this one has verified.
    public func decides(by trust: TrustSnapshot, accepted: AcceptedKinds, scope: String) -> Bool {
        binding == ClientVerifier.binding(trust: trust, accepted: accepted, scope: scope)
    }

    /// What tickets and TLS sessions of a listener are bound to.
    public static func binding(trust: TrustSnapshot, accepted: AcceptedKinds, scope: String) -> SHA256Digest {
        var writer = DERWriter()
        writer.sequence { fields in
            fields.octetString(trust.fingerprint.bytes)
            fields.utf8String(scope)
            for name in accepted.names { fields.utf8String(name) }
        }
        return SHA256.digest(of: writer.bytes.span)
    }
}

extension VerifiedPeer {
    /// Why the path is not valid at a moment; nil when it is.
    func refusal(at now: Timestamp) -> Refusal? {
        if now > earliestNotAfter {
            let position: PathPosition = now > leaf.notAfter ? .leaf : .issuer
            return .expired(position, notAfter: earliestNotAfter)
        }
        if now < latestNotBefore {
            let position: PathPosition = now < leaf.notBefore ? .leaf : .issuer
            return .notYetValid(position, notBefore: latestNotBefore)
        }
        return nil
    }
}

extension Refusal {
    /// Whether no other path could change it: the issuer's name and key decide who is asked about the leaf.
    fileprivate var isAboutLeaf: Bool {
        switch self {
        case .revoked(.leaf, _, _, _), .crlStale(.leaf, _, _): true
        default: false
        }
    }
}
