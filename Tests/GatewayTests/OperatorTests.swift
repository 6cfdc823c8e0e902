import DER
import EventLoop
import Observability
import Revocation
import TLS
import TestPKI
import Testing
import Trust

@testable import Gateway

@Suite("Whether the gateway is ready")
struct ServiceReadinessTests {
    private static func missing(
        _ check: RevocationCheck, until seconds: Int64?, staleness: StalenessPolicy = .refuse
    ) throws -> [String] {
        let authority = try TestAuthority()
        let trust = try authority.trust(revocation: check)
        let snapshots = try seconds.map { ["essai": try authority.revocation(until: $0, staleness: staleness)] } ?? [:]
        return ServiceReadiness(trusts: [trust], snapshots: snapshots, now: TestAuthority.noon).missing
    }

    @Test("It is where nothing is asked of revocation, and with a fresh CRL")
    func ready() throws {
        #expect(try Self.missing(.off, until: nil) == [])
        #expect(try Self.missing(.leaf, until: 3_600) == [])
        #expect(try Self.missing(.path, until: 3_600) == [])
    }

    @Test("It is not without a CRL, nor with a stale one")
    func notReady() throws {
        #expect(try Self.missing(.leaf, until: nil).contains { $0.hasPrefix("trust essai: no CRL of ") })
        let stale = try Self.missing(.leaf, until: -1)
        #expect(stale.count == 1)
        #expect(stale.first?.hasSuffix(" is stale") == true)
    }

    @Test("A stale CRL counts within its grace, and not a second longer")
    func grace() throws {
        #expect(try Self.missing(.leaf, until: -60, staleness: .grace(seconds: 60)) == [])
        #expect(try Self.missing(.leaf, until: -61, staleness: .grace(seconds: 60)).count == 1)
    }
}

@Suite("What the operator's endpoint counts")
struct MetricsTests {
    private static func text(_ metrics: MetricsSnapshot) -> [String] {
        var bytes: [UInt8] = []
        metrics.appendPrometheusText(to: &bytes)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test("Reports of several workers add up")
    func workers() {
        var counts = WorkerMetrics()
        counts.accepts.increment(by: 3)
        counts.handshakes.succeeded(over: .tls13, resumed: false, nanoseconds: 1_000_000)
        counts.handshakes.succeeded(over: .tls12, resumed: true, nanoseconds: 1_000_000)
        counts.handshakes.refused("revoked")
        counts.cuts.record("expired")
        counts.requests.record(status: 204, nanoseconds: 1_000_000)
        counts.requests.record(status: 999, nanoseconds: 1_000_000)
        var metrics = MetricsSnapshot()
        for _ in 0..<2 {
            let report = WorkerReport(metrics: counts, connections: 4, cache: CacheTotals(hits: 5, entries: 6))
            Metrics.add(report, to: &metrics)
            TrafficMetrics(routes: RouteMeters().names, structures: ["none"]).add(counts.requests, to: &metrics)
        }
        let lines = Self.text(metrics)
        for line in [
            "poterne_connections 8", "poterne_accepts_total 6",
            "poterne_handshakes_total{version=\"TLSv1.3\",resumed=\"false\"} 2",
            "poterne_handshakes_total{version=\"TLSv1.2\",resumed=\"true\"} 2",
            "poterne_handshake_duration_seconds_count{resumed=\"true\"} 2",
            "poterne_handshakes_refused_total{reason=\"revoked\"} 2",
            "poterne_connections_cut_total{reason=\"expired\"} 2", "poterne_requests_total{class=\"2xx\"} 2",
            "poterne_requests_total{class=\"none\"} 2", "poterne_verification_cache_total{outcome=\"hit\"} 10",
            "poterne_verification_cache_entries 12",
            "poterne_request_duration_seconds_count{listener=\"\",route=\"none\"} 4",
        ] {
            #expect(lines.contains(line))
        }
    }

    @Test("What is known of revocation is shown by CA and trust")
    func revocation() throws {
        var metrics = MetricsSnapshot()
        RevocationMetrics.add(
            try TestAuthority().revocation(until: 3_600), of: "essai", at: TestAuthority.noon, to: &metrics)
        let lines = Self.text(metrics)
        let labels = "{trust=\"essai\",ca=\"Racine des essais\"}"
        #expect(lines.contains("poterne_crl_entries\(labels) 0"))
        #expect(lines.contains("poterne_crl_age_seconds\(labels) 7200"))
        #expect(lines.contains("poterne_crl_number{trust=\"essai\",ca=\"Racine des essais\",kind=\"base\"} 7"))
        let end = TestAuthority.noon.adding(seconds: 3_600).secondsSinceEpoch
        #expect(lines.contains("poterne_crl_next_update_timestamp_seconds\(labels) \(end)"))
    }
}
