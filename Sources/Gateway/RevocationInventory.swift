public import Configuration
public import DER
internal import Fetching
public import Revocation
internal import Trust
public import X509

/// The CRLs that a configuration's trusts have, from files and the state directory, and from their sources when asked.
public struct RevocationInventory: Sendable {
    /// Whether what is fetched is only looked at, or kept.
    public enum Mode: Sendable {
        /// Nothing is fetched and nothing written.
        case look
        /// Every source is asked once, and what it serves is kept in the state directory.
        case fetch
    }

    /// The CRLs of one trust.
    public struct Trust: Sendable {
        /// Its name.
        public let name: String
        /// Whether revocation is checked under it at all.
        public let isChecked: Bool
        /// The CRLs in use, and the sources.
        public let report: RevocationReport
        /// The CAs whose CRL is asked at an admission.
        public let authorities: [Certificate]
        /// What happened while they were read and fetched.
        public let events: [RevocationEvent]
    }

    /// In the order of the configuration.
    public let trusts: [Trust]

    /// Takes stock.
    ///
    /// - Parameters:
    ///   - configuration: the configuration.
    ///   - mode: whether sources are asked. Root becomes the configuration's `user` first, for good, so that what is kept
    ///     can be read by the gateway.
    ///   - moment: when CRLs must have begun to be valid.
    /// - Throws: `StartupProblem`, naming the line of the configuration.
    public init(_ configuration: GatewayConfiguration, mode: Mode, at moment: Timestamp = .now()) throws(StartupProblem)
    {
        do {
            if mode == .fetch {
                Fetcher.prepareProcess()
                try Privileges.drop(to: configuration.user)
            }
            var trusts: [Trust] = []
            for trust in configuration.trusts {
                trusts.append(
                    try RevocationInventory.read(
                        trust, stateDirectory: configuration.stateDirectory.path, mode, moment))
            }
            self.trusts = trusts
        } catch {
            var problem = error
            problem.file = configuration.file
            throw problem
        }
    }

    private static func read(
        _ trust: TrustConfiguration, stateDirectory: String, _ mode: Mode, _ moment: Timestamp
    ) throws(StartupProblem) -> Trust {
        let snapshot = try TrustFiles.snapshot(of: trust)
        var settings = try RevocationSettings(trust, snapshot: snapshot, stateDirectory: stateDirectory)
        settings.writesState = mode == .fetch
        var events: [RevocationEvent] = []
        let (_, report) = RevocationThread.once(settings, fetching: mode == .fetch, at: moment) { event in
            // The state directory comes into being with the first fetch.
            if case .unreadable(settings.stateDirectory, _) = event { return }
            events.append(event)
        }
        return Trust(
            name: trust.name, isChecked: snapshot.revocation != .off, report: report,
            authorities: snapshot.revocationAuthorities, events: events)
    }
}
