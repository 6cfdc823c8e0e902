/// Reads an enrolment list that is a YAML list of mappings.
struct EnrolmentYAML {
    let findings: Findings

    func drafts(in text: String) -> [EnrolmentDraft] {
        var composer = YAMLComposer(
            findings: findings,
            bounds: YAMLBounds(nodes: EnrolmentLimits.entries * 8, entries: EnrolmentLimits.entries))
        // No variables: a list is data, and a name may hold whatever it likes.
        guard let root = composer.compose(text, environment: nil) else { return [] }
        switch root.content {
        case .sequence(let nodes): return nodes.compactMap(draft)
        case .refused: return []
        case .scalar, .mapping:
            findings.error(
                at: root.location, "expected a list of callers, found \(root.kind)",
                hint: "- {structure: \"10B0221636\", name: \"INSI-AUTO\", client_id: \"17\"}")
            return []
        }
    }

    private func draft(_ node: YAMLNode) -> EnrolmentDraft? {
        guard case .mapping(let entries) = node.content else {
            if case .refused = node.content { return nil }
            findings.error(at: node.location, "expected a mapping of structure and name, or of subject")
            return nil
        }
        var draft = EnrolmentDraft(location: node.location)
        for entry in entries {
            guard EnrolmentDraft.keys.contains(entry.key) else {
                findings.unknown("key", entry.key, at: entry.location, among: EnrolmentDraft.keys)
                continue
            }
            guard let scalar = entry.value.scalar, !entry.value.isNull else {
                findings.error(at: entry.location, "\(entry.key.quoted) has no value")
                continue
            }
            draft[entry.key] = EnrolmentDraft.Field(text: scalar.text, location: entry.value.location)
        }
        return draft
    }
}
