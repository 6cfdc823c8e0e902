internal import Synchronization

/// The keys that seal session tickets, in three generations.
///
/// Tickets are sealed with the current key and opened with any of the three: tickets outlive a rotation by the previous
/// key, and nodes that share a file need not all read the new one at the same instant thanks to the next. A key that
/// leaves the ring is overwritten in memory: what it sealed stays sealed.
///
/// Shared by all workers; its lock is taken for a few instructions per ticket, never per request.
public final class TicketKeyring: Sendable {
    private struct Generations {
        var current: TicketKey
        var previous: TicketKey?
        var next: TicketKey?
    }

    private let generations: Mutex<Generations>
    private let isShared: Bool

    /// A ring of random keys, for one process.
    public init() throws(TLSError) {
        generations = Mutex(Generations(current: try TicketKey(), previous: nil, next: try TicketKey()))
        isShared = false
    }

    /// A ring of keys that several nodes share through a file.
    ///
    /// The file is one, two or three keys, one after the other without anything between: the current one, the previous,
    /// the next. A key is 80 bytes: 16 of name, 32 of HMAC-SHA256 key, 32 of AES-256 key (the format of nginx's
    /// `ssl_session_ticket_key`). They must be secret and random: `openssl rand 240`. To rotate, write a file of next,
    /// current and 80 fresh bytes on every node, then have every node read it.
    public init(fileBytes: Span<UInt8>) throws(TLSError) {
        generations = Mutex(try Self.read(fileBytes))
        isShared = true
    }

    /// Makes the next key current and the current one previous, and a fresh one next.
    ///
    /// Nothing happens to a ring that was read from a file: other nodes could not open what the new key seals.
    public func rotate() throws(TLSError) {
        guard !isShared else { return }
        let fresh = try TicketKey()
        generations.withLock { generations in
            let current = generations.current
            generations = Generations(current: generations.next ?? fresh, previous: current, next: fresh)
        }
    }

    /// Replaces all keys by those of a file that changed; if it is not one, they stay.
    public func reload(fileBytes: Span<UInt8>) throws(TLSError) {
        let read = try Self.read(fileBytes)
        generations.withLock { $0 = read }
    }

    /// The key that seals.
    var current: TicketKey {
        generations.withLock { $0.current }
    }

    /// The key that opens a ticket, and whether the ticket should be replaced by one sealed with the current key.
    @unsafe
    func key(named name: UnsafePointer<UInt8>) -> (key: TicketKey, isCurrent: Bool)? {
        let (current, previous, next) = generations.withLock { ($0.current, $0.previous, $0.next) }
        if unsafe current.isNamed(name) { return (current, true) }
        if let previous, unsafe previous.isNamed(name) { return (previous, false) }
        if let next, unsafe next.isNamed(name) { return (next, false) }
        return nil
    }

    private static func read(_ file: Span<UInt8>) throws(TLSError) -> Generations {
        let count = file.count / TicketKey.size
        guard (1...3).contains(count), file.count == count * TicketKey.size else {
            throw .invalidTicketKeys(bytes: file.count)
        }
        var keys: [TicketKey] = []
        for index in 0..<count {
            let key = try TicketKey(in: file, at: index * TicketKey.size)
            guard !keys.contains(where: key.hasSameName) else { throw .invalidTicketKeys(bytes: file.count) }
            keys.append(key)
        }
        return Generations(current: keys[0], previous: count > 1 ? keys[1] : nil, next: count > 2 ? keys[2] : nil)
    }
}
