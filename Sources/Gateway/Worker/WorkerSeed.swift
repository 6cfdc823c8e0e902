internal import EventLoop
internal import Observability
internal import Revocation

/// What a worker is made of, on its own thread.
struct WorkerSeed: Sendable {
    let number: Int
    let inbox: WorkerInbox
    let epoch: Epoch
    /// What is known of revocation, by the name of the trust.
    let revocations: [String: RevocationSnapshot]
    /// Listening sockets by the name of the listener; the worker owns them from now on.
    let sockets: [String: [SocketShare]]
    let journal: JournalSettings
    /// Where the worker tells what the operator should know.
    let control: ControlInbox?
    /// Where the worker says how things stand.
    let scoreboard: Scoreboard
    /// Where spans are left; nil where none are sent.
    var spans: SpanQueue?
}
