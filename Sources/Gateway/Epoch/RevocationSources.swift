internal import Configuration
internal import Revocation
internal import Trust

/// What a trust says of CRLs, with the certificates of the CAs that its sources name read.
extension RevocationSettings {
    init(_ trust: TrustConfiguration, snapshot: TrustSnapshot, stateDirectory: String?) throws(StartupProblem) {
        var authorities: [RevocationAuthority] = []
        for source in trust.revocation.sources {
            for certificate in try TrustFiles.certificates(in: source.authority) {
                authorities.append(
                    RevocationAuthority(
                        certificate: certificate, base: source.base.compactMap { RevocationSource($0) },
                        delta: source.delta.compactMap { RevocationSource($0) }))
            }
        }
        for certificate in snapshot.anchors + snapshot.issuers + snapshot.intermediates
        where !authorities.contains(where: { $0.certificate == certificate }) {
            authorities.append(RevocationAuthority(certificate: certificate))
        }
        self.init(authorities: authorities)
        files = trust.revocation.files.map(\.path)
        refreshSeconds = trust.revocation.refresh.components.seconds
        staleness =
            trust.revocation.stale == .grace ? .grace(seconds: trust.revocation.grace.components.seconds) : .refuse
        httpProxy = trust.revocation.httpProxy
        timeoutSeconds = max(1, trust.revocation.timeout.components.seconds)
        maximumSize = trust.revocation.maxSize
        // A folder for each trust: one that trusts less must not be served by another's CRLs.
        self.stateDirectory = stateDirectory.map { "\($0)/crl-\(trust.name)" }
    }
}

extension RevocationSource {
    /// The source that the configuration names; nil for one that it could not have named.
    init?(_ locator: RevocationConfiguration.Locator) {
        switch locator {
        case .file(let file): self = .file(file.path)
        case .remote(let url, _): self.init(url)
        }
    }
}
