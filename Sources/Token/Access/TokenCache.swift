public import Crypto
public import DER

/// Tokens that one worker has read lately, by their digest, and what they said.
///
/// Bounded: entries make way by CLOCK, as in a second-chance queue, so that a flood of tokens does not push out those in
/// use. It holds what was found, never a decision: dates and certificate are asked of each finding again.
public struct TokenCache: ~Copyable {
    private struct Entry {
        let digest: SHA256Digest
        let finding: Finding
        /// From when on it has to be found anew.
        let ends: Timestamp
        var isReferenced: Bool
    }

    /// What was found of a token.
    public enum Finding: Sendable {
        /// It was read, and this is what it says.
        case token(AccessToken)
        /// It does not pass, whoever brings it.
        case refused(TokenRefusal)
    }

    private let capacity: Int
    private var entries: [Entry] = []
    private var index: [SHA256Digest: Int] = [:]
    private var hand = 0

    /// A cache of at most so many tokens, at least one.
    public init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// Tokens in it.
    public var count: Int { entries.count }

    /// What was found of a token; nil when that is not known, or no longer to be relied upon.
    public mutating func find(_ digest: SHA256Digest, at now: Timestamp) -> Finding? {
        guard let slot = index[digest], now < entries[slot].ends else { return nil }
        entries[slot].isReferenced = true
        return entries[slot].finding
    }

    /// Remembers what was found, in place of what was known of the same token.
    public mutating func insert(_ finding: Finding, for digest: SHA256Digest, until ends: Timestamp) {
        let entry = Entry(digest: digest, finding: finding, ends: ends, isReferenced: false)
        if let slot = index[digest] {
            entries[slot] = entry
        } else if entries.count < capacity {
            index[digest] = entries.count
            entries.append(entry)
        } else {
            // Ends within two rounds: the first takes every mark away.
            while entries[hand].isReferenced {
                entries[hand].isReferenced = false
                hand = hand + 1 < entries.count ? hand + 1 : 0
            }
            index[entries[hand].digest] = nil
            entries[hand] = entry
            index[digest] = hand
            hand = hand + 1 < entries.count ? hand + 1 : 0
        }
    }

    /// Forgets everything: other keys or other rules are in force.
    public mutating func removeAll() {
        entries.removeAll()
        index.removeAll()
        hand = 0
    }
}
