internal import Configuration
internal import HTTP
internal import Trust

/// The identity headers of one verified caller, in the form they are written in: made once, copied at each request.
///
/// Made from a `VerifiedPeer` and nothing else, so an identity header that was not verified cannot be written.
final class RenderedIdentity: PeerRendering, Sendable {
    /// For each rendering of the configuration the field lines, each ended by CRLF.
    private let lines: [[UInt8]]
    /// For each enrolment list of the configuration the caller's entry; nil for one that is not on it.
    private let enrolled: [EnrolledCaller?]
    let edition: Int
    /// The number under which its structure's requests are counted.
    let meter: Int

    init(
        of peer: VerifiedPeer, by renderings: IdentityRenderings, in tables: [EnrolmentTable], edition: Int = 0,
        meter: Int = StructureMeters.none
    ) {
        let enrolled = tables.map { $0.entry(of: peer) }
        lines = renderings.lists.map { list in
            let entry = list.enrolment.flatMap { enrolled.indices.contains($0) ? enrolled[$0] : nil }
            var writer = IdentityWriter(peer, clientID: entry?.clientID)
            for item in list.items { writer.write(item) }
            return writer.lines
        }
        self.enrolled = enrolled
        self.edition = edition
        self.meter = meter
    }

    /// The caller's entry on one of the enrolment lists; nil for one that is not on it.
    func entry(on list: Int) -> EnrolledCaller? {
        enrolled.indices.contains(list) ? enrolled[list] : nil
    }

    /// The field lines of one of the renderings.
    func lines(of rendering: Int) -> [UInt8] {
        lines.indices.contains(rendering) ? lines[rendering] : []
    }

    /// The fields that lines stand for.
    static func fields(in lines: [UInt8]) -> FieldSection {
        var section = FieldSection()
        for line in lines.split(separator: UInt8(ascii: "\n")) {
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
    /// What is written, and by which enrolment list the caller's id is known.
    struct List: Sendable, Equatable {
        let items: [IdentityConfiguration]
        let enrolment: Int?
    }

    private(set) var lists: [List] = []
    /// The enrolment lists' files.
    private(set) var files: [String] = []

    /// The number of a list; nil for an empty one.
    mutating func number(of items: [IdentityConfiguration], enrolment: Int?) -> Int? {
        guard !items.isEmpty else { return nil }
        let list = List(items: items, enrolment: items.contains(where: \.namesClientID) ? enrolment : nil)
        if let index = lists.firstIndex(of: list) { return index }
        lists.append(list)
        return lists.count - 1
    }

    /// The number of an enrolment list.
    mutating func number(ofFile file: String) -> Int {
        if let index = files.firstIndex(of: file) { return index }
        files.append(file)
        return files.count - 1
    }

    /// Writes the headers of a caller in every rendering.
    func render(
        _ peer: VerifiedPeer, in tables: [EnrolmentTable], edition: Int, meter: Int = StructureMeters.none
    ) -> RenderedIdentity {
        RenderedIdentity(of: peer, by: self, in: tables, edition: edition, meter: meter)
    }
}

extension IdentityConfiguration {
    /// Whether a header of it tells the operator's own id of the caller.
    fileprivate var namesClientID: Bool {
        guard case .custom(let headers) = self else { return false }
        return headers.contains { $0.value.contains(.placeholder(.clientID)) }
    }
}
