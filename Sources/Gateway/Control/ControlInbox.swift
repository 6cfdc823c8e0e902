internal import EventLoop
internal import Revocation
internal import Synchronization
internal import Token

/// What other threads tell the control thread.
enum ControlMessage: Sendable {
    /// This is known of revocation from now on, under that trust.
    case snapshot(trust: String, RevocationSnapshot)
    /// Something happened to the CRLs of a trust.
    case revocation(trust: String, RevocationEvent)
    /// The issuers of tokens that have their keys from there have these.
    case keys(KeySet, of: KeySetSource)
    /// Something happened to the keys of token issuers.
    case keyEvent(KeySetEvent, of: KeySetSource)
    /// Something that a worker has seen.
    case news(WorkerNews, from: Int)
    /// A worker has admitted these callers.
    case seen([CallerNote])
    /// The names of upstreams have been looked up again.
    case lookedUp([NameLookup])
    /// A worker has ended.
    case workerEnded(Int)
}

/// What a worker tells the operator.
enum WorkerNews: Sendable {
    /// A token names a key that is not known of its issuer.
    case keysWanted(issuer: String)
    /// A server of an upstream went or came.
    case server(ServerStanding.Change, name: String, upstream: String)
    /// A server of an upstream cannot be talked to, for this reason, which is not the one before.
    case unreachable(reason: String, name: String, upstream: String)
    /// An exchange with a server of an upstream has failed, as others may have that were not told.
    case failing(reason: String, untold: Int, name: String, upstream: String)
    /// A server that was told to fail has answered.
    case worksAgain(name: String, upstream: String)
}

/// The way into the control thread: a queue and a bell.
final class ControlInbox: Sendable {
    let bell: Wakeup
    private let messages = Mutex<[ControlMessage]>([])

    init() throws(EventLoopError) {
        bell = try Wakeup()
    }

    func post(_ message: ControlMessage) {
        messages.withLock { $0.append(message) }
        bell.signal()
    }

    func take() -> [ControlMessage] {
        messages.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}
