internal import EventLoop
internal import Revocation
internal import Synchronization
internal import Token

/// What other threads ask of a worker.
enum WorkerMessage: Sendable {
    /// Serve by this configuration from now on.
    case adopt(Epoch)
    /// This is known of revocation, under that trust, from now on.
    case revocation(trust: String, RevocationSnapshot)
    /// These are the enrolment lists of the configuration in force, from now on.
    case enrolments([EnrolmentTable])
    /// The issuers of tokens that have their keys from there have these.
    case keys(KeySet, of: KeySetSource)
    /// A server of this upstream has these addresses from now on.
    case addresses([SocketAddress], of: UpstreamName, in: UpstreamPlan)
    /// The wall clock was set: look again who may go on.
    case clockSet
    /// Accept no more, let exchanges end, and stop; at the latest after this time.
    case drain(Duration, DrainManner)
}

/// How a worker is to end.
enum DrainManner: Sendable {
    /// Nobody serves after it: its sockets end, idle connections are closed.
    case ending
    /// Another process serves by the same sockets, which go on; idle connections get time for their next request, with
    /// whose answer they learn to open another.
    case handingOver
}

/// The only way into a worker from another thread: a queue and a bell.
final class WorkerInbox: Sendable {
    let bell: Wakeup
    private let messages = Mutex<[WorkerMessage]>([])

    init() throws(EventLoopError) {
        bell = try Wakeup()
    }

    /// Leaves a message; from any thread.
    func post(_ message: WorkerMessage) {
        messages.withLock { $0.append(message) }
        bell.signal()
    }

    /// Takes what was left, in order; on the worker's thread.
    func take() -> [WorkerMessage] {
        messages.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}
