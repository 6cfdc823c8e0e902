internal import Glibc
internal import Synchronization

/// A fixed number of 64-bit words, zero at first, that any thread may read and change.
///
/// Sendable: the words are atomic, and what they lie in is neither moved nor freed before the last reference goes. The
/// kernel gives the pages as they are touched, so that a table costs what is in use of it.
@safe
final class AtomicWords: @unchecked Sendable {
    let count: Int
    private let base: UnsafeMutablePointer<Atomic<UInt64>>

    init(count: Int) {
        self.count = count
        // Zeroed memory is what `Atomic(0)` is.
        if let memory = unsafe calloc(count, MemoryLayout<Atomic<UInt64>>.stride) {
            unsafe base = memory.bindMemory(to: Atomic<UInt64>.self, capacity: count)
        } else {
            unsafe base = .allocate(capacity: count)
            for index in 0..<count { unsafe (base + index).initialize(to: Atomic(0)) }
        }
    }

    deinit {
        unsafe free(base)
    }

    @inline(__always)
    func load(_ index: Int) -> UInt64 {
        assert(index >= 0 && index < count)
        return unsafe base[index].load(ordering: .acquiring)
    }

    /// Replaces `old` by `new`; says whether it was still there.
    @inline(__always)
    func replace(_ index: Int, _ old: UInt64, by new: UInt64) -> Bool {
        assert(index >= 0 && index < count)
        return unsafe base[index].compareExchange(
            expected: old, desired: new, ordering: .acquiringAndReleasing
        ).exchanged
    }
}
