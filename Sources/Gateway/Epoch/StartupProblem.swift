public import Configuration

/// Something a configuration names that cannot be used: where it is named, what is wrong, what to do.
public struct StartupProblem: Error, Sendable, CustomStringConvertible {
    /// Where the configuration names it; nil when it is no fault of a line.
    public let location: SourceLocation?
    /// The configuration file, when a line of it is named.
    public internal(set) var file: String?
    /// What is wrong.
    public let message: String
    /// What can be done about it.
    public let remedy: String?

    /// Whether somebody else listens where this process would.
    public internal(set) var isAddressTaken = false

    init(location: SourceLocation?, message: String, remedy: String?) {
        self.location = location
        self.message = message
        self.remedy = remedy
    }

    /// `file:line:column: message`, and the remedy.
    public var description: String {
        let place = location.map { "\(file ?? "configuration"):\($0): " } ?? ""
        return place + message + (remedy.map { "\n  \($0)" } ?? "")
    }
}
