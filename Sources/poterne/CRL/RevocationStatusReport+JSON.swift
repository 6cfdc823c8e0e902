import DER
import Gateway
import Revocation
import X509

/// The report for scripts.
extension RevocationStatusReport {
    var json: JSONText {
        .object([
            ("at", .string(now.rfc3339)),
            (
                "trusts",
                .list(
                    trusts.map { trust in
                        .object([
                            ("trust", .string(trust.name)),
                            ("checked", .boolean(trust.isChecked)),
                            ("authorities", .list(trust.authorities.map(describe))),
                            ("problems", .list(trust.problems.map(JSONText.string))),
                        ])
                    })
            ),
        ])
    }

    private func describe(_ authority: Authority) -> JSONText {
        .object([
            ("ca", .string(authority.certificate.subject.rfc2253)),
            ("state", .string(authority.state.rawValue)),
            ("asked", .boolean(authority.isAsked)),
            ("lists", .list(authority.lists.map(describe))),
            ("sources", .list(authority.sources.map(RevocationStatusReport.describe))),
        ])
    }

    private func describe(_ list: RevocationReport.Lists) -> JSONText {
        let facts =
            list.base.map { RevocationStatusReport.members(of: $0) } ?? [
                ("number", .null), ("this_update", .null), ("next_update", .null), ("entries", .null), ("bytes", .null),
            ]
        return .object(
            facts + [
                ("origin", list.base == nil ? .null : .string("\(list.baseOrigin)")),
                ("kept_at", .optional(list.base == nil ? nil : keptAt(list.baseOrigin)?.rfc3339)),
                ("delta", RevocationStatusReport.describe(list.delta, from: list.deltaOrigin)),
                ("waiting_delta", RevocationStatusReport.describe(list.waitingDelta, from: list.deltaOrigin)),
                ("index_bytes", .number(list.indexSize)),
            ])
    }

    private static func describe(_ delta: RevocationListFacts?, from origin: RevocationOrigin) -> JSONText {
        guard let delta else { return .null }
        return .object(
            members(of: delta) + [
                ("base_number", .optional(delta.baseNumber.map { "\($0)" })), ("origin", .string("\(origin)")),
            ])
    }

    private static func members(of facts: RevocationListFacts) -> [(String, JSONText)] {
        [
            ("number", .string("\(facts.number)")),
            ("this_update", .string(facts.thisUpdate.rfc3339)),
            ("next_update", .string(facts.nextUpdate.rfc3339)),
            ("entries", .number(facts.count)),
            ("bytes", .number(facts.size)),
        ]
    }

    private static func describe(_ source: Source) -> JSONText {
        .object([
            ("url", .string(source.url)),
            ("delta", .boolean(source.isDelta)),
            ("last_attempt", .optional(source.lastAttempt?.rfc3339)),
            ("last_success", .optional(source.lastSuccess?.rfc3339)),
            ("failure", .optional(source.failure)),
            ("next_attempt", .optional(source.nextAttempt?.rfc3339)),
        ])
    }
}
