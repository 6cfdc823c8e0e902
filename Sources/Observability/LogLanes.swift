internal import Synchronization

/// The lanes that lead to one thread: workers fill them, it empties them, and hears when there is something.
final class LogLanes: Sendable {
    private struct State {
        var rings: [LogRing] = []
        /// Of lanes that are gone.
        var dropped: UInt64 = 0
    }

    let bell: LogBell
    private let state = Mutex(State())

    init() throws(LogError) {
        bell = try LogBell()
    }

    func lane(capacity: Int) -> LogLane {
        let ring = LogRing(capacity: capacity)
        state.withLock { $0.rings.append(ring) }
        return LogLane(ring: ring, bell: bell)
    }

    /// Lines for which a lane had no room.
    var droppedLines: UInt64 {
        state.withLock { state in state.rings.reduce(state.dropped) { $0 + $1.droppedLines } }
    }

    var hasLines: Bool {
        state.withLock { $0.rings.contains { !$0.isEmpty } }
    }

    /// Has what the lanes hold taken, and forgets the empty ones whose workers are gone; says whether there was anything.
    func gather(_ take: (LogRing) -> Void) -> Bool {
        let rings = state.withLock { state in
            state.rings.removeAll { ring in
                // In this order: what was appended before the lane was let go is seen.
                guard ring.isAbandoned.load(ordering: .acquiring), ring.isEmpty else { return false }
                state.dropped += ring.droppedLines
                return true
            }
            return state.rings
        }
        var found = false
        for ring in rings where !ring.isEmpty {
            found = true
            take(ring)
        }
        return found
    }
}
