internal import HTTP

/// One question to one server: a connection of its own, a request, and the status of the answer.
///
/// A connection of its own, since a server that takes no new ones is not well, however its old ones do. Its timer bounds
/// the whole, from the socket to the status.
class HealthProbe: OutgoingConnection {
    final let check: HealthCheckPlan
    private weak var checker: HealthChecker?
    private var isHealthy = false

    init(
        _ check: HealthCheckPlan, server: UpstreamServerPlan, of upstream: UpstreamPlan,
        speaking spoken: ApplicationProtocol, checker: HealthChecker, worker: Worker
    ) throws(UpstreamFailure) {
        self.check = check
        self.checker = checker
        let introduction = upstream.introduction == nil ? [] : CallerIntroduction.ofTheGateway
        try super.init(
            to: server, through: upstream.tls, speaking: spoken, introducing: introduction, within: check.timeout,
            worker: worker)
    }

    /// A probe in the protocol that the upstream's servers speak.
    static func make(
        _ check: HealthCheckPlan, server: UpstreamServerPlan, of upstream: UpstreamPlan, checker: HealthChecker,
        worker: Worker
    ) throws(UpstreamFailure) -> HealthProbe {
        guard upstream.speaksHTTP2 else {
            return try PlainProbe(
                check, server: server, of: upstream, speaking: .http1, checker: checker, worker: worker)
        }
        return try MultiplexedProbe(
            check, server: server, of: upstream, speaking: .http2, checker: checker, worker: worker)
    }

    /// Nobody wants to know any more.
    final func cancel() {
        checker = nil
        close()
    }

    /// The server has answered.
    final func answered(_ status: Status) {
        isHealthy = check.expect.contains(status.rawValue)
        close()
    }

    override func inputEnded() { close() }

    override func timerFired(_ token: Int) { close() }

    override func closed() {
        timer = nil
        checker?.ended(success: isHealthy)
        checker = nil
    }
}
