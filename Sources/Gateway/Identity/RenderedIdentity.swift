internal import Configuration
internal import HTTP
internal import Trust

/// The identity headers of one verified caller, in the form they are written in: made once, copied at each request.
///
/// Made from a `VerifiedPeer` and nothing else, so an identity header that was not verified cannot be written.
final class RenderedIdentity: PeerRendering, Sendable {
    /// For each rendering of the configuration the field lines, each ended by CRLF.
    private let lines: [[UInt8]]

    init(of peer: VerifiedPeer, by renderings: [[IdentityConfiguration]]) {
        lines = renderings.map { items in
            var writer = IdentityWriter(peer)
            for item in items { writer.write(item) }
            return writer.lines
        }
    }

    /// The field lines of one of the renderings.
    func lines(of rendering: Int) -> [UInt8] {
        lines.indices.contains(rendering) ? lines[rendering] : []
    }

    /// The fields of one of the renderings, the same as its lines.
    func fields(of rendering: Int) -> FieldSection {
        var section = FieldSection()
        for line in lines(of: rendering).split(separator: UInt8(ascii: "\n")) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let name = Array(line[..<colon])
            guard let name = FieldName(name.span) else { continue }
            // Behind the colon stands a space, before the line feed a carriage return.
            section.append(name: name, value: Array(line[(colon + 1)...].dropFirst().dropLast()))
        }
        return section
    }

    var byteCount: Int { lines.reduce(64) { $0 + $1.count } }
}

/// The identity renderings of one configuration: each distinct `identity` list once, so that routes that share one share
/// the bytes.
struct IdentityRenderings: Sendable, Equatable {
    private(set) var lists: [[IdentityConfiguration]] = []

    /// The number of a list; nil for an empty one.
    mutating func number(of list: [IdentityConfiguration]) -> Int? {
        guard !list.isEmpty else { return nil }
        if let index = lists.firstIndex(of: list) { return index }
        lists.append(list)
        return lists.count - 1
    }

    /// Writes the headers of a caller in every rendering.
    func render(_ peer: VerifiedPeer) -> RenderedIdentity {
        RenderedIdentity(of: peer, by: lists)
    }
}
