import Configuration
import Gateway
import Logging

/// What writes the operator's log: what happens to the gateway itself, on standard error or where `logging.path` says.
enum OperatorLogger {
    static func make(level: LoggingConfiguration.Level, to place: OperatorLog? = nil) -> Logger {
        var log = Logger(label: "poterne") { label in
            place?.handler ?? StreamLogHandler.standardError(label: label)
        }
        log.logLevel = Logger.Level(rawValue: level.rawValue) ?? .info
        return log
    }
}
