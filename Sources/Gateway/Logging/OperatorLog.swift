public import Configuration
internal import EventLoop
public import Logging
internal import Observability
internal import Synchronization

/// The operator's log where it does not go to standard error: to a file, to syslog or to the journal.
///
/// Written by a thread of its own like the others, which the gateway starts: what is said before waits for it.
public struct OperatorLog: Sendable {
    let sink: LogSink
    private let lane: OperatorLane

    /// Opens it; nil where it goes to standard error.
    ///
    /// - Throws: `StartupProblem` when it cannot be opened.
    public init?(_ logging: LoggingConfiguration) throws(StartupProblem) {
        guard let destination = logging.destination else { return nil }
        let target = logging.target(destination, of: .operator)
        do {
            sink = try LogSink(target: target)
        } catch {
            throw StartupProblem(location: nil, message: "\(error)", remedy: nil)
        }
        let isStamped =
            switch target {
            case .syslog, .journal: true
            case .standardOutput, .file: false
            }
        lane = OperatorLane(sink.lane(capacity: Limits.operatorLane), isStamped: isStamped)
    }

    /// What writes to it.
    public var handler: any LogHandler { OperatorLogHandler(lane: lane) }
}

/// The one lane of the operator's log, on which all threads write.
private final class OperatorLane: Sendable {
    private let lane: Mutex<LogLane>
    /// Whether who takes the lines adds time and severity itself.
    private let isStamped: Bool

    init(_ lane: sending LogLane, isStamped: Bool) {
        self.lane = Mutex(lane)
        self.isStamped = isStamped
    }

    func append(_ text: String, _ level: Logger.Level) {
        var line: [UInt8] = []
        if isStamped {
            line.append(UInt8(ascii: "0") + level.severity)
            for byte in text.utf8 { line.append(byte == UInt8(ascii: "\n") ? LogStamp.innerLineFeed : byte) }
        } else {
            var clock = WallClock()
            clock.appendRFC3339(.now(), to: &line)
            line.append(contentsOf: " \(level) \(text)".utf8)
        }
        line.append(UInt8(ascii: "\n"))
        lane.withLock { _ = $0.append(line.span) }
    }
}

/// Writes what swift-log is told into the lane: the message, then what belongs to it as `key=value`.
private struct OperatorLogHandler: LogHandler {
    let lane: OperatorLane
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    init(lane: OperatorLane) {
        self.lane = lane
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var text = "\(event.message)"
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) { text += " \(key)=\(value)" }
        lane.append(text, event.level)
    }
}

extension Logger.Level {
    /// RFC 5424 §6.2.1.
    fileprivate var severity: UInt8 {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
