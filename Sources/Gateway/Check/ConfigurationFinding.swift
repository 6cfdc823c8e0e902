public import Configuration

/// One thing that a check of a configuration found: where, what, and how to mend it.
public struct ConfigurationFinding: Hashable, Sendable {
    /// How bad it is.
    public enum Severity: String, Hashable, Sendable, CaseIterable {
        /// It is as it should be.
        case ok
        /// It was not looked at, and why.
        case note
        /// The gateway would start, and somebody should look at it.
        case warning
        /// The gateway would not start, or would refuse every caller.
        case error
    }

    /// How bad it is.
    public let severity: Severity
    /// The line of the configuration that it is about; nil when no line is.
    public let location: SourceLocation?
    /// What was found, in one sentence without a full stop.
    public let message: String
    /// How to mend it.
    public let remedy: String?
}

/// What a check has found so far.
final class CheckRecord {
    private(set) var findings: [ConfigurationFinding] = []

    /// Whether something keeps the gateway from starting or serving.
    var hasErrors: Bool { findings.contains { $0.severity == .error } }

    func ok(_ location: SourceLocation?, _ message: String) {
        add(.ok, location, message, nil)
    }

    func note(_ location: SourceLocation?, _ message: String) {
        add(.note, location, message, nil)
    }

    func warning(_ location: SourceLocation?, _ message: String, mend remedy: String?) {
        add(.warning, location, message, remedy)
    }

    func error(_ location: SourceLocation?, _ message: String, mend remedy: String?) {
        add(.error, location, message, remedy)
    }

    func error(_ problem: StartupProblem) {
        error(
            problem.location, problem.message, mend: problem.remedy ?? "Correct the path or the file, and check again.")
    }

    private func add(
        _ severity: ConfigurationFinding.Severity, _ location: SourceLocation?, _ message: String, _ remedy: String?
    ) {
        let finding = ConfigurationFinding(severity: severity, location: location, message: message, remedy: remedy)
        // One file may be named in several places of one kind; what is said twice of one line is said once.
        if !findings.contains(finding) { findings.append(finding) }
    }
}
