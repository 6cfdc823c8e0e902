internal import Crypto
internal import DER

/// What became of looks into a cache.
public struct CacheCounters: Hashable, Sendable {
    /// Looks that found a verified peer.
    public var hits: UInt64 = 0
    /// Looks that found none.
    public var misses: UInt64 = 0
    /// Entries that made way for others.
    public var evictions: UInt64 = 0
    /// Entries that died with the first certificate of their path.
    public var expirations: UInt64 = 0
    /// Entries there are.
    public var entries = 0
    /// Bytes they take, roughly.
    public var bytes = 0
}

/// The callers that one worker has verified under one trust, by the digest of their certificate.
///
/// It holds nothing but what verified, so a stranger can neither fill it nor push anybody out of it. Of revocation it
/// knows nothing: that is looked up at each admission. A look that finds something allocates nothing. Entries are evicted
/// by CLOCK: the hand takes the first that was not looked at since it last came by.
struct VerificationCache<Rendering: PeerRendering> {
    private struct Entry {
        let digest: SHA256Digest
        let peer: VerifiedPeer
        let rendering: Rendering
        let byteCount: Int
        var isReferenced: Bool
    }

    private let capacity: Int
    private var slots: [Entry?] = []
    private var free: [Int] = []
    private var index: [SHA256Digest: Int] = [:]
    private var hand = 0
    private(set) var counters = CacheCounters()

    /// A cache of at most so many bytes.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// What is remembered of a certificate; nil when nothing is, or when its path is no longer valid.
    mutating func find(_ digest: SHA256Digest, now: Timestamp) -> (peer: VerifiedPeer, rendering: Rendering)? {
        guard let slot = index[digest], let entry = slots[slot] else {
            counters.misses &+= 1
            return nil
        }
        guard now <= entry.peer.earliestNotAfter else {
            remove(at: slot)
            counters.expirations &+= 1
            counters.misses &+= 1
            return nil
        }
        // A clock that was set back: not wrong for good, so the entry stays.
        guard entry.peer.latestNotBefore <= now else {
            counters.misses &+= 1
            return nil
        }
        slots[slot]?.isReferenced = true
        counters.hits &+= 1
        return (entry.peer, entry.rendering)
    }

    /// Remembers a peer, in place of what was remembered of the same certificate.
    mutating func insert(_ peer: VerifiedPeer, _ rendering: Rendering) {
        remove(peer.thumbprint)
        let byteCount = peer.byteCount + max(0, rendering.byteCount) + MemoryLayout<Entry>.stride * 2
        guard byteCount <= capacity else { return }
        while counters.bytes > capacity - byteCount { evict() }
        let entry = Entry(
            digest: peer.thumbprint, peer: peer, rendering: rendering, byteCount: byteCount, isReferenced: false)
        if let slot = free.popLast() {
            slots[slot] = entry
            index[peer.thumbprint] = slot
        } else {
            index[peer.thumbprint] = slots.count
            slots.append(entry)
        }
        counters.entries += 1
        counters.bytes += byteCount
    }

    /// Puts another rendering beside a peer that is remembered.
    mutating func replace(_ rendering: Rendering, of peer: VerifiedPeer) {
        guard index[peer.thumbprint] != nil else { return }
        insert(peer, rendering)
    }

    /// Forgets a certificate.
    mutating func remove(_ digest: SHA256Digest) {
        if let slot = index[digest] { remove(at: slot) }
    }

    /// Forgets everything; the counters of looks go on.
    mutating func removeAll() {
        slots.removeAll()
        free.removeAll()
        index.removeAll()
        hand = 0
        counters.entries = 0
        counters.bytes = 0
    }

    private mutating func remove(at slot: Int) {
        guard let entry = slots[slot] else { return }
        index[entry.digest] = nil
        slots[slot] = nil
        free.append(slot)
        counters.entries -= 1
        counters.bytes -= entry.byteCount
    }

    /// Removes one entry.
    ///
    /// Called only while there is one: bytes are counted of entries alone.
    private mutating func evict() {
        // Two rounds: the first may do no more than take every mark away.
        for _ in 0..<(slots.count * 2) {
            hand = hand + 1 < slots.count ? hand + 1 : 0
            guard let entry = slots[hand] else { continue }
            guard entry.isReferenced else {
                remove(at: hand)
                counters.evictions &+= 1
                return
            }
            slots[hand]?.isReferenced = false
        }
    }
}
