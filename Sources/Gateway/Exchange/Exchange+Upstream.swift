internal import EventLoop
internal import HTTP
internal import IGCSante
internal import Observability
internal import Trust

// What an upstream says, and which one is asked.

extension Exchange {
    /// Asks a pool for a connection.
    func acquire(from pool: UpstreamPool) {
        attempts += 1
        record.upstreamBegan = worker.loop.now
        beginTry(at: pool.plan)
        origin = .waiting(pool)
        pool.acquire(for: self)
    }

    /// A connection is being opened for this exchange.
    func upstreamConnecting(_ connection: UpstreamConnection) {
        origin = .upstream(.http1(connection))
    }

    /// A connection is open and this exchange's own: the request goes out.
    func upstreamReady(_ upstream: UpstreamStream) {
        origin = .upstream(upstream)
        upstream.sendHead()
        // A request that could not be sent has been refused, or waits for another connection.
        guard case .upstream = origin else { return }
        if requestState == .complete { upstream.endRequest() }
        caller.resumeBody()
    }

    /// The upstream takes more of the body again.
    func upstreamDrained() {
        caller.resumeBody()
    }

    /// The upstream gave no answer that can be passed on.
    func upstreamFailed(_ failure: UpstreamFailure) {
        guard isRunning else { return }
        endTry(because: failure.code)
        if let pool = retryPool(after: failure) {
            acquire(from: pool)
            return
        }
        origin = .none
        if responseState == .awaited {
            refuse(.upstream(failure))
        } else {
            record.refusal = failure.code
            cutResponse()
        }
    }

    /// RFC 9110 §9.2.2: a request is sent again by itself only if that is known to be harmless.
    private func retryPool(after failure: UpstreamFailure) -> UpstreamPool? {
        guard responseState == .awaited, let reason = failure.retryReason, case .upstream(let plan)? = route?.action
        else { return nil }
        let pool = worker.pool(for: plan)
        if reason == .connectError, pool.hasAnotherAddress(for: self) {
            attempts -= 1
            return pool
        }
        // Where no connection was made, nothing of the body was taken from the caller yet.
        guard reason == .connectError || request.framing == .none, attempts <= plan.retries.attempts,
            plan.retries.permits(request, after: reason)
        else { return nil }
        return pool
    }

    /// Has the upstream told of the span that stands for this try, which is another one each time.
    private func beginTry(at plan: UpstreamPlan) {
        guard let trace else { return }
        let context = trace.begin(
            worker.journal.newSpan(), at: worker.loop.now, to: plan, tried: tried.count)
        var text: [UInt8] = []
        context.append(to: &text)
        request.fields.remove(.traceparent)
        request.fields.append(.traceparent, value: text)
    }

    /// The try in hand is over, and has failed.
    func endTry(because failure: String) {
        guard let trace else { return }
        worker.journal.endTry(of: trace, in: self, because: failure)
    }

    /// The number under which the requests of the caller's structure are counted.
    var structureMeter: Int {
        if let identity { return identity.meter }
        // Refused before it was looked at who asks.
        return downstream.caller?.identity.meter ?? StructureMeters.none
    }

    /// What stands for the caller's structure when servers are chosen by it.
    var structureKey: UInt64? {
        downstream.caller?.peer.structure.map { stableHash($0.raw.utf8) }
    }
}
