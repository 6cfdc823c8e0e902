import Configuration
import Gateway

/// The answer of `poterne check`, for people and for scripts.
struct CheckReport {
    /// One line of it.
    private struct Line {
        let severity: ConfigurationFinding.Severity
        let location: SourceLocation?
        let message: String
        let remedy: String?
    }

    private let file: String
    private let lines: [Line]
    /// The text of a configuration that could not be read, with the lines that are to blame.
    private let unreadable: String?

    /// What was found in a configuration that could be read.
    init(file: String, findings: [ConfigurationFinding]) {
        self.file = file
        lines = findings.map {
            Line(severity: $0.severity, location: $0.location, message: $0.message, remedy: $0.remedy)
        }
        unreadable = nil
    }

    /// Why a configuration could not be read.
    init(unreadable errors: ConfigurationErrors) {
        file = errors.file
        lines = errors.diagnostics.map {
            Line(
                severity: $0.severity == .error ? .error : .warning, location: $0.location, message: $0.message,
                remedy: $0.hint)
        }
        unreadable = errors.description
    }

    var hasErrors: Bool { count(.error) > 0 }

    private func count(_ severity: ConfigurationFinding.Severity) -> Int {
        lines.count { $0.severity == severity }
    }

    private func counted(_ severity: ConfigurationFinding.Severity) -> String {
        let number = count(severity)
        return "\(number) \(severity.rawValue)\(number == 1 ? "" : "s")"
    }

    /// A line for each finding, and a last one that sums up.
    var text: String {
        let counts = "\(counted(.error)), \(counted(.warning))"
        let verdict =
            hasErrors
            ? "\(file): \(counts): not fit to be served" : "\(file): \(counts): fit to be served"
        if let unreadable { return unreadable + "\n" + verdict }
        var text: [String] = []
        for line in lines {
            let label = line.severity.rawValue
            let place = line.location.map { "\(file):\($0): " } ?? ""
            let space = String(repeating: " ", count: 9 - label.count)
            text.append(label + space + (place + line.message).printable)
            if let remedy = line.remedy { text.append("         mend: " + remedy.printable) }
        }
        return (text + ["", verdict]).joined(separator: "\n")
    }

    var json: JSONText {
        let findings = lines.map { line in
            JSONText.object([
                ("severity", .string(line.severity.rawValue)),
                ("line", line.location.map { .number($0.line) } ?? .null),
                ("column", line.location.map { .number($0.column) } ?? .null),
                ("message", .string(line.message)),
                ("remedy", .optional(line.remedy)),
            ])
        }
        return .object([
            ("file", .string(file)),
            ("result", .string(hasErrors ? "errors" : count(.warning) > 0 ? "warnings" : "ok")),
            ("errors", .number(count(.error))),
            ("warnings", .number(count(.warning))),
            ("findings", .list(findings)),
        ])
    }
}
