extension EnrolmentList {
    /// Reads the list at a path, as YAML or CSV by the end of its name.
    ///
    /// - Throws: everything that is wrong with the file, with its places.
    public static func load(path: String) throws(ConfigurationErrors) -> EnrolmentList {
        let text = try ConfigurationFile.text(at: path, limit: EnrolmentLimits.fileSize)
        return try parse(text, file: path)
    }

    /// Reads a text as if it were the list at a path.
    ///
    /// - Throws: everything that is wrong with the text, with its places.
    public static func parse(_ text: String, file: String) throws(ConfigurationErrors) -> EnrolmentList {
        let findings = Findings()
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        let format = Format(path: file)
        let drafts =
            switch format {
            case .yaml: EnrolmentYAML(findings: findings).drafts(in: text)
            case .csv: EnrolmentCSV(findings: findings).drafts(in: text)
            case nil: [EnrolmentDraft]()
            }
        if format == nil {
            findings.error(at: .start, "the name of an enrolment list ends in .yaml, .yml or .csv")
        }
        var register = EnrolmentRegister(findings: findings)
        for draft in drafts { register.add(draft) }
        guard let format, !findings.hasErrors else {
            throw ConfigurationErrors(file: file, diagnostics: findings.sorted(), text: text)
        }
        return EnrolmentList(file: file, format: format, entries: register.entries)
    }
}

/// The bounds of an enrolment list.
///
/// A list is read by the control thread while workers serve: what bounds it bounds the memory and the time of that.
enum EnrolmentLimits {
    /// Some 300 bytes for each of the callers that there may be.
    static let fileSize = 32 * 1024 * 1024
    /// Callers of one list: more than there are structures that any service serves.
    static let entries = 100_000
    /// Bytes of a structure identifier, or of a name: RFC 5280's upper bounds are 64 characters.
    static let attribute = 256
    /// Bytes of a subject.
    static let subject = 2048
    /// Bytes of an id of the operator's own; it may be written into a header.
    static let clientID = 128
}

/// One entry as it was read, before it is known to make sense.
struct EnrolmentDraft {
    /// A value and its place.
    struct Field {
        let text: String
        let location: SourceLocation
    }

    var structure: Field?
    var name: Field?
    var subject: Field?
    var clientID: Field?
    let location: SourceLocation

    /// The names of the fields, as keys and as columns.
    static let keys = ["structure", "name", "subject", "client_id"]

    /// The field of a key.
    subscript(key: String) -> Field? {
        get {
            switch key {
            case "structure": structure
            case "name": name
            case "subject": subject
            default: clientID
            }
        }
        set {
            switch key {
            case "structure": structure = newValue
            case "name": name = newValue
            case "subject": subject = newValue
            default: clientID = newValue
            }
        }
    }
}
