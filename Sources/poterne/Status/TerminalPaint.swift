import Foundation

/// Colours for a terminal; elsewhere the text as it is.
struct TerminalPaint {
    let isOn: Bool

    /// On where standard output is a terminal that shows colours, and nobody has said otherwise (no-color.org).
    static var ofStandardOutput: TerminalPaint {
        let environment = ProcessInfo.processInfo.environment
        let isUnwanted = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        return TerminalPaint(isOn: isatty(STDOUT_FILENO) == 1 && !isUnwanted && environment["TERM"] != "dumb")
    }

    func bold(_ text: String) -> String { paint("1", text) }
    func soft(_ text: String) -> String { paint("2", text) }
    func well(_ text: String) -> String { paint("32", text) }
    func warning(_ text: String) -> String { paint("33", text) }
    func critical(_ text: String) -> String { paint("1;31", text) }

    private func paint(_ code: String, _ text: String) -> String {
        isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
