/// One thing to say about a configuration: what is wrong, where, and what would be right.
public struct Diagnostic: Hashable, Sendable {
    /// Whether the configuration can be used in spite of it.
    public enum Severity: String, Hashable, Sendable, CaseIterable {
        /// The configuration is refused.
        case error
        /// The configuration is taken, and the operator should know.
        case warning
    }

    /// How bad it is.
    public let severity: Severity

    /// Where in the file.
    public let location: SourceLocation

    /// What is wrong, and what was expected; one sentence without a full stop.
    public let message: String

    /// How to mend it, when there is more to say than the message does.
    public let hint: String?

    /// Makes a diagnostic.
    public init(_ severity: Severity, at location: SourceLocation, _ message: String, hint: String? = nil) {
        self.severity = severity
        self.location = location
        self.message = message
        self.hint = hint
    }
}

extension Diagnostic: CustomStringConvertible {
    /// `line:column: severity: message (hint)`, on one line.
    public var description: String {
        "\(location): \(severity.rawValue): \(message)" + (hint.map { " (\($0))" } ?? "")
    }
}

/// Why a configuration was refused: everything that is wrong with it, in the order of the file.
public struct ConfigurationErrors: Error, Sendable {
    /// The file's path as it was given.
    public let file: String

    /// Errors and warnings, sorted by place; at least one is an error.
    public let diagnostics: [Diagnostic]

    /// The file's text, for the renderer; empty when the file could not be read.
    let text: String

    init(file: String, diagnostics: [Diagnostic], text: String) {
        self.file = file
        self.diagnostics = diagnostics
        self.text = text
    }
}
