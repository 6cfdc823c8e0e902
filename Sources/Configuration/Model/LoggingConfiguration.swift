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
        /// `syslog`, or `syslog:` and the path of its socket.
        case syslog(path: String)
        /// `journald`, or `journald:` and the path of its socket.
        case journal(path: String)
    }

    /// `facility`: RFC 5424 §6.2.1.
    public enum Facility: String, Hashable, Sendable, CaseIterable {
        /// Daemons.
        case daemon
        /// Who was admitted, readable by all.
        case auth
        /// Who was admitted, not readable by all.
        case authpriv
        /// Of the site's own.
        case local0
        /// Of the site's own.
        case local1
        /// Of the site's own.
        case local2
        /// Of the site's own.
        case local3
        /// Of the site's own.
        case local4
        /// Of the site's own.
        case local5
        /// Of the site's own.
        case local6
        /// Of the site's own.
        case local7

        /// Its number.
        public var number: UInt8 {
            switch self {
            case .daemon: 3
            case .auth: 4
            case .authpriv: 10
            case .local0: 16
            case .local1: 17
            case .local2: 18
            case .local3: 19
            case .local4: 20
            case .local5: 21
            case .local6: 22
            case .local7: 23
            }
        }
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
    /// `path`: where the operator's log goes; `nil` for standard error.
    public let destination: Destination?
    /// `facility` of what goes to syslog or the journal.
    public let facility: Facility
    /// `identifier`: the name under which it is found there.
    public let identifier: String
    /// `access`.
    public let access: Access
    /// `audit`.
    public let audit: Audit
}
