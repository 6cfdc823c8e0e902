public import IGCSante

/// One entry of `structures`: which structures it stands for.
public enum StructurePattern: Hashable, Sendable {
    /// One structure, by its identifier with prefix: `10B0221636`.
    case exact(String)
    /// The structures whose identifier begins so: `3*`.
    case prefix(String)
    /// The structures of a register: `type:SIRET`.
    case type(StructureIdentifier.Kind)
    /// A company by its SIREN, and all its establishments by their SIRET: `siren:187512751`.
    case siren(String)

    /// Reads an entry; nil when it is none.
    public init?(_ text: String) {
        if let register = text.dropping(prefix: "type:") {
            guard let kind = StructureIdentifier.Kind(rawValue: register) else { return nil }
            self = .type(kind)
        } else if let siren = text.dropping(prefix: "siren:") {
            guard siren.utf8.count == 9, siren.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            self = .siren(siren)
        } else if text.hasSuffix("*") {
            let prefix = String(text.dropLast())
            guard !prefix.contains("*") else { return nil }
            self = .prefix(prefix)
        } else {
            guard !text.isEmpty, !text.contains("*") else { return nil }
            self = .exact(text)
        }
    }

    /// Whether it stands for a structure.
    public func matches(_ structure: StructureIdentifier) -> Bool {
        switch self {
        case .exact(let identifier): structure.raw.utf8.elementsEqual(identifier.utf8)
        case .prefix(let prefix): structure.raw.utf8.starts(with: prefix.utf8)
        case .type(let kind): structure.type == kind
        case .siren(let siren): structure.siren?.utf8.elementsEqual(siren.utf8) ?? false
        }
    }
}

/// One entry of `names`: a CN, in which each `*` stands for any text, none included.
public struct NamePattern: Hashable, Sendable {
    private let pattern: [UInt8]

    /// Reads an entry; nil when it is empty.
    public init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        pattern = Array(text.utf8)
    }

    /// Whether it stands for a name.
    ///
    /// Case counts: names are chosen by their holders, `INSI-AUTO` not `insi-auto`.
    public func matches(_ name: String) -> Bool {
        let name = Array(name.utf8)
        var index = 0
        var place = 0
        // Where to go on when what follows the last star does not fit: only the last one need ever be moved, so the cost
        // is the product of the lengths at worst.
        var star: (place: Int, index: Int)?
        while index < name.count {
            if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                star = (place, index)
                place += 1
            } else if place < pattern.count, pattern[place] == name[index] {
                place += 1
                index += 1
            } else if let last = star {
                star = (last.place, last.index + 1)
                place = last.place + 1
                index = last.index + 1
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}

extension String {
    fileprivate func dropping(prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
