extension TextPattern {
    /// A list of texts and prefixes.
    static func readList(_ value: Value) -> [TextPattern] {
        value.distinct(value.someItems(), read)
    }

    /// A text, or the beginning of one and `*`.
    static func read(_ item: Value) -> TextPattern? {
        guard let text = item.text("a text, or the beginning of one and *") else { return nil }
        guard text.utf8.count <= Limits.pattern else {
            item.error("\(item.key.quoted): longer than \(Limits.pattern) bytes")
            return nil
        }
        guard let star = text.firstIndex(of: "*") else { return .exact(text) }
        guard text.index(after: star) == text.endIndex else {
            item.error("\(item.key.quoted): \"*\" stands only at the end, for any rest")
            return nil
        }
        guard text != "*" else {
            item.error("\(item.key.quoted): \"*\" alone admits everybody", hint: "leave \(item.key) out for that")
            return nil
        }
        return .prefix(String(text.dropLast()))
    }
}

extension StructureRule {
    /// A list of structure identifiers, beginnings of them, registers and companies.
    static func readList(_ value: Value) -> [StructureRule] {
        value.distinct(value.someItems()) { item -> StructureRule? in
            guard let text = item.text("a structure identifier, PREFIX*, type:REGISTER or siren:NUMBER") else {
                return nil
            }
            guard let colon = text.firstIndex(of: ":") else { return TextPattern.read(item).map(StructureRule.init) }
            let rest = String(text[text.index(after: colon)...])
            switch text[..<colon] {
            case "type":
                let names = Register.allCases.map(\.rawValue)
                guard let register = Register(rawValue: rest) else {
                    item.findings.unknown("register", rest, at: item.location, among: names)
                    return nil
                }
                return .type(register)
            case "siren":
                guard rest.utf8.count == 9, rest.utf8.allSatisfy(\.isDigit) else {
                    item.mismatch("siren: and nine digits")
                    return nil
                }
                return .siren(rest)
            default:
                // No register has a colon in its numbers: this is a misspelt form, which would match nobody.
                item.findings.unknown(
                    "form of a structure", String(text[...colon]), at: item.location, among: ["type:", "siren:"])
                return nil
            }
        }
    }

    private init(_ pattern: TextPattern) {
        switch pattern {
        case .exact(let text): self = .exact(text)
        case .prefix(let text): self = .prefix(text)
        }
    }
}
