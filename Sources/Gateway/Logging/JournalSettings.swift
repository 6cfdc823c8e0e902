internal import Configuration
internal import Observability

/// Where the workers' lines go.
struct JournalSettings: Sendable {
    /// The access log; nil for none.
    let access: LogSink?
    let accessFormat: AccessFormat
    /// The audit log; nil for none.
    let audit: LogSink?
    let auditFormat: AccessFormat
    /// Events of one reason that each worker writes in a second; nil for all.
    let auditRate: Int?

    /// Nothing is written.
    static let none = JournalSettings(
        access: nil, accessFormat: .json, audit: nil, auditFormat: .json, auditRate: nil)
}

extension LoggingConfiguration {
    /// The paths of the log files that are written.
    var files: [String] {
        [destination, access.format == .off ? nil : access.destination, audit.destination].compactMap { destination in
            guard case .file(let file) = destination else { return nil }
            return file.path
        }
    }
}

extension LoggingConfiguration {
    /// Where lines of a log go.
    func target(_ destination: Destination, of log: LogStamp.Log) -> LogTarget {
        let stamp = LogStamp(log, identifier: identifier, facility: facility.number)
        switch destination {
        case .standardOutput: return .standardOutput
        case .file(let file): return LogTarget(path: file.path)
        case .syslog(let path): return .syslog(path, stamp)
        case .journal(let path): return .journal(path, stamp)
        }
    }
}

/// The logs of a process: opened at start, reopened on request, closed at the end.
struct LogFiles: Sendable {
    private let sinks: [LogSink]
    let settings: JournalSettings

    /// Opens what the configuration names; two logs of one target share it.
    init(
        _ logging: LoggingConfiguration, style: LogStyle, workers: Int, operatorLog: LogSink? = nil
    ) throws(StartupProblem) {
        var opened: [LogTarget: LogSink] = [:]
        func sink(
            _ destination: LoggingConfiguration.Destination, of log: LogStamp.Log, isChained: Bool = false
        ) throws(StartupProblem) -> LogSink {
            let target = logging.target(destination, of: log)
            if let sink = opened[target] { return sink }
            do {
                let sink = try LogSink(target: target, isChained: isChained)
                opened[target] = sink
                return sink
            } catch {
                throw StartupProblem(location: nil, message: "\(error)", remedy: nil)
            }
        }
        let access = logging.access.format == .off ? nil : try sink(logging.access.destination, of: .access)
        let audit = try sink(
            logging.audit.destination, of: .audit, isChained: logging.audit.isChained && style == .configured)
        settings = JournalSettings(
            access: access, accessFormat: style == .plain ? .plain : AccessFormat(logging.access.format), audit: audit,
            auditFormat: style == .plain ? .plain : .json,
            auditRate: logging.audit.maxRate.map { max(1, $0 / max(1, workers)) })
        sinks = Array(opened.values) + [operatorLog].compactMap(\.self)
    }

    /// The bodies of the writers' threads.
    var writers: [@Sendable () -> Void] {
        sinks.map { sink in { @Sendable in sink.run() } }
    }

    /// What became of the lines so far, of each target.
    var statistics: [LogSink.Statistics] { sinks.map(\.statistics) }

    /// Has the files opened anew.
    func reopen() {
        for sink in sinks { sink.reopen() }
    }

    /// Ends the writers once everything is written.
    func close() {
        for sink in sinks { sink.close() }
    }
}

/// How access and audit lines look.
public enum LogStyle: Sendable {
    /// As the configuration says: for machines.
    case configured
    /// A readable line for each request and refusal: for a developer at a terminal.
    case plain
}

extension AccessFormat {
    init(_ format: LoggingConfiguration.Access.Format) {
        self = format == .combined ? .combined : .json
    }
}
