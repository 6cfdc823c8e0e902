import EventLoop
import TLS

/// What a client says on an open connection.
///
/// Tells the client what each attempt has come to by `LoadClient.concluded`.
protocol LoadConversation: AnyObject {
    /// Whether an attempt can begin now.
    var takesAttempt: Bool { get }
    /// Whether the connection is there for attempts to come, and has none in hand.
    var isResting: Bool { get }
    /// Begins an attempt.
    func begin(_ attempt: Attempt)
    /// The connection is readable or writable.
    func ready()
    /// Ends the attempts whose time is over.
    ///
    /// - Returns: when to ask again, if there are others.
    func expire(at now: MonotonicTime) -> MonotonicTime?
    /// Says its last words, as far as they leave at once.
    func takeLeave()
    /// The connection is gone, for this reason: the attempts in hand have come to it.
    func connectionEnded(_ outcome: LoadOutcome)
    /// The test is over: the attempts in hand.
    var attemptsInHand: [Attempt] { get }
}

/// Nothing but the end: `close_notify`, and the server's, since a refusal may come instead.
final class FarewellConversation: LoadConversation {
    private unowned let client: LoadClient
    private let attempt: Attempt

    init(_ client: LoadClient, _ attempt: Attempt) {
        self.client = client
        self.attempt = attempt
    }

    var takesAttempt: Bool { false }
    var isResting: Bool { false }
    var attemptsInHand: [Attempt] { [attempt] }

    func begin(_ attempt: Attempt) {
        client.transport.takeLeave()
        ready()
    }

    func ready() {
        do throws(TLSError) {
            while true {
                switch try client.transport.read() {
                case .done: continue
                case .wantsRead: return client.transport.wait(for: .read)
                case .wantsWrite: return client.transport.wait(for: .write)
                case .closed: return client.connectionEnded(.closed)
                }
            }
        } catch {
            client.connectionEnded(LoadOutcome(error))
        }
    }

    func expire(at now: MonotonicTime) -> MonotonicTime? {
        client.concluded(attempt, .timedOut(.leaving), keepsConnection: false)
        return nil
    }

    func takeLeave() {}

    func connectionEnded(_ outcome: LoadOutcome) {
        // A server need not answer close_notify in kind.
        client.concluded(attempt, outcome == .closed ? .greeted : outcome, keepsConnection: false)
    }
}
