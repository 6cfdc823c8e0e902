internal import DER
internal import Observability
internal import Revocation

/// What became of the CRLs that were offered and fetched since the start, by trust and outcome.
struct RevocationCounts: Sendable {
    private var outcomes: [Outcome: Counter] = [:]
    private var fetches: [Fetch: Counter] = [:]
    private var successes: [Source: Timestamp] = [:]

    private struct Outcome: Hashable {
        let trust: String
        let code: String
    }

    private struct Source: Hashable {
        let trust: String
        let source: RevocationSource
    }

    private struct Fetch: Hashable {
        let source: Source
        let code: String
    }

    private static let fetched = MetricFamily(
        "poterne_crl_fetches_total", .counter, help: "Answers of the sources of CRLs, by what came of them.")
    private static let lastSuccess = MetricFamily(
        "poterne_crl_source_last_success_timestamp_seconds", .maximum,
        help: "When a source last gave a CRL that could be used, or said that it has no newer one.")

    private static let family = MetricFamily(
        "poterne_crl_offers_total", .counter, help: "CRLs of files and sources, and fetches, by what came of them.")

    /// Counts an event that is about a CRL that came, or did not.
    mutating func note(_ event: RevocationEvent, of trust: String, at moment: Timestamp = .now()) {
        guard let code = event.code else { return }
        if let source = event.source {
            let source = Source(trust: trust, source: source)
            fetches[Fetch(source: source, code: code), default: Counter()].increment()
            if event.isSuccess { successes[source] = moment }
        }
        outcomes[Outcome(trust: trust, code: code), default: Counter()].increment()
    }

    func add(to metrics: inout MetricsSnapshot) {
        for (outcome, count) in outcomes {
            metrics.add(
                count, to: Self.family, MetricLabel("trust", outcome.trust), MetricLabel("outcome", outcome.code))
        }
        for (fetch, count) in fetches {
            metrics.add(
                count, to: Self.fetched, MetricLabel("trust", fetch.source.trust),
                MetricLabel("source", "\(fetch.source.source)"), MetricLabel("outcome", fetch.code))
        }
        for (source, moment) in successes {
            metrics.add(
                Double(moment.secondsSinceEpoch), to: Self.lastSuccess, MetricLabel("trust", source.trust),
                MetricLabel("source", "\(source.source)"))
        }
    }
}

extension RevocationEvent {
    /// The configured source that it is about.
    fileprivate var source: RevocationSource? {
        switch self {
        case .offered(_, from: .source(let source)), .notModified(let source), .fetchFailed(let source, _, _): source
        default: nil
        }
    }

    /// Whether a source has done what it is for.
    fileprivate var isSuccess: Bool {
        switch self {
        case .offered(.accepted, _), .offered(.unchanged, _), .offered(.waiting, _), .notModified: true
        default: false
        }
    }
}
