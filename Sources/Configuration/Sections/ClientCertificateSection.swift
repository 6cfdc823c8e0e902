extension ClientCertificateConfiguration {
    /// `client_certificate` of a listener, left out only where one trust is too few to guess from.
    static func read(
        _ section: Section?, listener: Section, references: inout References
    ) -> ClientCertificateConfiguration {
        let findings = listener.findings
        let mode: Mode = section?["mode"]?.choice() ?? Defaults.mode
        let trustValue = section?["trust"]
        let acceptValue = section?["accept"]
        var trust: TrustConfiguration?
        if let name = trustValue?.text("the name of a trust") {
            trust = references.trusts.first { $0.name == name }
            references.usedTrusts.insert(name)
            if trust == nil, let trustValue {
                findings.unknown(
                    "trust", name, at: trustValue.location, among: references.trusts.map(\.name))
            }
        }
        let accept = acceptValue.flatMap { AcceptedKinds.read($0, under: trust) }
        if mode == .none {
            for value in [trustValue, acceptValue] {
                guard let value else { continue }
                findings.error(at: value.keyLocation, "\(value.key.quoted) has no effect with mode: none")
            }
        } else if section == nil {
            if !listener.has("client_certificate") {
                findings.error(
                    at: listener.location, "\"client_certificate\" is missing",
                    hint:
                        "client_certificate: {mode: required, trust: NAME}, or {mode: none} for a listener that asks nobody"
                )
            }
        } else if trustValue == nil {
            _ = section?.required("trust", hint: "the name of an entry of trust:")
        }
        let configuration = ClientCertificateConfiguration(
            mode: mode,
            trust: mode == .none ? nil : trust?.name ?? "",
            // What could not be read was reported: routes are not held against it.
            accept: accept ?? (acceptValue != nil || trust?.environment == .generic ? .any : Defaults.accept),
            onRefusal: section?["on_refusal"]?.choice() ?? Defaults.onRefusal,
            cutOnRevocation: section?["cut_on_revocation"]?.boolean() ?? Defaults.cutOnRevocation,
            cutOnExpiry: section?["cut_on_expiry"]?.boolean() ?? Defaults.cutOnExpiry,
            location: section?.location ?? listener.location,
            ruleLocations: section?.locations(of: ["mode", "trust", "accept", "on_refusal"]) ?? [:])
        section?.finish()
        return configuration
    }
}

extension AcceptedKinds {
    private static let anyName = "ANY"

    /// A list of kinds, or `[ANY]`; which of them depends on the trust they are issued under.
    static func read(_ value: Value, under trust: TrustConfiguration?) -> AcceptedKinds? {
        let names = AcceptableKind.allCases.map(\.rawValue)
        let items = value.someItems()
        guard items.contains(where: { $0.isWord(anyName) }) else {
            let kinds = value.distinct(items) { item -> AcceptableKind? in
                guard let text = item.text("a kind of certificate") else { return nil }
                guard let kind = AcceptableKind(rawValue: text) else {
                    item.findings.unknown("kind of certificate", text, at: item.location, among: names + [anyName])
                    return nil
                }
                return kind
            }
            if trust?.environment == .generic, let first = items.first {
                first.error(
                    "a generic trust knows no kinds of certificates", hint: "write accept: [ANY], or leave accept out")
                return .any
            }
            return kinds.isEmpty ? nil : .kinds(kinds)
        }
        for item in items where !item.isWord(anyName) {
            item.error("beside ANY no other kind has an effect")
        }
        if let trust, trust.environment != .generic, let item = items.first(where: { $0.isWord(anyName) }) {
            item.error(
                "ANY is allowed only under a generic trust",
                hint:
                    "\(trust.name.quoted) is IGC-Santé, \(trust.environment.rawValue): name the kinds, such as ORG AUTH_CLI"
            )
        }
        return .any
    }

    /// Whether everything that passes here passes there too.
    func isSubset(of other: AcceptedKinds) -> Bool {
        switch (self, other) {
        case (_, .any): true
        case (.any, .kinds): false
        case (.kinds(let kinds), .kinds(let others)): Set(kinds).isSubset(of: others)
        }
    }
}

extension AcceptedKinds: CustomStringConvertible {
    /// As it is written in the configuration.
    public var description: String {
        switch self {
        case .any: "[ANY]"
        case .kinds(let kinds): "[\(kinds.map(\.rawValue).joined(separator: ", "))]"
        }
    }
}
