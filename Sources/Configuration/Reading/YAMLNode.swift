/// A piece of the file, with its place: what the walkers walk.
struct YAMLNode {
    /// What stands there.
    enum Content {
        case scalar(Scalar)
        case sequence([YAMLNode])
        /// In the order of the file, no key twice.
        case mapping([Entry])
        /// Something that was reported already: it is silently taken for whatever is expected.
        case refused
    }

    /// A value.
    struct Scalar {
        /// With its variables put in.
        let text: String
        /// Whether it is written without quotes, as numbers and booleans are.
        let isPlain: Bool
        /// Whether it held a variable.
        let hasVariable: Bool
    }

    /// A key and its value.
    struct Entry {
        let key: String
        let location: SourceLocation
        let value: YAMLNode
    }

    let content: Content
    let location: SourceLocation

    /// The value, when it is one.
    var scalar: Scalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    /// Whether the value was left empty.
    var isNull: Bool {
        guard let scalar, scalar.isPlain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.text)
    }

    /// What stands there, in words.
    var kind: String {
        switch content {
        case .scalar where isNull: "nothing"
        // A URL with a password from the environment must not find its way into a log.
        case .scalar(let scalar) where scalar.hasVariable && scalar.text.contains("@"): "a value with variables"
        case .scalar(let scalar): scalar.text.quoted
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .refused: "something refused"
        }
    }
}
