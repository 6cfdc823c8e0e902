extension IdentityConfiguration {
    /// `identity`: presets and `custom: [...]`, of which one may stand without a list around it.
    static func readList(_ value: Value) -> [IdentityConfiguration] {
        let items = value.itemsOrItself()
        let identity = value.distinct(items, read)
        if identity.count(where: \.isSigned) > 1 {
            value.error("\"identity\": signed is written twice", hint: "a request has one signed identity")
        }
        let presets = identity.compactMap { item -> Preset? in
            if case .preset(let preset) = item { preset } else { nil }
        }
        var names: Set<String> = []
        for item in identity {
            guard case .custom(let headers) = item else { continue }
            for header in headers {
                if !names.insert(FieldNames.folded(header.name)).inserted {
                    value.findings.error(
                        at: header.location, "two identity headers are named \(header.name.quoted)",
                        hint: "letter case, \"_\", \"-\" and \".\" make no difference to many upstreams")
                }
                if let preset = presets.first(where: { FieldNames.isWritten(header.name, by: $0) }) {
                    value.findings.error(
                        at: header.location, "the preset \(preset.rawValue) writes \(header.name.quoted) already")
                }
            }
        }
        return identity
    }

    private static let signedWord = "signed"

    /// Whether it is a token of the gateway's own.
    public var isSigned: Bool {
        if case .signed = self { true } else { false }
    }

    private static func read(_ value: Value) -> IdentityConfiguration? {
        if value.isWord(signedWord) { return .signed(audience: nil) }
        if let text = value.node.scalar?.text, !value.node.isNull, Preset(rawValue: text) == nil {
            value.findings.unknown(
                "\(value.key.quoted) value", text, at: value.location,
                among: Preset.allCases.map(\.rawValue) + [signedWord])
            return nil
        }
        if value.node.scalar != nil {
            return value.choice(Preset.self).map(IdentityConfiguration.preset)
        }
        guard case .mapping = value.node.content else {
            value.mismatch("a preset (\(Preset.allCases.map(\.rawValue).joined(separator: ", "))) or custom: [...]")
            return nil
        }
        let section = value.section()
        if section.has(signedWord) {
            let settings = section[signedWord]?.section()
            let audience = settings?.required("audience", hint: "what aud says")?.text()
            settings?.finish()
            section.finish()
            return .signed(audience: audience)
        }
        let headers =
            section.required("custom", hint: "custom: [{name: X-Caller, value: \"{structure_id}\"}]")?.someItems() ?? []
        section.finish()
        return .custom(headers.compactMap { CustomIdentityHeader.read($0.section()) })
    }
}

extension CustomIdentityHeader {
    static func read(_ section: Section) -> CustomIdentityHeader? {
        let name = section.required("name").flatMap { $0.fieldName(.identity) }
        let value = section.required("value", hint: "text and placeholders: \"{structure_id}\"").map(readPieces)
        section.finish()
        guard let name, let value, !value.isEmpty else { return nil }
        return CustomIdentityHeader(name: name, value: value, location: section.location)
    }

    /// Text and placeholders; `{{` and `}}` stand for braces.
    static func readPieces(_ value: Value) -> [Piece] {
        guard let text = value.fieldValue() else { return [] }
        var pieces: [Piece] = []
        var literal = ""
        var rest = Substring(text)
        while let first = rest.first {
            if rest.hasPrefix("{{") || rest.hasPrefix("}}") {
                literal.append(first)
                rest = rest.dropFirst(2)
            } else if first == "{" {
                guard let end = rest.firstIndex(of: "}") else {
                    value.error("\"{\" without \"}\"", hint: "write {{ for { itself")
                    return pieces
                }
                let name = String(rest[..<end].dropFirst())
                if !literal.isEmpty { pieces.append(.text(literal)) }
                literal = ""
                if let placeholder = IdentityPlaceholder(rawValue: name) {
                    value.requireSupport(of: "{\(name)}")
                    pieces.append(.placeholder(placeholder))
                } else {
                    value.findings.unknown(
                        "placeholder", name, at: value.location, among: IdentityPlaceholder.allCases.map(\.rawValue))
                }
                rest = rest[end...].dropFirst()
            } else if first == "}" {
                value.error("\"}\" without \"{\"", hint: "write }} for } itself")
                return pieces
            } else {
                literal.append(first)
                rest = rest.dropFirst()
            }
        }
        if !literal.isEmpty { pieces.append(.text(literal)) }
        return pieces
    }
}
