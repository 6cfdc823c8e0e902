internal import EventLoop
internal import HTTP
internal import HTTP1
internal import TLS

/// One question to one server: a connection of its own, a request, and the status of the answer.
///
/// A connection of its own, since a server that takes no new ones is not well, however its old ones do.
final class HealthProbe: Connection {
    private let check: HealthCheckPlan
    private let server: UpstreamServerPlan
    private let tls: TLSClientContext?
    private weak var checker: HealthChecker?
    private var timer: Timer?
    private var position = ParsePosition()
    private var response = ResponseHead()
    private var isConnected = false
    private var isHealthy = false

    init(
        _ check: HealthCheckPlan, server: UpstreamServerPlan, tls: TLSClientContext?, checker: HealthChecker,
        worker: Worker
    ) throws(SocketError) {
        self.check = check
        self.server = server
        self.tls = tls
        self.checker = checker
        let connecting = try Socket.connect(to: server.address)
        super.init(worker: worker, transport: Transport(clear: connecting.descriptor))
        timer = Timer(loop: worker.loop, handler: self)
        timer?.schedule(after: check.timeout)
    }

    /// Nobody wants to know any more.
    func cancel() {
        checker = nil
        close()
    }

    override func establish() -> Transport.Outcome {
        if !isConnected {
            if let error = Socket.pendingError(of: transport.descriptor) { return .failed(.socket(error)) }
            isConnected = true
            if let tls {
                do {
                    try transport.secure(
                        TLSConnection(client: tls, descriptor: transport.number, serverName: server.serverName))
                } catch {
                    return .failed(.tls(error))
                }
            }
        }
        let outcome = transport.handshake()
        if case .moved = outcome { send(check.request) }
        return outcome
    }

    override func received() {
        do throws(MessageError) {
            let progress = try input.withBytes { bytes throws(MessageError) in
                guard bytes.count <= Limits.probeAnswer else { throw .headTooLarge }
                return try parseResponseHead(
                    bytes, resume: &position, limits: HTTP.Limits(), to: .get, into: &response)
            }
            guard case .complete(let consumed) = progress else { return }
            input.consume(consumed)
            guard !response.status.isInformational else { return lookAgain() }
            isHealthy = check.expect.contains(response.status.rawValue)
            close()
        } catch {
            close()
        }
    }

    override func inputEnded() {
        close()
    }

    override func timerFired(_ token: Int) {
        close()
    }

    override func closed() {
        timer = nil
        checker?.ended(success: isHealthy)
        checker = nil
    }
}
