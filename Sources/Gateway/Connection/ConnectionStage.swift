internal import EventLoop

/// Where a connection stands between its first step and its last.
enum ConnectionStage: Equatable {
    /// What precedes bytes is going on, a connect or a handshake, and waits for this.
    case establishing(Readiness)
    /// Bytes may flow.
    case open
    /// A write at once has found it lost; the next turn says so.
    case lost(TransportFailure)
    /// It ends when its turn is over.
    case closing
    /// It has ended.
    case closed

    enum Event {
        /// What precedes bytes takes another step when this comes.
        case waits(Readiness)
        /// What precedes bytes is done.
        case established
        /// A write at once failed.
        case lost(TransportFailure)
        /// The loss has been said.
        case lossSaid
        /// Somebody wants it to end.
        case closeAsked
        /// Nothing of it is in use any more.
        case released
    }

    /// Whether what precedes bytes is done.
    var isEstablished: Bool {
        if case .establishing = self { false } else { true }
    }

    /// Whether its end is decided.
    var isEnding: Bool { self == .closing || self == .closed }

    /// Whether bytes may still be queued for the peer.
    var takesOutput: Bool {
        switch self {
        case .establishing, .open: true
        case .lost, .closing, .closed: false
        }
    }

    /// The failure that is still to be said.
    var unsaidFailure: TransportFailure? {
        if case .lost(let failure) = self { failure } else { nil }
    }

    /// Moves on; what comes too late changes nothing, so that an end once decided stays decided.
    mutating func advance(by event: Event) {
        switch (self, event) {
        case (.establishing, .waits(let readiness)): self = .establishing(readiness)
        case (.establishing, .established): self = .open
        case (.open, .lost(let failure)): self = .lost(failure)
        case (.lost, .lossSaid): self = .open
        case (.establishing, .closeAsked), (.open, .closeAsked), (.lost, .closeAsked): self = .closing
        case (.closing, .released): self = .closed
        default: break
        }
    }
}
