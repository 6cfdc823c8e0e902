internal import EventLoop

/// The times by which a caller has to get on, and when it is to be looked at again.
///
/// One deadline holds at a time, that of what is going on: a PROXY header, the handshake, a head, a body, the next
/// request. Whoever sets it replaces the one before.
struct CallerDeadlines: ~Copyable {
    /// Which timer of a connection has run out.
    enum Token: Int {
        /// What is going on has taken too long.
        case deadline
        /// The caller's certificate may have ended.
        case expiry
        /// What waits for the caller has not been taken for too long.
        case stall
    }

    private var current: Timer
    private var expiry: Timer
    /// A head's deadline runs from its first byte: more of them do not push it back.
    private var isAwaitingHead = false

    init(loop: EventLoop, handler: any TimerHandler) {
        current = Timer(loop: loop, handler: handler, token: Token.deadline.rawValue)
        expiry = Timer(loop: loop, handler: handler, token: Token.expiry.rawValue)
    }

    /// Gives what is going on so long.
    mutating func expect(within interval: Interval) {
        current.schedule(after: interval)
    }

    /// Gives what is going on so long.
    mutating func expect(within duration: Duration) {
        current.schedule(after: duration)
    }

    /// Gives what is going on until then.
    mutating func expect(by deadline: MonotonicTime) {
        current.schedule(at: deadline)
    }

    /// What goes on now takes the time that it takes, or is somebody else's to end.
    mutating func expectNothing() {
        current.cancel()
    }

    /// The first byte of a head is there, or the first request is awaited.
    mutating func expectHead(by plan: ListenerPlan) {
        guard !isAwaitingHead else { return }
        isAwaitingHead = true
        current.schedule(after: plan.headerTimeout)
    }

    /// Nothing is asked at present.
    mutating func expectRequest(by plan: ListenerPlan) {
        isAwaitingHead = false
        current.schedule(after: plan.keepaliveTimeout)
    }

    /// A body is coming, or the response is awaited, whose deadlines are the upstream's.
    mutating func expectBody(_ isComing: Bool, by plan: ListenerPlan) {
        isAwaitingHead = false
        if isComing {
            current.schedule(after: plan.bodyTimeout)
        } else {
            current.cancel()
        }
    }

    /// Has the caller looked at again when its certificate ends, in so many seconds.
    mutating func watchExpiry(secondsLeft: Int64) {
        // A wall clock may be set: look again within a day, whatever it says.
        expiry.schedule(after: .seconds(min(max(secondsLeft + 1, 1), 86_400)))
    }
}

// MARK: - For the session

extension DownstreamConnection {
    /// Has the session's `timedOut` called then, instead of whenever it was to be called.
    func schedule(after interval: Interval) { deadlines?.expect(within: interval) }

    /// Has the session's `timedOut` called then, instead of whenever it was to be called.
    func schedule(at deadline: MonotonicTime) { deadlines?.expect(by: deadline) }

    /// The first byte of a head is there, or the first request is awaited.
    func expectHead() { deadlines?.expectHead(by: plan) }

    /// Nothing is asked at present.
    func expectRequest() { deadlines?.expectRequest(by: plan) }

    /// A body is coming, or the response is awaited, whose deadlines are the upstream's.
    func expectBody(_ isComing: Bool) { deadlines?.expectBody(isComing, by: plan) }
}
