import Yams

/// Yams' nodes to ours: bounded, without anchors and tags, variables put in, duplicate keys reported.
struct YAMLConversion {
    let findings: Findings
    /// Where variables are taken from; nil where none are meant by `${`.
    let environment: [String: String]?
    let bounds: YAMLBounds

    /// The name of a key that was changed to look past it, by its place.
    let nameOfMasked: (Mark) -> String?

    private var nodes = 0

    init(
        findings: Findings, environment: [String: String]?, bounds: YAMLBounds,
        nameOfMasked: @escaping (Mark) -> String?
    ) {
        self.findings = findings
        self.environment = environment
        self.bounds = bounds
        self.nameOfMasked = nameOfMasked
    }

    mutating func convert(_ node: Node, depth: Int = 0) -> YAMLNode {
        let location = Self.location(of: node)
        func refuse(_ message: String, hint: String? = nil) -> YAMLNode {
            findings.error(at: location, message, hint: hint)
            return YAMLNode(content: .refused, location: location)
        }
        nodes += 1
        guard nodes <= bounds.nodes else { return YAMLNode(content: .refused, location: location) }
        guard depth <= Limits.nesting else { return refuse("nested deeper than \(Limits.nesting) levels") }
        // An alias comes as a copy of its anchored node: not going into either bounds what aliases multiply.
        guard node.anchor == nil else {
            return refuse("YAML anchors and aliases are not supported", hint: "write the value out at each place")
        }
        switch node {
        case .scalar(let scalar):
            guard node.tag.isCore else { return refuse("YAML tags are not supported") }
            let text = substitute(scalar.string, at: location)
            return YAMLNode(
                content: text.map {
                    .scalar(
                        YAMLNode.Scalar(
                            text: $0, isPlain: scalar.style == .plain, hasVariable: scalar.string.contains("${")))
                } ?? .refused,
                location: location)
        case .sequence(let sequence):
            guard node.tag.isCore else { return refuse("YAML tags are not supported") }
            guard sequence.count <= bounds.entries else { return refuse("more than \(bounds.entries) entries") }
            return YAMLNode(content: .sequence(sequence.map { convert($0, depth: depth + 1) }), location: location)
        case .mapping(let mapping):
            guard node.tag.isCore else { return refuse("YAML tags are not supported") }
            guard mapping.count <= bounds.entries else { return refuse("more than \(bounds.entries) entries") }
            return YAMLNode(content: .mapping(entries(of: mapping, depth: depth)), location: location)
        case .alias:
            return refuse("YAML anchors and aliases are not supported")
        }
    }

    private mutating func entries(of mapping: Node.Mapping, depth: Int) -> [YAMLNode.Entry] {
        var entries: [YAMLNode.Entry] = []
        var places: [String: SourceLocation] = [:]
        for (key, value) in mapping {
            let location = Self.location(of: key)
            let converted = convert(value, depth: depth + 1)
            guard case .scalar(let scalar) = key, key.anchor == nil, key.tag.isCore else {
                findings.error(at: location, "expected a key, which is a single word")
                continue
            }
            let name = key.mark.flatMap(nameOfMasked) ?? scalar.string
            if let first = places[name] {
                findings.error(
                    at: location, "duplicate key \(name.quoted)", hint: "it was first written at line \(first.line)")
            } else {
                places[name] = location
                entries.append(YAMLNode.Entry(key: name, location: location, value: converted))
            }
        }
        return entries
    }

    private func substitute(_ text: String, at location: SourceLocation) -> String? {
        guard let environment else { return text }
        do throws(SubstitutionError) {
            return try Substitution.expand(text, environment: environment)
        } catch {
            findings.error(at: location, error.description, hint: error.hint)
            return nil
        }
    }

    private static func location(of node: Node) -> SourceLocation {
        guard let mark = node.mark else { return .start }
        let length =
            switch node {
            case .scalar(let scalar) where scalar.style == .plain: scalar.string.unicodeScalars.count
            case .scalar(let scalar) where scalar.style == .singleQuoted || scalar.style == .doubleQuoted:
                scalar.string.unicodeScalars.count + 2
            default: 1
            }
        return SourceLocation(line: mark.line, column: mark.column, length: length)
    }
}

extension Tag {
    /// Whether it is the tag that a node has when none is written.
    fileprivate var isCore: Bool {
        ["", "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"].contains(description)
    }
}
