public import Configuration
public import DER
internal import Revocation
public import Trust
public import X509

/// Whom the listeners of a configuration would admit, decided offline by the files that it names.
///
/// The decision is the very one of a handshake; nothing is bound, fetched or written.
public struct AdmissionTrial: Sendable {
    /// What a listener says of a certificate.
    public struct Answer: Sendable {
        /// The listener's name.
        public let listener: String
        /// The trust it asks; nil when it asks for no certificate.
        public let trust: String?
        /// What it says.
        public let verdict: Verdict
    }

    /// What is decided at a listener.
    public enum Verdict: Sendable {
        /// The listener asks for no certificate.
        case notAsked
        /// The handshake succeeds; then routes decide.
        case admitted(VerifiedPeer, routes: [RouteAnswer])
        /// The handshake, or every request, is refused.
        case refused(Refusal)
    }

    /// What a route says of an admitted caller.
    public struct RouteAnswer: Sendable {
        /// Host and path, as in logs.
        public let route: String
        /// Why the caller may not use it; nil when it may.
        public let refusal: Refusal?
    }

    let configuration: GatewayConfiguration
    let moment: Timestamp
    private var trusts: [String: TrustSnapshot] = [:]
    private(set) var revocations: [String: RevocationSnapshot] = [:]
    /// The listeners as workers see them, but for keys and upstreams.
    private(set) var epoch = Epoch(number: 0, listeners: [], upstreams: [], trusts: [], identity: IdentityRenderings())

    /// What could not be read of the CRLs, or was refused.
    public private(set) var warnings: [String] = []

    /// Reads the certificates and the CRLs that the trusts of a configuration name.
    ///
    /// - Parameters:
    ///   - configuration: the configuration.
    ///   - moment: the moment at which it is asked.
    /// - Throws: `StartupProblem`, naming the line of the configuration.
    public init(_ configuration: GatewayConfiguration, at moment: Timestamp) throws(StartupProblem) {
        self.configuration = configuration
        self.moment = moment
        do {
            try read()
        } catch {
            var problem = error
            problem.file = configuration.file
            throw problem
        }
    }

    private mutating func read() throws(StartupProblem) {
        for trust in configuration.trusts {
            let snapshot = try TrustFiles.snapshot(of: trust)
            trusts[trust.name] = snapshot
            guard snapshot.revocation != .off else {
                revocations[trust.name] = .empty
                continue
            }
            var settings = try RevocationSettings(
                trust, snapshot: snapshot, stateDirectory: configuration.stateDirectory.path)
            settings.writesState = false
            let said = EventLines(stateDirectory: settings.stateDirectory)
            revocations[trust.name] =
                RevocationThread.once(settings, fetching: false, at: moment) { said.note($0) }.snapshot
            warnings += said.lines
        }
        var compiler = EpochCompiler(
            configuration, number: 1, tickets: TicketKeyrings(), enrolments: EnrolmentDesk())
        epoch = try compiler.compileTrial(trusts: configuration.trusts.compactMap { trusts[$0.name] })
    }

    /// Every CA certificate that the trusts name.
    public var authorities: [Certificate] {
        configuration.trusts.compactMap { trusts[$0.name] }.flatMap { $0.anchors + $0.issuers }
    }

    /// What each listener says of a certificate, in the order of the configuration.
    ///
    /// - Parameters:
    ///   - leaf: the certificate.
    ///   - presented: what the caller would send with it.
    /// - Returns: one answer for each listener.
    public func answers(to leaf: Certificate, presented: [Certificate]) -> [Answer] {
        configuration.listeners.map { listener in
            guard let name = listener.clientCertificate.trust, let trust = trusts[name],
                listener.clientCertificate.mode != .none
            else { return Answer(listener: listener.name, trust: nil, verdict: .notAsked) }
            return Answer(
                listener: listener.name, trust: name,
                verdict: verdict(on: leaf, presented, at: listener, trust, revocations[name] ?? .empty))
        }
    }

    private func verdict(
        on leaf: Certificate, _ presented: [Certificate], at listener: ListenerConfiguration, _ trust: TrustSnapshot,
        _ revocation: RevocationSnapshot
    ) -> Verdict {
        let accepted = Trust.AcceptedKinds(listener.clientCertificate.accept)
        do throws(Refusal) {
            let peer = try PeerVerifier(trust: trust, accepted: accepted)
                .verify(leaf: leaf, presented: presented, revocation: revocation, now: moment)
            let identity = epoch.identity.render(peer, in: epoch.enrolments, edition: 0)
            let plan = epoch.listener(named: listener.name)
            let routes = (plan?.router.all ?? []).filter(\.needsCertificate).map { route in
                guard case .refused(let refusal, _) = route.decide(about: peer, as: identity) else {
                    return RouteAnswer(route: route.name, refusal: nil)
                }
                return RouteAnswer(route: route.name, refusal: refusal)
            }
            return .admitted(peer, routes: routes)
        } catch {
            return .refused(error)
        }
    }
}

/// What was said of CRLs while they were read: only what an operator should know.
final class EventLines {
    private(set) var lines: [String] = []
    private let stateDirectory: String?

    init(stateDirectory: String?) {
        self.stateDirectory = stateDirectory
    }

    func note(_ event: RevocationEvent) {
        switch event {
        case .offered(.refused(let refusal), _):
            switch refusal {
            // Folders hold old CRLs beside new ones, and those of other CAs.
            case .unknownIssuer, .older, .sameNumber, .overtaken: return
            default: lines.append("\(event)")
            }
        case .offered, .notModified, .published, .expiring, .stale: return
        // The state directory comes into being with the first fetch.
        case .unreadable(let path, _) where path == stateDirectory: return
        case .unreadable, .fetchFailed, .notKept, .missing: lines.append("\(event)")
        }
    }
}
