/// `logging`: what is written where.
public struct LoggingConfiguration: Hashable, Sendable {
    /// How much the operator's log says; swift-log's names.
    public enum Level: String, Hashable, Sendable, CaseIterable {
        /// Everything.
        case trace
        /// What a developer asks for.
        case debug
        /// What happens, peers' faults included.
        case info
        /// What happens rarely.
        case notice
        /// What should be looked at.
        case warning
        /// What failed.
        case error
        /// What ends the process.
        case critical
    }

    /// Where lines go.
    public enum Destination: Hashable, Sendable {
        /// `-`.
        case standardOutput
        /// A file, reopened on SIGUSR1.
        case file(FileReference)
    }

    /// `access`.
    public struct Access: Hashable, Sendable {
        /// The form of a line.
        public enum Format: String, Hashable, Sendable, CaseIterable {
            /// One JSON object.
            case json
            /// Apache's combined format.
            case combined
            /// Nothing is written.
            case off
        }

        /// `path`.
        public let destination: Destination
        /// `format`.
        public let format: Format
    }

    /// `audit`.
    public struct Audit: Hashable, Sendable {
        /// `path`.
        public let destination: Destination
        /// `chain`: whether each line has the digest of all before it.
        public let isChained: Bool
        /// `max_rate`: events of one reason in a second; `nil` for no limit.
        public let maxRate: Int?
    }

    /// `level`.
    public let level: Level
    /// `access`.
    public let access: Access
    /// `audit`.
    public let audit: Audit
}
