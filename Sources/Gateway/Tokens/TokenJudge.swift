internal import Crypto
internal import DER
internal import EventLoop
internal import Observability
internal import Token
internal import Trust

/// One worker's dealings with the tokens of one issuer: its keys as they are known, and what was found of tokens lately.
///
/// A token that was seen before costs its digest and a look; dates and binding are asked each time.
final class TokenJudge {
    let plan: TokenIssuerPlan
    private unowned let worker: Worker
    private var verifier: TokenVerifier
    private var cache = TokenCache(capacity: Limits.cachedTokens)
    private var lastCall: MonotonicTime?
    /// Questions to the issuer that have not been answered.
    private var questions: [SHA256Digest: IntrospectionQuestion] = [:]

    init(_ plan: TokenIssuerPlan, keys: KeySet?, worker: Worker) {
        self.plan = plan
        self.worker = worker
        verifier = TokenVerifier(rules: plan.rules, keys: keys)
    }

    /// The issuer has these keys from now on: what rested on others is forgotten.
    func adopt(_ keys: KeySet) {
        verifier = TokenVerifier(rules: plan.rules, keys: keys)
        cache.removeAll()
    }

    /// Admits the token that lies in a message's bytes there, or says why not; false where the issuer has to be asked first.
    func admit(
        _ bytes: [UInt8], range: Range<Int>, certificate: SHA256Digest, remembered: inout RememberedToken
    ) throws(TokenRefusal) -> Bool {
        let token = bytes.span.extracting(range)
        let now = worker.now
        let digest = remembered.digest(of: token)
        switch cache.find(digest, at: now) {
        case .token(let access):
            worker.journal.count { $0.tokenCacheHits.increment() }
            try access.check(certificate: certificate, at: now, rules: plan.rules)
            return true
        case .refused(let refusal):
            worker.journal.count { $0.tokenCacheHits.increment() }
            throw refusal
        case .none:
            worker.journal.count { $0.tokenCacheMisses.increment() }
        }
        if plan.isOpaque(token) { return false }
        do throws(TokenRefusal) {
            let access = try verifier.read(token)
            try access.check(certificate: certificate, at: now, rules: plan.rules)
            remember(access, for: digest, at: now)
            return true
        } catch {
            // The issuer may have begun to sign with another key since its keys were fetched.
            if error == .keyUnknown || error == .keysUnavailable { callForKeys() }
            throw error
        }
    }

    private func remember(_ access: AccessToken, for digest: SHA256Digest, at now: Timestamp) {
        let latest = now.adding(seconds: Limits.tokenMemorySeconds)
        cache.insert(.token(access), for: digest, until: min(access.expires ?? latest, latest))
    }

    private func callForKeys() {
        let now = worker.loop.now
        // What callers send may not become as many messages between threads.
        if let lastCall, now < lastCall + Limits.keyCallInterval { return }
        lastCall = now
        worker.report(.keysWanted(issuer: plan.name))
    }
}

// MARK: - Asking the issuer

extension TokenJudge {
    /// Has `exchange` wait until the issuer has said what the token is, together with others that brought the same.
    func ask(about token: [UInt8], for exchange: Exchange) {
        let digest = exchange.downstream.rememberedToken.digest(of: token.span)
        if let question = questions[digest] {
            question.add(exchange)
            return
        }
        let asker = exchange.downstream.caller?.peer.thumbprint
        // One caller's questions may not keep others from asking.
        guard let introspection = plan.introspection, questions.count < Limits.introspectionQuestions,
            questions.values.count(where: { $0.asker == asker }) < Limits.introspectionQuestionsPerCaller
        else {
            exchange.tokenAnswered(.introspectionUnavailable)
            return
        }
        let question = IntrospectionQuestion(
            introspection, about: token, digest: digest, asker: asker, judge: self, worker: worker)
        questions[digest] = question
        question.add(exchange)
        question.begin()
    }

    /// Takes `exchange` from among those that wait: its caller is gone.
    func cancel(_ exchange: Exchange) {
        for question in questions.values { question.remove(exchange) }
    }

    /// The issuer has answered, or could not be asked: those that wait for it go on.
    func answered(_ question: IntrospectionQuestion, with body: [UInt8]?) {
        questions[question.digest] = nil
        let now = worker.now
        let finding: TokenCache.Finding
        do throws(TokenRefusal) {
            guard let body else { throw .introspectionUnavailable }
            finding = .token(try verifier.read(introspection: body.span))
        } catch {
            finding = .refused(error)
        }
        remember(finding, of: question, at: now)
        for exchange in question.takeWaiting() {
            exchange.tokenAnswered(refusal(of: finding, for: exchange, at: now))
        }
    }

    private func remember(_ finding: TokenCache.Finding, of question: IntrospectionQuestion, at now: Timestamp) {
        switch finding {
        case .token(let access):
            let latest = now.adding(seconds: question.plan.cacheSeconds)
            cache.insert(finding, for: question.digest, until: min(access.expires ?? latest, latest))
        case .refused(.introspectionUnavailable): break
        case .refused:
            // Briefly: it keeps a caller that goes on with a dead token from asking the issuer each time.
            cache.insert(finding, for: question.digest, until: now.adding(seconds: Limits.negativeTokenSeconds))
        }
    }

    private func refusal(of finding: TokenCache.Finding, for exchange: Exchange, at now: Timestamp) -> TokenRefusal? {
        do throws(TokenRefusal) {
            switch finding {
            case .refused(let refusal): throw refusal
            case .token(let access):
                guard let caller = exchange.downstream.caller else { throw .bindingMismatch }
                try access.check(certificate: caller.peer.thumbprint, at: now, rules: plan.rules)
                return nil
            }
        } catch {
            return error
        }
    }
}
