/// How the process was started: what it needs to be started again for an upgrade, and to answer who started it.
public struct Launch: Sendable {
    /// The program's name and its arguments.
    public let arguments: [String]
    /// The environment, as it was at start.
    public let environment: [String: String]

    /// The program's version, for metrics.
    public let version: String

    /// Says how the process was started.
    public init(arguments: [String], environment: [String: String], version: String = Release.name) {
        self.arguments = arguments
        self.environment = environment
        self.version = version
    }
}
