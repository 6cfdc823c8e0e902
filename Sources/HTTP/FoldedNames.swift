/// A set of field names and of prefixes of names, compared with case folded and `_`, `-`, `.`, `~` and their like the same.
///
/// The identity families are such sets: what falls in one is removed from every request and trailer.
public struct FoldedNames: Sendable, Hashable {
    private var exact: [[UInt8]] = []
    private var prefixes: [[UInt8]] = []
    /// One bit per first character (its low six bits), so that most names are answered by one test.
    private var firstCharacters: UInt64 = 0

    /// An empty set.
    public init() {}

    /// A set of whole names and of prefixes.
    public init(names: [String], prefixes: [String] = []) {
        for name in names { insert(name) }
        for prefix in prefixes { insert(prefix: prefix) }
    }

    /// Adds a whole name.
    public mutating func insert(_ name: String) {
        guard let bytes = fold(name), !exact.contains(bytes) else { return }
        exact.append(bytes)
    }

    /// Adds every name that begins with `prefix`.
    public mutating func insert(prefix: String) {
        guard let bytes = fold(prefix), !prefixes.contains(bytes) else { return }
        prefixes.append(bytes)
    }

    /// Whether `name` is in the set.
    public func contains(_ name: Span<UInt8>) -> Bool {
        guard name.count > 0, firstCharacters >> UInt64(FieldName.folded(name[0]) & 63) & 1 == 1 else { return false }
        for candidate in exact where candidate.count == name.count {
            if FoldedNames.begins(name, with: candidate.span) { return true }
        }
        for prefix in prefixes where prefix.count <= name.count {
            if FoldedNames.begins(name, with: prefix.span) { return true }
        }
        return false
    }

    private mutating func fold(_ name: String) -> [UInt8]? {
        let bytes = name.utf8.map(FieldName.folded)
        guard let first = bytes.first else { return nil }
        firstCharacters |= 1 << UInt64(first & 63)
        return bytes
    }

    private static func begins(_ name: Span<UInt8>, with folded: Span<UInt8>) -> Bool {
        for index in 0..<folded.count where FieldName.folded(name[index]) != folded[index] { return false }
        return true
    }
}
