/// An OBJECT IDENTIFIER, kept as the octets of its encoding.
public struct ObjectIdentifier: Hashable, Sendable {
    /// The bounds of an identifier.
    public enum Limits {
        /// Octets of the encoding: the longest arcs in use stay below 40, and dotted texts are made for logs.
        public static let maxOctets = 64
    }

    /// The content octets of the DER encoding.
    public let content: [UInt8]

    /// Takes the content octets of an encoding; nil when they are empty, cut, padded or more than the limit.
    public init?(content: [UInt8]) {
        guard let last = content.last, last < 0x80, content.count <= Limits.maxOctets else { return nil }
        var isArcStart = true
        for octet in content {
            // X.690 §8.19.2: the leading octet of an arc is never 80.
            guard !(isArcStart && octet == 0x80) else { return nil }
            isArcStart = octet < 0x80
        }
        self.content = content
    }

    /// Reads the dotted form; nil when it is not one, or when an arc needs more than 63 bits.
    public init?(dotted text: String) {
        var arcs: [UInt64] = []
        for part in text.split(separator: ".", omittingEmptySubsequences: false) {
            guard let arc = UInt64(part), arc < 1 << 63, part.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }) else {
                return nil
            }
            arcs.append(arc)
        }
        guard arcs.count >= 2, arcs[0] <= 2, arcs[1] < 40 || arcs[0] == 2, arcs[1] < 1 << 62 else { return nil }
        var content = ObjectIdentifier.octets(of: arcs[0] * 40 + arcs[1])
        for arc in arcs.dropFirst(2) {
            content += ObjectIdentifier.octets(of: arc)
        }
        self.init(content: content)
    }

    /// The dotted form; an arc above 64 bits is written as `…`.
    public var dotted: String {
        var arcs: [String] = []
        var value: UInt64 = 0
        var isTooLarge = false
        for octet in content {
            isTooLarge = isTooLarge || value >> 57 != 0
            value = value << 7 | UInt64(octet & 0x7F)
            guard octet < 0x80 else { continue }
            if isTooLarge {
                arcs.append("…")
            } else if arcs.isEmpty {
                let root = min(value / 40, 2)
                arcs.append("\(root)")
                arcs.append("\(value - root * 40)")
            } else {
                arcs.append("\(value)")
            }
            value = 0
            isTooLarge = false
        }
        return arcs.joined(separator: ".")
    }

    /// The base-128 octets of one arc.
    private static func octets(of arc: UInt64) -> [UInt8] {
        var octets = [UInt8(arc & 0x7F)]
        var rest = arc >> 7
        while rest > 0 {
            octets.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return octets.reversed()
    }
}

extension ObjectIdentifier: ExpressibleByStringLiteral {
    /// An identifier written in our own source; a wrong one is our bug and stops the program.
    public init(stringLiteral text: StaticString) {
        guard let identifier = ObjectIdentifier(dotted: text.description) else {
            preconditionFailure("not an object identifier: \(text)")
        }
        self = identifier
    }
}

extension ObjectIdentifier: CustomStringConvertible {
    /// The dotted form.
    public var description: String { dotted }
}
