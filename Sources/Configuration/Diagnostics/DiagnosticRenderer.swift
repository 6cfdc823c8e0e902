/// Prints diagnostics with the line they are about and a mark below it; plain ASCII around the file's own text.
public struct DiagnosticRenderer: Sendable {
    private let file: String
    private let lines: [[Unicode.Scalar]]

    /// A renderer for the diagnostics of one file, which shows lines of its text.
    public init(file: String, text: String) {
        self.file = file
        lines = text.isEmpty ? [] : SourceLines.split(text)
    }

    /// The text of all the diagnostics, with an empty line between two, and a newline at the end.
    public func render(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map(render).joined(separator: "\n")
    }

    /// The text of one diagnostic.
    public func render(_ diagnostic: Diagnostic) -> String {
        let location = diagnostic.location
        let number = String(location.line)
        let margin = String(repeating: " ", count: number.count)
        var text = "\(diagnostic.severity.rawValue): \(diagnostic.message)\n"
        text += "\(margin)--> \(file):\(location)\n"
        if location.line <= lines.count {
            let line = lines[location.line - 1]
            let (shown, start) = window(of: line, around: location.column)
            let column = min(location.column - 1, line.count) - start
            let length = max(1, min(location.length, shown.count - column))
            text += "\(margin) |\n\(number) | "
            for scalar in shown {
                text.unicodeScalars.append(scalar.isPrintable ? scalar : " ")
            }
            text += "\n\(margin) | " + String(repeating: " ", count: column)
            text += String(repeating: "^", count: length) + "\n"
        }
        if let hint = diagnostic.hint {
            text += "\(margin) = help: \(hint)\n"
        }
        return text
    }

    /// The part of a long line that is shown, and where it starts.
    private func window(of line: [Unicode.Scalar], around column: Int) -> (
        shown: ArraySlice<Unicode.Scalar>, start: Int
    ) {
        let width = 160
        let start = column <= width ? 0 : min(column - 40, line.count)
        return (line[start..<min(start + width, line.count)], start)
    }
}

extension ConfigurationErrors: CustomStringConvertible {
    /// Every diagnostic with the line it is about.
    public var description: String {
        DiagnosticRenderer(file: file, text: text).render(diagnostics)
    }
}
