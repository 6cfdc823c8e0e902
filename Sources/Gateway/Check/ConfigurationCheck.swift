public import Configuration
public import DER
internal import Fetching
internal import Revocation
internal import Trust

/// Everything that a start would need, looked at without starting: files, certificates, keys, CRLs, folders.
///
/// Nothing is bound and nothing is written. It reports all that it finds, where a start stops at the first fault.
public struct ConfigurationCheck {
    private let configuration: GatewayConfiguration
    private let moment: Timestamp
    private let isFetching: Bool

    /// Prepares the check of a configuration that was read.
    ///
    /// - Parameters:
    ///   - configuration: the configuration.
    ///   - isFetching: whether the sources of CRLs are asked over the network.
    ///   - moment: when certificates and CRLs must be valid.
    public init(_ configuration: GatewayConfiguration, fetching isFetching: Bool, at moment: Timestamp = .now()) {
        self.configuration = configuration
        self.isFetching = isFetching
        self.moment = moment
    }

    /// What there is to say, in the order of the configuration.
    public func findings() -> [ConfigurationFinding] {
        let record = CheckRecord()
        for warning in configuration.warnings {
            record.warning(warning.location, warning.message, mend: warning.hint)
        }
        let expiry = ExpiryCheck(record: record, moment: moment, threshold: configuration.expiryWarning)
        FileCheck(record: record, configuration: configuration).check()
        if isFetching { Fetcher.prepareProcess() }
        var trusts: [String: CheckedTrust] = [:]
        for trust in configuration.trusts {
            guard let snapshot = TrustCheck(record: record, expiry: expiry, trust: trust).check() else { continue }
            let revocation = RevocationListsCheck(
                record: record, trust: trust, snapshot: snapshot, moment: moment, isFetching: isFetching
            ).check(stateDirectory: configuration.stateDirectory.path)
            trusts[trust.name] = CheckedTrust(snapshot: snapshot, revocation: revocation)
        }
        for listener in configuration.listeners {
            let trust = listener.clientCertificate.trust.flatMap { trusts[$0] }
            ListenerCheck(record: record, expiry: expiry, listener: listener, trust: trust, moment: moment).check()
            RouteCheck(record: record, listener: listener).check()
        }
        AccessCheck(record: record, configuration: configuration).check()
        compile(record)
        return record.findings
    }

    /// Does what a start does with files, for whatever the checks above do not look at.
    private func compile(_ record: CheckRecord) {
        // A start stops at the first fault, which was named above.
        guard !record.hasErrors else { return }
        var compiler = EpochCompiler(configuration, number: 1, tickets: TicketKeyrings(), enrolments: EnrolmentDesk())
        do throws(StartupProblem) {
            let epoch = try compiler.compile()
            let servers = epoch.upstreams.reduce(0) { $0 + $1.servers.count }
            let upstreams = counted(epoch.upstreams.count, "upstream")
            record.ok(nil, "\(upstreams) with \(counted(servers, "server")), every name resolved")
        } catch {
            record.error(error)
        }
    }
}

/// A trust that could be read, with what is known of revocation under it.
struct CheckedTrust {
    let snapshot: TrustSnapshot
    let revocation: RevocationSnapshot
}

/// `1 anchor`, `2 anchors`.
func counted(_ number: Int, _ one: String, _ many: String? = nil) -> String {
    "\(number) " + (number == 1 ? one : many ?? one + "s")
}
