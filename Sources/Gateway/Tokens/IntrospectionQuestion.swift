internal import Crypto
internal import EventLoop
internal import Token

/// One token about which an issuer is being asked, and the exchanges that wait for the answer.
///
/// Its servers are asked one after the other until one answers; when the time is over there is no answer.
final class IntrospectionQuestion: TimerHandler {
    let plan: IntrospectionPlan
    /// Of the token.
    let digest: SHA256Digest
    /// The certificate of the caller that brought the token first.
    let asker: SHA256Digest?
    private let request: [UInt8]
    /// Held, since a reload lets go of a judge whose questions are still open.
    private let judge: TokenJudge
    private unowned let worker: Worker
    private var waiting: [Exchange] = []
    private var servers: ArraySlice<UpstreamServerPlan> = []
    private var call: IntrospectionCall?
    private var timer: Timer?

    init(
        _ plan: IntrospectionPlan, about token: [UInt8], digest: SHA256Digest, asker: SHA256Digest?,
        judge: TokenJudge, worker: Worker
    ) {
        self.plan = plan
        self.digest = digest
        self.asker = asker
        self.judge = judge
        self.worker = worker
        request = plan.request(about: token)
    }

    /// Asks the first server.
    func begin() {
        servers = worker.pool(for: plan.upstream).serversInTurn[...]
        timer = Timer(loop: worker.loop, handler: self)
        timer?.schedule(after: plan.timeout)
        askNext()
    }

    /// Has an exchange wait too.
    func add(_ exchange: Exchange) {
        waiting.append(exchange)
    }

    /// The caller of an exchange is gone; the question goes on, since others may bring the token.
    func remove(_ exchange: Exchange) {
        waiting.removeAll { $0 === exchange }
    }

    /// Those that wait, none of which waits afterwards.
    func takeWaiting() -> [Exchange] {
        defer { waiting = [] }
        return waiting
    }

    private func askNext() {
        while let server = servers.popFirst() {
            do {
                let call = try IntrospectionCall(request, to: server, of: plan.upstream, question: self, worker: worker)
                self.call = call
                call.start()
                return
            } catch {
                continue
            }
        }
        end(with: nil)
    }

    /// A server has answered with status 200 and this, or has not.
    func ended(_ body: [UInt8]?) {
        call = nil
        if let body { end(with: body) } else { askNext() }
    }

    func timerFired(_ token: Int) {
        call?.cancel()
        call = nil
        end(with: nil)
    }

    private func end(with body: [UInt8]?) {
        timer = nil
        judge.answered(self, with: body)
    }
}
