/// What a caller is in an attempt, and so what should become of it.
public enum CallerRole: Int, Hashable, Sendable, CaseIterable {
    /// Admitted, by a full handshake.
    case full
    /// Admitted, by resuming a session.
    case resumed
    /// To be refused: its certificate is revoked.
    case revoked
    /// To be refused: its certificate is of a kind that is not accepted.
    case wrongKind
    /// Sends its handshake byte by byte.
    case slowHandshake
    /// Sends its request byte by byte.
    case slowHead
    /// Reads the response byte by byte.
    case slowReader

    /// Whether it is slow: it is to be served all the same or cut, but not to be let hang on for ever.
    public var isSlow: Bool {
        switch self {
        case .full, .resumed, .revoked, .wrongKind: false
        case .slowHandshake, .slowHead, .slowReader: true
        }
    }

    /// Whether an attempt in this role should come to this.
    public func expects(_ outcome: LoadOutcome) -> Bool {
        switch self {
        case .full, .resumed: outcome.isSuccess
        case .revoked, .wrongKind: outcome.isRefusal
        case .slowHandshake, .slowHead, .slowReader: outcome.isSuccess || outcome.isCut
        }
    }
}

extension CallerRole: CustomStringConvertible {
    /// The name as options and reports write it.
    public var description: String {
        switch self {
        case .full: "full"
        case .resumed: "resumed"
        case .revoked: "revoked"
        case .wrongKind: "wrong-kind"
        case .slowHandshake: "slow-handshake"
        case .slowHead: "slow-head"
        case .slowReader: "slow-reader"
        }
    }
}
