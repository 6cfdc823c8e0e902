import HTTP2
import Observability

/// What one thread has counted and timed.
struct LoadTally: Sendable {
    struct Key: Hashable, Sendable {
        var role: CallerRole
        var outcome: LoadOutcome
    }

    /// From when a connection was to be made to when TCP had it.
    var connect = Histogram(precision: LoadTally.precision)
    /// From there to the end of the handshake, as the client sees it.
    var fullHandshake = Histogram(precision: LoadTally.precision)
    var resumedHandshake = Histogram(precision: LoadTally.precision)
    /// From when the attempt was to begin to the first byte of the response.
    var firstByte = Histogram(precision: LoadTally.precision)
    /// From when the attempt was to begin to its end.
    var whole = Histogram(precision: LoadTally.precision)

    var outcomes: [Key: Int] = [:]
    var responses = 0
    /// Sessions that were offered and not taken.
    var notResumed = 0
    var receivedBytes = 0
    /// Attempts that were due and never begun.
    var unsent = 0
    /// Connections that the server ended while they were idle.
    var lostConnections = 0
    /// GOAWAY frames of HTTP/2, by their codes.
    var goaways: [HTTP2ErrorCode: Int] = [:]
    /// Connections that were open at the end.
    var heldConnections = 0
    var timeline = LoadTimeline()

    /// Bits of a value that are kept, which makes 0.8 % the greatest error.
    private static let precision = 7

    mutating func record(_ outcome: LoadOutcome, of role: CallerRole) {
        outcomes[Key(role: role, outcome: outcome), default: 0] += 1
    }

    static func += (sum: inout LoadTally, other: LoadTally) {
        sum.connect += other.connect
        sum.fullHandshake += other.fullHandshake
        sum.resumedHandshake += other.resumedHandshake
        sum.firstByte += other.firstByte
        sum.whole += other.whole
        sum.outcomes.merge(other.outcomes, uniquingKeysWith: +)
        sum.responses += other.responses
        sum.notResumed += other.notResumed
        sum.receivedBytes += other.receivedBytes
        sum.unsent += other.unsent
        sum.lostConnections += other.lostConnections
        sum.goaways.merge(other.goaways, uniquingKeysWith: +)
        sum.heldConnections += other.heldConnections
        sum.timeline += other.timeline
    }
}
