internal import Configuration
internal import IGCSante
internal import Trust

/// A caller as an enrolment list knows it.
struct EnrolledCaller: Sendable, Equatable {
    /// The operator's own id; nil for one that has none.
    let clientID: String?
    /// The line of the list.
    let line: Int
}

/// An enrolment list as workers ask it: compiled once for each change of the file, immutable, shared by all.
///
/// It is asked when a caller is verified, and the answer is kept beside its identity headers: a request looks nothing up.
final class EnrolmentTable: Sendable {
    /// The file.
    let file: String
    let format: EnrolmentList.Format
    private let clients: [Client: EnrolledCaller]
    private let subjects: [String: EnrolledCaller]

    private struct Client: Hashable {
        let structure: String
        let name: String
    }

    init(_ list: EnrolmentList) {
        file = list.file
        format = list.format
        var clients: [Client: EnrolledCaller] = [:]
        var subjects: [String: EnrolledCaller] = [:]
        for entry in list.entries {
            let caller = EnrolledCaller(clientID: entry.clientID, line: entry.location.line)
            switch entry.identity {
            case .client(let structure, let name): clients[Client(structure: structure, name: name)] = caller
            case .subject(let subject): subjects[subject] = caller
            }
        }
        self.clients = clients
        self.subjects = subjects
    }

    /// How many callers are on it.
    var count: Int { clients.count + subjects.count }

    /// The entry of a caller: by its whole subject, or by structure and name.
    func entry(of peer: VerifiedPeer) -> EnrolledCaller? {
        if let caller = entry(ofSubject: peer.subjectText) { return caller }
        guard let structure = peer.structure, let name = peer.clientName else { return nil }
        // As with subjects: octet by octet.
        guard let index = clients.index(forKey: Client(structure: structure.raw, name: name)) else { return nil }
        let (key, caller) = clients[index]
        guard key.structure.utf8.elementsEqual(structure.raw.utf8), key.name.utf8.elementsEqual(name.utf8) else {
            return nil
        }
        return caller
    }

    /// The entry of a whole subject.
    func entry(ofSubject subject: String) -> EnrolledCaller? {
        // Swift takes canonically equivalent texts for equal; identifiers are compared by their octets.
        guard let index = subjects.index(forKey: subject) else { return nil }
        let (key, caller) = subjects[index]
        return key.utf8.elementsEqual(subject.utf8) ? caller : nil
    }

    /// The line that would enrol a caller, as the file writes one.
    func line(toEnrol peer: VerifiedPeer) -> String {
        if let structure = peer.structure, let name = peer.clientName {
            return EnrolmentLine.text([("structure", structure.raw), ("name", name)], format)
        }
        return EnrolmentLine.text([("subject", peer.subjectText)], format)
    }
}

/// Writes a line of an enrolment list, to be pasted into one.
enum EnrolmentLine {
    static func text(_ fields: [(name: String, value: String)], _ format: EnrolmentList.Format) -> String {
        switch format {
        case .yaml: "- {" + fields.map { "\($0.name): \(quotedYAML($0.value))" }.joined(separator: ", ") + "}"
        // In the order of the columns that the manual shows; a file of other columns has them named by its first line.
        case .csv: fields.map { quotedCSV($0.value) }.joined(separator: ",") + ","
        }
    }

    private static func quotedYAML(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    private static func quotedCSV(_ text: String) -> String {
        "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
