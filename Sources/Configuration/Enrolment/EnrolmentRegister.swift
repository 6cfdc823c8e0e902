/// The callers of a list as they are read, so that nobody is on it twice.
struct EnrolmentRegister {
    let findings: Findings
    private(set) var entries: [EnrolmentEntry] = []

    private struct Client: Hashable {
        let structure: String
        let name: String
    }

    private var clients: [Client: Int] = [:]
    private var subjects: [String: Int] = [:]
    /// The first entry by subject of each client: an entry by client would stand for it too.
    private var clientsOfSubjects: [Client: Int] = [:]

    init(findings: Findings) {
        self.findings = findings
    }

    /// Takes an entry, or says what is wrong with it.
    mutating func add(_ draft: EnrolmentDraft) {
        guard isSound(draft) else { return }
        if let subject = draft.subject {
            guard draft.structure == nil, draft.name == nil else {
                findings.error(
                    at: subject.location, "a caller is known by its subject, or by structure and name, not by both")
                return
            }
            do throws(SubjectForm.Fault) {
                add(try SubjectForm(subject.text), draft, subject.location)
            } catch {
                findings.error(at: subject.location, "\"subject\": \(error.message)", hint: error.hint)
            }
            return
        }
        guard let structure = draft.structure, let name = draft.name else {
            let missing = draft.structure == nil ? "structure" : "name"
            findings.error(
                at: draft.location, "\(missing.quoted) is missing",
                hint: "a caller is known by structure and name, or by subject")
            return
        }
        let client = Client(structure: structure.text, name: name.text)
        guard isNew(draft, beside: clients[client] ?? clientsOfSubjects[client]) else { return }
        clients[client] = entries.count
        append(.client(structure: structure.text, name: name.text), draft)
    }

    private mutating func add(_ form: SubjectForm, _ draft: EnrolmentDraft, _ location: SourceLocation) {
        var client: Client?
        if let structure = form.value(of: "OU"), let name = form.value(of: "CN") {
            client = Client(structure: structure, name: name)
        }
        guard isNew(draft, beside: subjects[form.text] ?? client.flatMap { clients[$0] }) else { return }
        subjects[form.text] = entries.count
        if let client, clientsOfSubjects[client] == nil { clientsOfSubjects[client] = entries.count }
        append(.subject(form.text), draft)
    }

    private mutating func append(_ identity: EnrolmentEntry.Identity, _ draft: EnrolmentDraft) {
        entries.append(EnrolmentEntry(identity: identity, clientID: draft.clientID?.text, location: draft.location))
    }

    /// Reports a caller that is on the list already.
    private func isNew(_ draft: EnrolmentDraft, beside index: Int?) -> Bool {
        guard let index else { return true }
        let (first, id) = (entries[index], draft.clientID?.text)
        if first.clientID == id {
            findings.error(at: draft.location, "this caller is enrolled already, at line \(first.location.line)")
        } else {
            let other = first.clientID.map { "client_id \($0.quoted)" } ?? "no client_id"
            findings.error(
                at: draft.location,
                "this caller is enrolled with \(other) at line \(first.location.line)",
                hint: "one caller has one client_id; several certificates may share it")
        }
        return false
    }

    private func isSound(_ draft: EnrolmentDraft) -> Bool {
        var isSound = true
        for key in EnrolmentDraft.keys {
            guard let field = draft[key] else { continue }
            let limit =
                switch key {
                case "subject": EnrolmentLimits.subject
                case "client_id": EnrolmentLimits.clientID
                default: EnrolmentLimits.attribute
                }
            if let fault = Self.fault(of: field.text, limit: limit) {
                findings.error(at: field.location, "\(key.quoted): \(fault)")
                isSound = false
            }
        }
        return isSound
    }

    private static func fault(of text: String, limit: Int) -> String? {
        if text.isEmpty { return "is empty" }
        if text.utf8.count > limit { return "is longer than \(limit) bytes" }
        if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            return "control characters are not allowed"
        }
        if text.utf8.first == UInt8(ascii: " ") || text.utf8.last == UInt8(ascii: " ") {
            return "begins or ends with a space"
        }
        return nil
    }
}
