import Foundation
import Synchronization

/// Holds a thread of an upstream until the test lets it go on.
final class Gate: Sendable {
    private let isOpen = Mutex(false)

    func open() {
        isOpen.withLock { $0 = true }
    }

    /// Waits, for a bounded time.
    func pass() throws {
        try eventually("the gate opens") { isOpen.withLock { $0 } }
    }
}
