/// What the walkers share while one file is read.
struct ReadingContext {
    let findings: Findings
    let unsupported: UnsupportedKeys

    /// Folder of the configuration file, with a `/` at the end, or empty: what relative paths begin with.
    let folder: String

    /// The path that a written one stands for.
    func resolve(_ path: String) -> String {
        path.hasPrefix("/") ? path : folder + path
    }
}

/// One mapping being read: a key asked for is known, and every other one is reported by `finish()`.
final class Section {
    /// Keys from the root, without list indices and names: `listeners.http`.
    let path: String
    let location: SourceLocation
    let context: ReadingContext

    private let entries: [YAMLNode.Entry]
    private var asked: [String] = []

    /// Whether it stands in for something that was reported; then nothing is missing from it.
    let isRefused: Bool

    var findings: Findings { context.findings }

    init(_ node: YAMLNode, path: String, context: ReadingContext) {
        self.path = path
        location = node.location
        self.context = context
        switch node.content {
        case .mapping(let entries):
            self.entries = entries
            isRefused = false
        case .refused:
            entries = []
            isRefused = true
        case .scalar, .sequence:
            entries = []
            isRefused = true
            context.findings.error(at: node.location, "expected a mapping of keys, found \(node.kind)")
        }
    }

    /// The value of a key, `nil` when it is not written (or left empty, which is reported).
    subscript(key: String) -> Value? {
        if !asked.contains(key) { asked.append(key) }
        guard let entry = entries.first(where: { $0.key == key }) else { return nil }
        let value = Value(
            node: entry.value, key: key, keyLocation: entry.location, path: path.isEmpty ? key : "\(path).\(key)",
            context: context)
        if context.unsupported.keys.contains(value.path) {
            findings.unsupported(key.quoted, at: entry.location)
        }
        guard !entry.value.isNull else {
            findings.error(at: entry.location, "\(key.quoted) has no value", hint: "write one, or leave the key out")
            return nil
        }
        return value
    }

    /// The value of a key that must be written.
    func required(_ key: String, hint: String? = nil) -> Value? {
        if let value = self[key] { return value }
        if !isRefused, !entries.contains(where: { $0.key == key }) {
            findings.error(at: location, "\(key.quoted) is missing", hint: hint)
        }
        return nil
    }

    /// Whether a key is written at all.
    func has(_ key: String) -> Bool { entries.contains { $0.key == key } }

    /// Where a key is written; where the mapping is, when it is not.
    func location(of key: String) -> SourceLocation {
        entries.first { $0.key == key }?.location ?? location
    }

    /// Where these keys are written, those that are.
    func locations(of keys: [String]) -> [String: SourceLocation] {
        var locations: [String: SourceLocation] = [:]
        for key in keys where has(key) { locations[key] = location(of: key) }
        return locations
    }

    /// The keys when they are names that the operator chose, with their values.
    func named() -> [Value] {
        asked += entries.map(\.key)
        return entries.map { entry in
            Value(node: entry.value, key: entry.key, keyLocation: entry.location, path: path, context: context)
        }
    }

    /// Reports every key that nobody asked for.
    func finish() {
        for entry in entries where !asked.contains(entry.key) {
            if entry.key == "key_passphrase" || entry.key == "passphrase" || entry.key == "password" {
                findings.error(
                    at: entry.location, "secrets do not belong into the configuration",
                    hint: "write it into a file of its own and name that in \"key_passphrase_file\"")
            } else {
                findings.unknown("key", entry.key, at: entry.location, among: asked)
            }
        }
    }
}
