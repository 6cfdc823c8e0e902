internal import DER
internal import Observability
internal import Revocation
internal import X509

/// The CRLs in use, as metrics.
enum RevocationMetrics {
    private static let entries = MetricFamily(
        "poterne_crl_entries", .gauge, help: "Revoked serial numbers known, by CA.")
    private static let nextUpdate = MetricFamily(
        "poterne_crl_next_update_timestamp_seconds", .maximum, help: "When a CRL expires, by CA.")
    private static let thisUpdate = MetricFamily(
        "poterne_crl_this_update_timestamp_seconds", .maximum, help: "When a CRL was issued, by CA.")
    private static let age = MetricFamily(
        "poterne_crl_age_seconds", .maximum, help: "Since when a CRL is issued, by CA.")
    private static let number = MetricFamily(
        "poterne_crl_number", .maximum, help: "The number of a CRL, by CA: of the base and of the delta over it.")

    static func add(
        _ snapshot: RevocationSnapshot, of trust: String, at moment: Timestamp, to metrics: inout MetricsSnapshot
    ) {
        let authorities = snapshot.authorities.values.sorted {
            $0.certificate.der.lexicographicallyPrecedes($1.certificate.der)
        }
        for authority in authorities {
            let name = MetricLabel("ca", authority.certificate.subject.values(of: .commonName).first ?? "")
            let trust = MetricLabel("trust", trust)
            for index in authority.indexes {
                metrics.add(Gauge(Int64(index.base.count + (index.delta?.count ?? 0))), to: entries, trust, name)
                metrics.add(Double(index.nextUpdate.secondsSinceEpoch), to: nextUpdate, trust, name)
                metrics.add(Double(index.thisUpdate.secondsSinceEpoch), to: thisUpdate, trust, name)
                metrics.add(Double(moment.seconds(since: index.thisUpdate)), to: age, trust, name)
                metrics.add(value(of: index.base.number), to: number, trust, name, MetricLabel("kind", "base"))
                guard let delta = index.delta else { continue }
                metrics.add(value(of: delta.number), to: number, trust, name, MetricLabel("kind", "delta"))
            }
        }
    }

    /// As near as a metric can say it: numbers may have 160 bits.
    private static func value(of number: CRLNumber) -> Double { Double("\(number)") ?? .nan }
}
