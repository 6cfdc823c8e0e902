internal import DER
internal import Observability

/// When things end, as metrics.
enum ExpiryMetrics {
    private static let certificates = MetricFamily(
        "poterne_certificate_not_after_timestamp_seconds", .maximum,
        help: "When a certificate that the configuration names expires.")
    private static let callers = MetricFamily(
        "poterne_caller_certificate_not_after_timestamp_seconds", .maximum,
        help: "When the certificate of a caller seen within 30 days expires; of the soonest ones.")
    private static let seen = MetricFamily(
        "poterne_callers_seen", .gauge, help: "Callers' certificates seen within 30 days.")
    private static let counts = MetricFamily(
        "poterne_expiries", .gauge, help: "Certificates and CRLs by how near their end is.")

    static func add(_ list: ExpiryList, to metrics: inout MetricsSnapshot) {
        var callersLeft = Limits.soonestCallers
        var seenCallers: Int64 = 0
        for thing in list.things {
            let ends = Double(thing.ends.secondsSinceEpoch)
            switch thing.kind {
            case .own, .chain, .anchor, .issuer:
                metrics.add(
                    ends, to: certificates, MetricLabel("kind", thing.kind.rawValue), MetricLabel("owner", thing.owner),
                    MetricLabel("subject", thing.subject), MetricLabel("serial", thing.serial))
            case .caller:
                seenCallers += 1
                guard callersLeft > 0 else { continue }
                callersLeft -= 1
                metrics.add(
                    ends, to: callers, MetricLabel("owner", thing.owner),
                    MetricLabel("structure", thing.structure ?? ""), MetricLabel("subject", thing.subject),
                    MetricLabel("serial", thing.serial))
            case .crl:
                // With their numbers among the metrics of CRLs.
                continue
            }
        }
        metrics.add(Gauge(seenCallers), to: seen)
        for kind in ExpiringThing.Kind.allCases {
            for level in ExpiryLevel.allCases {
                metrics.add(
                    Gauge(Int64(list.count(of: kind, level))), to: counts, MetricLabel("kind", kind.rawValue),
                    MetricLabel("level", level.rawValue))
            }
        }
    }
}
