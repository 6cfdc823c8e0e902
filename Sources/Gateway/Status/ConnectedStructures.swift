internal import IGCSante
internal import Trust

/// How many connections the callers of each structure have open, in one worker.
///
/// Counted when a caller is admitted and when its connection ends; a structure without connections has no entry.
struct ConnectedStructures: Sendable {
    /// A structure with open connections.
    struct Entry: Sendable {
        /// Its name, as the certificate of the caller that came first has it.
        let name: String?
        var open: Int
    }

    /// Where a connection is counted.
    enum Place {
        /// Under its structure's identifier.
        case of(String)
        /// Among those beyond the bound.
        case other
        /// Among the callers whose certificates name no structure.
        case unnamed
    }

    private(set) var entries: [String: Entry] = [:]
    /// Connections of structures beyond the bound.
    private(set) var others = 0
    /// Connections of callers whose certificates name no structure.
    private(set) var unnamed = 0

    /// Counts a connection until ``leave(_:)``.
    mutating func enter(_ peer: VerifiedPeer) -> Place {
        guard let structure = peer.structure else {
            unnamed += 1
            return .unnamed
        }
        let identifier = structure.raw
        if entries[identifier] == nil {
            guard entries.count < Limits.countedStructures else {
                others += 1
                return .other
            }
            entries[identifier] = Entry(name: peer.structureName, open: 0)
        }
        entries[identifier]?.open += 1
        return .of(identifier)
    }

    /// The connection is over.
    mutating func leave(_ place: Place) {
        switch place {
        case .other: others -= 1
        case .unnamed: unnamed -= 1
        case .of(let identifier):
            guard let entry = entries[identifier] else { return }
            if entry.open > 1 { entries[identifier]?.open -= 1 } else { entries[identifier] = nil }
        }
    }

    /// Adds another worker's counts.
    mutating func add(_ other: ConnectedStructures) {
        for (identifier, entry) in other.entries {
            entries[identifier, default: Entry(name: entry.name, open: 0)].open += entry.open
        }
        others += other.others
        unnamed += other.unnamed
    }
}
