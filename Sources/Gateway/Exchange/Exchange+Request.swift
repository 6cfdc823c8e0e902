internal import Crypto
internal import EventLoop
internal import HTTP
internal import Token

// What the caller says.

extension Exchange {
    /// Takes up a request whose head is in `request`: finds its route, decides whether the caller may, and sends it on.
    func begin() {
        let downstream = downstream
        open()
        sentTarget = request.target
        downstream.refreshIdentity()
        do throws(ExchangeRefusal) {
            guard !worker.isShortOfMemory else { throw .overloaded }
            let route = try RequestAdmission.route(for: self, on: downstream)
            try takeShare(of: route)
            identity = downstream.caller?.identity
            guard try TokenAdmission.admit(self, along: route) else { return inquire(along: route) }
            forward(along: route, of: downstream)
        } catch {
            refuse(error)
        }
    }

    /// Takes up a request that could not be read, only to refuse it; nothing more of it comes.
    func refuseUnread(_ refusal: ExchangeRefusal) {
        open()
        refuse(refusal)
        receiveEnd()
    }

    private func open() {
        worker.journal.begin(&record, of: request, at: worker.loop.now)
        trace = worker.journal.beginTrace(of: &request, into: &record, by: worker.epoch.tracing)
        responseState = .awaited
    }

    /// Has the request wait for what the issuer of its token says.
    private func inquire(along route: Route) {
        do throws(TokenRefusal) {
            guard let plan = route.tokens else { throw .introspectionUnavailable }
            let judge = try worker.tokens.judge(for: plan)
            let token = try TokenAdmission.token(in: request)
            origin = .inquiring(judge)
            judge.ask(about: Array(request.fields.arena[token]), for: self)
        } catch {
            refuse(.token(error))
        }
    }

    /// The issuer has said what the token is: the request goes on, or is refused.
    func tokenAnswered(_ refusal: TokenRefusal?) {
        guard isRunning, let route else { return }
        origin = .none
        if let refusal { return refuse(.token(refusal)) }
        forward(along: route, of: downstream)
        guard case .local(let responder) = origin else { return }
        if requestState == .complete { responder.receiveEnd() }
        caller.resumeBody()
    }

    private func forward(along route: Route, of downstream: DownstreamConnection) {
        switch route.action {
        case .upstream(let plan):
            do {
                if let plan = route.signedIdentity { try signIdentity(by: plan, along: route) }
            } catch {
                return refuse(.identityUnavailable)
            }
            // RFC 9113 §8.6: HTTP/2 has no upgrades.
            let mayUpgrade = !plan.speaksHTTP2 && request.fields.contains(.upgrade)
            upgrade = mayUpgrade ? Upgrade(askedBy: request) : nil
            downstream.plan.forwarding.apply(
                to: &request, from: downstream.origin,
                as: RequestForwarding.Identifiers(requestID: record.requestID, traceparent: record.traceparent),
                along: route, path: path, pathChanged: isPathChanged)
            if let upgrade { request.fields.append(.upgrade, value: upgrade.protocols) }
            acquire(from: worker.pool(for: plan))
        case .respond(let answer):
            respond(with: answer)
        case .redirect(let redirect):
            respond(by: redirect, along: route)
        case .local(let application):
            let responder = application.makeResponder()
            origin = .local(responder)
            responder.begin(self)
        }
    }

    /// Has the token ready that tells the upstream who calls, where the route passes one on.
    private func signIdentity(by plan: SignedIdentityPlan, along route: Route) throws(CryptoError) {
        let downstream = downstream
        guard let caller = downstream.caller else { return }
        signedIdentity = try downstream.signedIdentities.line(
            by: plan, about: caller.peer, clientID: route.enrolment.flatMap { identity?.entry(on: $0)?.clientID },
            for: record, connection: downstream.number, at: worker.loop.now)
    }

    /// Takes a piece of the request's body.
    func receiveBody(_ bytes: Span<UInt8>) {
        record.bytesReceived &+= UInt64(bytes.count)
        if let limit = downstream.plan.maxBodySize, record.bytesReceived > limit {
            refuse(.bodyTooLarge)
            return
        }
        origin.receiveBody(bytes)
    }

    /// The request is whole; its trailers, if any, are in `requestTrailers`.
    func receiveEnd() {
        requestState = .complete
        origin.receiveEnd()
        finishIfOver()
    }

    /// The caller is gone, or has said something that is no body: nothing more comes and nothing more is heard.
    func abandon() {
        guard isRunning else { return }
        record.wasAbandoned = true
        dropOrigin()
        conclude()
    }

    /// What waited for the caller has left: its source may go on.
    func downstreamDrained() {
        origin.downstreamDrained()
    }

    /// Whether the caller takes the response more slowly than its source makes it.
    var isDownstreamFull: Bool { caller.isOutputFull }
}
