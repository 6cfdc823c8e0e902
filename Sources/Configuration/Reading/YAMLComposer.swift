import Yams

/// Text to nodes with places, through Yams, whose `Parser` stops at the first duplicate key and gives no bounds.
///
/// Syntax errors are one per file, as in every parser of YAML; everything after that is reported whole.
struct YAMLComposer {
    let findings: Findings
    private let bounds: YAMLBounds

    /// Where a key stood that was made unique, and what it was called.
    private var masked: [Position: String] = [:]

    private struct Position: Hashable {
        let line: Int
        let column: Int
    }

    init(findings: Findings, bounds: YAMLBounds = YAMLBounds()) {
        self.findings = findings
        self.bounds = bounds
    }

    /// The root of the text, or `nil` when there is none to speak of, which is reported.
    mutating func compose(_ text: String, environment: [String: String]?) -> YAMLNode? {
        guard Self.aliasCandidates(in: text) <= Limits.aliasCandidates else {
            findings.error(
                at: .start, "the file holds more than \(Limits.aliasCandidates) words that look like YAML aliases",
                hint: "anchors and aliases are refused; quote values that begin with \"*\"")
            return nil
        }
        // Yams hands libyaml a pointer into the string's storage, which a short string does not have: pad it.
        var scalars = Array((text + "\n" + String(repeating: "#", count: 32)).unicodeScalars)
        for _ in 0...Limits.duplicateKeys {
            var copy = String.UnicodeScalarView()
            copy.append(contentsOf: scalars)
            do {
                let parser = try Parser(yaml: String(copy), resolver: .basic, encoding: .utf8)
                guard let root = try parser.singleRoot() else { break }
                // The parser holds the anchors, to which nodes have weak references only.
                return withExtendedLifetime(parser) {
                    var conversion = YAMLConversion(findings: findings, environment: environment, bounds: bounds) {
                        [masked] mark in
                        masked[Position(line: mark.line, column: mark.column)]
                    }
                    return conversion.convert(root)
                }
            } catch YamlError.duplicatedKeysInMapping(let names, let context) {
                // libyaml counts places from 1; a key without one cannot be looked past.
                let position = Position(line: context.mark.line, column: context.mark.column)
                guard let name = names.first, let offset = Self.offset(of: position, in: scalars),
                    masked[position] == nil
                else {
                    findings.error(at: .start, "duplicate key \((names.first ?? "").quoted)")
                    return nil
                }
                masked[position] = name
                scalars[offset] = Unicode.Scalar(0xE000 + UInt32(masked.count)) ?? "?"
            } catch {
                guard masked.isEmpty else {
                    // The mask made a key of another form unreadable: say what is known.
                    for (position, name) in masked {
                        findings.error(
                            at: SourceLocation(line: position.line, column: position.column),
                            "duplicate key \(name.quoted)")
                    }
                    return nil
                }
                report(error, in: text)
                return nil
            }
        }
        if masked.isEmpty {
            findings.error(at: .start, "the file is empty")
        } else {
            findings.error(at: .start, "the file holds more than \(Limits.duplicateKeys) duplicate keys")
        }
        return nil
    }

    // MARK: Errors of the parser

    private func report(_ error: any Error, in text: String) {
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _),
            YamlError.composer(let context, let problem, let mark, _):
            let location = SourceLocation(line: mark.line, column: mark.column)
            let around = context?.text ?? ""
            // The composer's two texts make a sentence the other way round.
            let isComposer = if case YamlError.composer = error { true } else { false }
            let sentence = [around, problem].filter { !$0.isEmpty }
            findings.error(
                at: location, "not valid YAML: " + (isComposer ? sentence : sentence.reversed()).joined(separator: " "),
                hint: Self.hint(at: location, in: text, around: around))
        case YamlError.reader(let problem, let offset, let value, let yaml):
            let scalars = yaml.prefix(offset ?? 0).unicodeScalars.count
            let character = value > 0 ? " U+" + String(value, radix: 16, uppercase: true) : ""
            findings.error(
                at: SourceLines.location(ofScalar: scalars, in: yaml), "not valid YAML: \(problem)\(character)")
        default:
            findings.error(at: .start, "not valid YAML")
        }
    }

    /// What is behind the syntax errors that configurations run into most.
    private static func hint(at location: SourceLocation, in text: String, around: String) -> String? {
        let lines = SourceLines.split(text)
        guard location.line <= lines.count else { return nil }
        let line = lines[location.line - 1]
        let scalar = location.column <= line.count ? line[location.column - 1] : " "
        if around.contains("alias") {
            return "quote a value that begins with \"*\""
        }
        if scalar == "\t" {
            return "YAML is indented with spaces, not tabs"
        }
        if scalar == "@" || scalar == "`" || scalar == "%" {
            return "quote a value that begins with \"\(scalar)\""
        }
        if line.contains("$"), line.contains("{") {
            return "inside [ ] or { } a value with ${NAME} must be quoted"
        }
        return nil
    }

    // MARK: Places

    /// The scalar to change so that the key at a place is unlike every other.
    private static func offset(of position: Position, in scalars: [Unicode.Scalar]) -> Int? {
        var line = 1
        var column = 1
        for index in scalars.indices {
            if line == position.line, column == position.column {
                let isQuote = scalars[index] == "\"" || scalars[index] == "'"
                return isQuote && index + 1 < scalars.count ? index + 1 : index
            }
            switch scalars[index] {
            case "\r" where index + 1 < scalars.count && scalars[index + 1] == "\n": column += 1
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": (line, column) = (line + 1, 1)
            default: column += 1
            }
        }
        return nil
    }

    /// How many places look like the beginning of an alias; never fewer than there are.
    private static func aliasCandidates(in text: String) -> Int {
        var count = 0
        var before: UInt8 = UInt8(ascii: "\n")
        var afterStar = false
        for byte in text.utf8 {
            if afterStar, byte.isAliasName { count += 1 }
            afterStar = byte == UInt8(ascii: "*") && !before.isAliasName
            before = byte
        }
        return count
    }
}

/// How much a document may hold.
struct YAMLBounds {
    /// Keys, values, lists and mappings.
    var nodes = Limits.nodes
    /// Of one list or mapping.
    var entries = Limits.entries
}

extension UInt8 {
    /// Letters, digits, `-` and `_`: what libyaml takes for the name of an anchor.
    fileprivate var isAliasName: Bool { isLetterOrDigit || self == UInt8(ascii: "-") || self == UInt8(ascii: "_") }
}
