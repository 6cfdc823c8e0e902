/// What is found while one configuration is read; everything is kept, so that everything can be mended at once.
final class Findings {
    private(set) var diagnostics: [Diagnostic] = []

    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    func error(at location: SourceLocation, _ message: String, hint: String? = nil) {
        add(Diagnostic(.error, at: location, message, hint: hint))
    }

    func warning(at location: SourceLocation, _ message: String, hint: String? = nil) {
        add(Diagnostic(.warning, at: location, message, hint: hint))
    }

    /// An unknown name, with the one that was probably meant, or all that would do.
    func unknown(_ what: String, _ name: String, at location: SourceLocation, among candidates: [String]) {
        let hint =
            if let nearest = EditDistance.nearest(to: name, among: candidates) {
                "did you mean \(nearest.quoted)?"
            } else if candidates.isEmpty {
                "none is defined"
            } else {
                "expected one of " + candidates.prefix(24).joined(separator: ", ")
            }
        error(at: location, "unknown \(what) \(name.quoted)", hint: hint)
    }

    func unsupported(_ what: String, at location: SourceLocation) {
        error(at: location, "\(what) is not supported by this version")
    }

    /// By place, errors first where there are several.
    func sorted() -> [Diagnostic] {
        diagnostics.enumerated().sorted { first, second in
            let (one, other) = (first.element, second.element)
            return (one.location.line, one.location.column, one.severity == .error ? 0 : 1, first.offset)
                < (other.location.line, other.location.column, other.severity == .error ? 0 : 1, second.offset)
        }.map(\.element)
    }

    private func add(_ diagnostic: Diagnostic) {
        guard !diagnostics.contains(diagnostic) else { return }
        if diagnostics.count < Limits.diagnostics {
            diagnostics.append(diagnostic)
        } else if diagnostic.severity == .error, !hasErrors {
            // A file full of warnings must not hide the error that refuses it.
            diagnostics[diagnostics.count - 1] = diagnostic
        }
    }
}

extension String {
    /// Between quotes, in one line, cut when long: what came from a file or an environment may hold anything.
    var quoted: String {
        var shown = ""
        for scalar in unicodeScalars.prefix(60) {
            shown += scalar.isPrintable ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
        }
        return "\"\(shown)\(unicodeScalars.count > 60 ? "..." : "")\""
    }
}

extension Unicode.Scalar {
    /// Whether a terminal shows it as a character: no controls, no characters that change direction or take no room.
    var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
