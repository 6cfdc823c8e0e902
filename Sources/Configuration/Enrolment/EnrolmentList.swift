/// An enrolment list: the callers that a route knows, as a `callers_file` names them.
public struct EnrolmentList: Hashable, Sendable {
    /// How a file is written, by the end of its name.
    public enum Format: Hashable, Sendable {
        /// A list of mappings: `.yaml`, `.yml`.
        case yaml
        /// A head of column names, then a line for each caller: `.csv`.
        case csv

        /// The format of a file; nil when its name tells none.
        public init?(path: String) {
            switch path.split(separator: ".").last?.lowercased() {
            case "yaml", "yml": self = .yaml
            case "csv": self = .csv
            default: return nil
            }
        }
    }

    /// The file it was read from.
    public let file: String
    /// How the file is written.
    public let format: Format
    /// The callers, in the order of the file; nobody twice.
    public let entries: [EnrolmentEntry]
}

/// One caller of an enrolment list.
public struct EnrolmentEntry: Hashable, Sendable {
    /// By what a caller is known.
    public enum Identity: Hashable, Sendable {
        /// By the structure's identifier (OU) and the client's name (CN) together.
        case client(structure: String, name: String)
        /// By the whole subject, as RFC 2253 writes it and the audit log shows it.
        case subject(String)
    }

    /// Who it is.
    public let identity: Identity
    /// The operator's own id of the caller; nil for one that has none.
    public let clientID: String?
    /// Where it is written in the list.
    public let location: SourceLocation
}
