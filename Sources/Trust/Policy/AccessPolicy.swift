internal import IGCSante

/// Step 5 of a verification: which verified callers may use a route.
///
/// Every list that is there must hold the caller; within a list one entry is enough. It matches and does nothing else.
public struct AccessPolicy: Hashable, Sendable {
    /// The kinds accepted; narrower than the listener's.
    public var accepted: AcceptedKinds
    /// The structures accepted; nil for all.
    public var structures: [StructurePattern]?
    /// The names accepted; nil for all.
    public var names: [NamePattern]?

    /// Gathers the rules of a route.
    public init(accepted: AcceptedKinds = .any, structures: [StructurePattern]? = nil, names: [NamePattern]? = nil) {
        self.accepted = accepted
        self.structures = structures
        self.names = names
    }

    /// Which list of a policy a decision comes from, by its key in the configuration.
    public enum Rule: String, Hashable, Sendable {
        /// The kinds.
        case accept
        /// The structures.
        case structures
        /// The names.
        case names
        /// The enrolment list, which whoever holds one asks after the others.
        case callersFile = "callers_file"
    }

    /// What a policy says of a caller.
    public enum Decision: Hashable, Sendable {
        /// Every list holds the caller.
        case admitted
        /// A list does not.
        case refused(Refusal, by: Rule)
    }

    /// Decides about a caller.
    public func decide(about peer: VerifiedPeer) -> Decision {
        guard accepted.contains(peer.kind) else { return .refused(.kindNotAccepted(peer.kind), by: .accept) }
        if let structures {
            guard let structure = peer.structure, structures.contains(where: { $0.matches(structure) }) else {
                let raw = peer.structure?.raw ?? ""
                return .refused(.structureNotAllowed(structure: raw), by: .structures)
            }
        }
        if let names {
            guard let name = peer.clientName, names.contains(where: { $0.matches(name) }) else {
                return .refused(.nameNotAllowed(name: peer.clientName ?? ""), by: .names)
            }
        }
        return .admitted
    }
}
