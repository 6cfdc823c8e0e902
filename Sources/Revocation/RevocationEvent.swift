public import X509

/// What happened to the CRLs, for logs and counters.
public enum RevocationEvent: Sendable {
    /// A CRL was offered, and what came of it.
    case offered(Offer, from: RevocationOrigin)
    /// A watched file or folder cannot be read.
    case unreadable(path: String, FileReadError)
    /// A source was asked and answered that nothing has changed.
    case notModified(RevocationSource)
    /// A source failed; the next one is tried, and this one again after so many seconds.
    case fetchFailed(RevocationSource, SourceError, retryAfterSeconds: Int64)
    /// A CRL in use could not be written to the state directory.
    case notKept(SystemFailure)
    /// A fifth of a CRL's validity is left, or less.
    case expiring(OfferedList, secondsLeft: Int64)
    /// A CRL is past its nextUpdate.
    case stale(OfferedList)
    /// A configured CA has no CRL after what was at hand at the start was read.
    case missing(Certificate)
    /// A new snapshot goes to the workers.
    case published(epoch: UInt64)
}

extension RevocationEvent: CustomStringConvertible {
    /// A sentence for an operator.
    public var description: String {
        switch self {
        case .offered(.accepted(let list), let origin): "\(list) is in use, from \(origin)"
        case .offered(.unchanged(let list), let origin): "\(list) is unchanged at \(origin)"
        case .offered(.waiting(let list, let number), let origin):
            "\(list) from \(origin) waits for a base of number \(number) or above"
        case .offered(.refused(let refusal), let origin): "the CRL from \(origin) is refused: \(refusal)"
        case .unreadable(let path, let error): "\(path): \(error)"
        case .notModified(let source): "\(source) has not changed"
        case .fetchFailed(let source, let error, let seconds): "\(source): \(error); again in \(seconds) s"
        case .notKept(let failure): "a CRL could not be kept in the state directory: \(failure)"
        case .expiring(let list, let seconds): "\(list) expires in \(seconds) s"
        case .stale(let list): "\(list) expired at \(list.facts.nextUpdate)"
        case .missing(let authority): "there is no CRL of \(authority.subject)"
        case .published(let epoch): "revocation epoch \(epoch)"
        }
    }
}

extension OfferedList: CustomStringConvertible {
    /// The CRL's kind, number and CA.
    public var description: String {
        "\(facts.baseNumber == nil ? "CRL" : "delta CRL") \(facts.number) of \(authority.subject)"
    }
}
