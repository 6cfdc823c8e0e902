internal import COpenSSL
internal import Glibc
internal import Synchronization

/// Sessions that a process remembers itself instead of sealing them into tickets.
///
/// Nothing has to be opened, read, written and sealed again when one is resumed, which a ticket needs. In return it takes
/// memory, and other processes know nothing of it. A session without room here gets a ticket.
///
/// Shared by the workers of a listener, since a caller comes back to any of them. A table of sets of eight: the identifiers
/// are random and of our making, so that sets fill evenly, and a set is all that a look-up reads.
public final class SessionStore: Sendable {
    /// One session's place.
    private struct Slot: Sendable {
        let identifier: SessionIdentifier
        let session: KeptSession
        /// What ``TLSServerDelegate/ticketData()`` answered for it.
        let data: [UInt8]
        /// When it is worth nothing any more, in seconds of the monotonic clock.
        var deadline: Int
    }

    private static let ways = 8
    /// Seconds that a session can be resumed after it was, in TLS 1.3, where each resumption makes another: a caller may
    /// open several connections at once with the last one it has.
    private static let grace = 10

    /// The most sessions that are remembered.
    public let capacity: Int
    private let slots: Mutex<[Slot?]>

    /// Makes a store of no more sessions than a number, which is rounded up to a multiple of eight.
    public init(capacity: Int) {
        let sets = max(1, (capacity + Self.ways - 1) / Self.ways)
        self.capacity = sets * Self.ways
        slots = Mutex(Array(repeating: nil, count: sets * Self.ways))
    }

    /// How many sessions are held, those that have ended among them until others take their places.
    public var count: Int { slots.withLock { slots in slots.count { $0 != nil } } }

    /// Remembers a session that nobody changes from here on.
    /// - Returns: false if there is no room, or the session has no identifier of 32 bytes.
    @unsafe
    func keep(_ session: OpaquePointer, data: [UInt8]) -> Bool {
        var length: UInt32 = 0
        let bytes = unsafe SSL_SESSION_get_id(session, &length)
        guard
            let identifier = unsafe SessionIdentifier(UnsafeBufferPointer(start: bytes, count: Int(length)))
        else { return false }
        let now = Self.now()
        guard let kept = unsafe KeptSession(session) else { return false }
        let slot = unsafe Slot(
            identifier: identifier, session: kept, data: data, deadline: now + SSL_SESSION_get_timeout(session))
        let set = set(of: identifier)
        var former: Slot? = slot
        slots.withLock { slots in
            guard let index = set.first(where: { index in slots[index].map { $0.deadline <= now } ?? true }) else {
                return
            }
            swap(&former, &slots[index])
        }
        // The session whose place was taken is let go of here, outside the lock; the new one is still here if none was.
        return former?.session !== kept
    }

    /// The session of an identifier, with what is remembered of it.
    /// - Returns: nothing if it is unknown or its time is over.
    func session(_ identifier: SessionIdentifier) -> (session: KeptSession, data: [UInt8])? {
        let now = Self.now()
        return slots.withLock { slots in
            guard let slot = place(of: identifier, in: slots).flatMap({ slots[$0] }), slot.deadline > now else {
                return nil
            }
            return (slot.session, slot.data)
        }
    }

    /// A session was resumed, its secret proved, and another takes its place.
    func supersede(_ identifier: SessionIdentifier) {
        let last = Self.now() + Self.grace
        slots.withLock { slots in
            guard let index = place(of: identifier, in: slots), let slot = slots[index] else { return }
            slots[index]?.deadline = min(slot.deadline, last)
        }
    }

    private func place(of identifier: SessionIdentifier, in slots: [Slot?]) -> Int? {
        set(of: identifier).first { slots[$0]?.identifier == identifier }
    }

    private func set(of identifier: SessionIdentifier) -> Range<Int> {
        let first = Int(identifier.hash % UInt64(capacity / Self.ways)) * Self.ways
        return first..<(first + Self.ways)
    }

    private static func now() -> Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
        return time.tv_sec
    }
}

/// The name of a session that a server remembers: 32 random bytes.
struct SessionIdentifier: Equatable, Sendable {
    /// `SSL_MAX_SSL_SESSION_ID_LENGTH`, the length of all that OpenSSL makes.
    static let length = 32

    private let words: InlineArray<4, UInt64>

    @unsafe
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count == Self.length else { return nil }
        words = InlineArray { word in
            var value: UInt64 = 0
            for index in 0..<8 { value = unsafe value << 8 | UInt64(bytes[word * 8 + index]) }
            return value
        }
    }

    /// A number that is as good as random for identifiers that we made.
    var hash: UInt64 { words[0] }

    static func == (left: Self, right: Self) -> Bool {
        left.words.indices.allSatisfy { left.words[$0] == right.words[$0] }
    }
}

/// Holds an `SSL_SESSION` that any thread may resume.
@safe
final class KeptSession: @unchecked Sendable {
    // Sound: nobody writes to a session once it is kept, but for OpenSSL, which only ever makes it unfit to be resumed,
    // and counts references atomically.
    let pointer: OpaquePointer

    /// Takes a reference of its own.
    @unsafe
    init?(_ session: OpaquePointer) {
        guard unsafe SSL_SESSION_up_ref(session) == 1 else { return nil }
        unsafe pointer = session
    }

    deinit { unsafe SSL_SESSION_free(pointer) }
}
