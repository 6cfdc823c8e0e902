import Configuration
import Logging

/// The operator's log: what happens to the gateway itself, on standard error.
enum OperatorLog {
    static func make(level: LoggingConfiguration.Level) -> Logger {
        var log = Logger(label: "poterne") { label in StreamLogHandler.standardError(label: label) }
        log.logLevel = Logger.Level(rawValue: level.rawValue) ?? .info
        return log
    }
}
