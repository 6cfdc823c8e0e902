internal import Configuration
internal import DER
internal import EventLoop
internal import Logging
internal import Revocation
internal import Trust

/// What is known of revocation under each trust: loaded at start, then kept up to date by its threads.
final class RevocationDesk {
    private let keepers: [String: RevocationKeeper]

    init(
        _ configuration: GatewayConfiguration, trusts: [TrustSnapshot], log: Logger,
        inheriting earlier: RevocationDesk? = nil
    ) throws(StartupProblem) {
        var keepers: [String: RevocationKeeper] = [:]
        for trust in configuration.trusts {
            guard let snapshot = trusts.first(where: { $0.name == trust.name }) else { continue }
            let authorities = (snapshot.anchors + snapshot.issuers).map { RevocationAuthority(certificate: $0) }
            var settings = RevocationSettings(authorities: authorities)
            settings.maximumSize = trust.revocation.maxSize
            let keeper = RevocationKeeper(settings, inheriting: earlier?.keepers[trust.name])
            for file in trust.revocation.files {
                if let bytes = try? FileContents.read(file.path, limit: trust.revocation.maxSize) {
                    for offer in keeper.offer(bytes, from: .file(file.path), at: .now()) {
                        log.info("CRL", metadata: ["file": "\(file.path)", "outcome": "\(offer)"])
                    }
                }
            }
            keepers[trust.name] = keeper
        }
        self.keepers = keepers
    }

    var snapshots: [String: RevocationSnapshot] { keepers.mapValues(\.snapshot) }

    func start(publishing inboxes: [WorkerInbox]) {}
    func stop() {}
}
