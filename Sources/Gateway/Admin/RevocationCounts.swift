internal import Observability
internal import Revocation

/// What became of the CRLs that were offered and fetched since the start, by trust and outcome.
struct RevocationCounts: Sendable {
    private var outcomes: [Outcome: Counter] = [:]

    private struct Outcome: Hashable {
        let trust: String
        let code: String
    }

    private static let family = MetricFamily(
        "poterne_crl_offers_total", .counter, help: "CRLs of files and sources, and fetches, by what came of them.")

    /// Counts an event that is about a CRL that came, or did not.
    mutating func note(_ event: RevocationEvent, of trust: String) {
        guard let code = event.code else { return }
        outcomes[Outcome(trust: trust, code: code), default: Counter()].increment()
    }

    func add(to metrics: inout MetricsSnapshot) {
        for (outcome, count) in outcomes {
            metrics.add(
                count, to: Self.family, MetricLabel("trust", outcome.trust), MetricLabel("outcome", outcome.code))
        }
    }
}
