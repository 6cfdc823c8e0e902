/// `${NAME}` and `${NAME:-default}` in a value; `$${` stands for `${` itself.
enum Substitution {
    /// The text with every variable replaced.
    ///
    /// The default also stands in for an empty variable, as in a shell. What a variable holds is not looked into for
    /// further variables, nor parsed as YAML.
    static func expand(_ text: String, environment: [String: String]) throws(SubstitutionError) -> String {
        guard text.contains("$") else { return text }
        var result = ""
        var rest = Substring(text)
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                result += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                guard let end = rest.firstIndex(of: "}") else { throw .unterminated }
                result += try value(of: rest[..<end].dropFirst(2), environment: environment)
                rest = rest[end...].dropFirst()
            } else {
                result += "$"
                rest = rest.dropFirst()
            }
            guard result.utf8.count <= Limits.scalarSize else { throw .tooLong }
        }
        return result + rest
    }

    private static func value(
        of expression: Substring, environment: [String: String]
    ) throws(SubstitutionError) -> String {
        let name = expression.prefix { $0 != ":" }
        let fallback = expression[name.endIndex...]
        guard isName(name), fallback.isEmpty || fallback.hasPrefix(":-") else { throw .invalid(String(expression)) }
        let value = environment[String(name)]
        if !fallback.isEmpty {
            return value.flatMap { $0.isEmpty ? nil : $0 } ?? String(fallback.dropFirst(2))
        }
        guard let value else {
            throw .unset(
                String(name), nearest: EditDistance.nearest(to: String(name), among: environment.keys.sorted()))
        }
        return value
    }

    /// POSIX: letters, digits and `_`, no digit first.
    private static func isName(_ name: Substring) -> Bool {
        guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return name.utf8.allSatisfy { $0.isLetterOrDigit || $0 == UInt8(ascii: "_") }
    }
}

/// Why variables could not be put into a value.
enum SubstitutionError: Error, Hashable {
    /// A `${` without its `}`.
    case unterminated
    /// Not a variable between the braces.
    case invalid(String)
    /// A variable that is not set, without a default.
    case unset(String, nearest: String?)
    /// The value grew over `Limits.scalarSize`.
    case tooLong
}

extension SubstitutionError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unterminated: "\"${\" without \"}\""
        case .invalid(let expression): "\(expression.quoted) is not NAME or NAME:-default"
        case .unset(let name, _): "environment variable \(name.quoted) is not set and has no default"
        case .tooLong: "longer than \(Limits.scalarSize) bytes once its variables are put in"
        }
    }

    var hint: String? {
        switch self {
        case .unterminated, .invalid: "write $${ for ${ itself"
        case .unset(_, let nearest?): "did you mean \(nearest)?"
        case .unset(let name, nearest: nil): "set it, or write ${\(name):-default}"
        case .tooLong: nil
        }
    }
}
