/// The value of one key or one item of a list; each reader gives what it stands for, or reports and gives `nil`.
struct Value {
    let node: YAMLNode

    /// The key it belongs to.
    let key: String
    let keyLocation: SourceLocation

    /// The key's path, without list indices and names.
    let path: String
    let context: ReadingContext

    var location: SourceLocation { node.location }
    var findings: Findings { context.findings }

    /// Whether it was reported already.
    var isRefused: Bool {
        if case .refused = node.content { true } else { false }
    }

    /// Reports that something else was expected.
    func mismatch(_ expected: String, hint: String? = nil) {
        guard !isRefused else { return }
        findings.error(at: location, "\(key.quoted): expected \(expected), found \(node.kind)", hint: hint)
    }

    /// Reports a value that does not do.
    func error(_ message: String, hint: String? = nil) {
        findings.error(at: location, message, hint: hint)
    }

    /// Reports the value when this version cannot do it; the part after `=` in `UnsupportedKeys.values`.
    func requireSupport(of name: String, called text: String? = nil) {
        guard context.unsupported.values.contains("\(path) = \(name)") else { return }
        findings.unsupported("\(key.quoted): \(text ?? name)", at: location)
    }

    // MARK: Scalars

    /// A value that is not empty and holds no control characters.
    func text(_ expected: String = "a text") -> String? {
        guard let text = node.scalar?.text, !node.isNull, !text.isEmpty else {
            mismatch(expected)
            return nil
        }
        guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            error("\(key.quoted): control characters are not allowed")
            return nil
        }
        return text
    }

    /// A value that only counts without quotes: a number, a word, a duration.
    private func plain(_ expected: String) -> String? {
        guard let scalar = node.scalar, !node.isNull else {
            mismatch(expected)
            return nil
        }
        guard scalar.isPlain else {
            mismatch(expected, hint: "write it without quotes")
            return nil
        }
        return scalar.text
    }

    /// `true` or `false`; also `yes`, `no`, `on`, `off`, which YAML 1.1 takes for the same.
    func boolean() -> Bool? {
        guard let text = plain("true or false") else { return nil }
        switch text.lowercased() {
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        default:
            mismatch("true or false")
            return nil
        }
    }

    /// A whole number within bounds.
    func integer(in bounds: ClosedRange<Int>, or word: String? = nil) -> Int? {
        let range = "a number from \(bounds.lowerBound) to \(bounds.upperBound)"
        let expected = word.map { "\(range), or \($0)" } ?? range
        guard let text = plain(expected) else { return nil }
        guard text.utf8.allSatisfy(\.isDigit), let number = Int(text), bounds.contains(number) else {
            mismatch(expected)
            return nil
        }
        return number
    }

    /// A duration within bounds.
    func duration(in bounds: ClosedRange<Duration>) -> Duration? {
        let expected =
            "a duration from \(DurationForm.text(bounds.lowerBound)) to \(DurationForm.text(bounds.upperBound))"
        guard let text = plain(expected) else { return nil }
        guard let duration = DurationForm.parse(text) else {
            let isNumber = !text.isEmpty && text.utf8.allSatisfy(\.isDigit)
            mismatch(expected, hint: isNumber ? "a unit is missing: \(text)s?" : "units are ms, s, m, h and d: 30s")
            return nil
        }
        guard bounds.contains(duration) else {
            mismatch(expected)
            return nil
        }
        return duration
    }

    /// A size within bounds, in bytes.
    func size(in bounds: ClosedRange<Int>, or word: String? = nil) -> Int? {
        let range = "a size from \(SizeForm.text(bounds.lowerBound)) to \(SizeForm.text(bounds.upperBound))"
        let expected = word.map { "\(range), or \($0)" } ?? range
        guard let text = plain(expected) else { return nil }
        guard let size = SizeForm.parse(text) else {
            mismatch(expected, hint: SizeForm.guess(text).map { "did you mean \($0)?" } ?? "units are KiB, MiB and GiB")
            return nil
        }
        guard bounds.contains(size) else {
            mismatch(expected)
            return nil
        }
        return size
    }

    /// Whether the value is this word, written as a word.
    func isWord(_ word: String) -> Bool { node.scalar?.text == word }

    /// One of the names of an enumeration.
    ///
    /// `off` is compared as text: it is no boolean here, whatever YAML 1.1 says.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ type: Choice.Type = Choice.self) -> Choice? {
        let names = Choice.allCases.map(\.rawValue)
        guard let text = text("one of " + names.joined(separator: ", ")) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            findings.unknown("\(key.quoted) value", text, at: location, among: names)
            return nil
        }
        requireSupport(of: text)
        return choice
    }

    /// A path, resolved against the folder of the configuration.
    func file() -> FileReference? {
        text("a path").map { FileReference(path: context.resolve($0), location: location) }
    }

    // MARK: Collections

    /// The items of a list.
    func items() -> [Value] {
        guard case .sequence(let nodes) = node.content else {
            mismatch("a list", hint: "write [ ] around a single value")
            return []
        }
        return nodes.map { item(at: $0) }
    }

    /// The items of a list of which one may stand alone.
    func itemsOrItself() -> [Value] {
        if case .sequence = node.content { items() } else { [self] }
    }

    /// The items of a list that has at least one.
    func someItems() -> [Value] {
        let items = items()
        if items.isEmpty, case .sequence = node.content {
            error("\(key.quoted): expected at least one entry")
        }
        return items
    }

    /// The items of a list, read one by one, none twice.
    func distinct<Item: Hashable>(_ items: [Value], _ read: (Value) -> Item?) -> [Item] {
        var seen: Set<Item> = []
        var result: [Item] = []
        for item in items {
            guard let value = read(item) else { continue }
            if seen.insert(value).inserted {
                result.append(value)
            } else {
                item.error("\(key.quoted): \(item.node.kind) is written twice")
            }
        }
        return result
    }

    /// The mapping.
    func section() -> Section { Section(node, path: path, context: context) }

    private func item(at node: YAMLNode) -> Value {
        Value(node: node, key: key, keyLocation: node.location, path: path, context: context)
    }
}
