internal import TLS
internal import Trust
internal import X509

/// What a configuration says of things that end: which certificates it names, and from when on they are near their end.
struct ExpiryPlan: Sendable {
    /// Seconds left, or fewer, that count as near: `expiry_warning`.
    let threshold: Int64
    /// The certificates that the configuration names.
    let certificates: [ExpiringThing]
    /// How callers are told; nil where they are not.
    let header: ExpiryHeader?

    /// Of nothing.
    static let none = ExpiryPlan(threshold: 0, listeners: [], upstreams: [], trusts: [])

    init(
        threshold: Int64, header: ExpiryHeader? = nil, listeners: [ListenerPlan], upstreams: [UpstreamPlan],
        trusts: [TrustSnapshot]
    ) {
        self.threshold = threshold
        self.header = header
        var found: [ExpiringThing] = []
        for listener in listeners {
            for own in listener.certificates {
                found += Self.chain(own.context.settings.identity.chain, of: "listener \(listener.name)")
            }
        }
        for upstream in upstreams {
            guard let settings = upstream.tls?.settings else { continue }
            found += Self.chain(settings.identity?.chain ?? [], of: "upstream \(upstream.name)")
            guard case .anchors(let anchors) = settings.trust else { continue }
            found += anchors.compactMap { try? Certificate(der: $0) }
                .map { ExpiringThing($0, as: .anchor, of: "upstream \(upstream.name)") }
        }
        for trust in trusts {
            found += trust.anchors.map { ExpiringThing($0, as: .anchor, of: "trust \(trust.name)") }
            found += (trust.issuers + trust.intermediates).map {
                ExpiringThing($0, as: .issuer, of: "trust \(trust.name)")
            }
        }
        // A file may be named twice.
        var seen: Set<ExpiringThing> = []
        certificates = found.filter { seen.insert($0).inserted }
    }

    private static func chain(_ chain: [[UInt8]], of owner: String) -> [ExpiringThing] {
        chain.enumerated().compactMap { place, der in
            guard let certificate = try? Certificate(der: der) else { return nil }
            return ExpiringThing(certificate, as: place == 0 ? .own : .chain, of: owner)
        }
    }
}
