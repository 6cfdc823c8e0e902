internal import HTTP
internal import Token
internal import Trust

/// Decides whether a request's access token admits it, on routes that ask for one bound to the caller's certificate
/// (RFC 8705 §3).
enum TokenAdmission {
    /// Admits the request, or throws; false where the issuer has to be asked first.
    static func admit(_ exchange: Exchange, along route: Route) throws(ExchangeRefusal) -> Bool {
        guard let plan = route.tokens else { return true }
        // The configuration asks for a certificate wherever it asks for a binding.
        guard let caller = exchange.downstream.caller else { throw .caller(.certificateMissing) }
        do throws(TokenRefusal) {
            let range = try token(in: exchange.request)
            let judge = try exchange.worker.tokens.judge(for: plan)
            return try judge.admit(
                exchange.request.fields.arena, range: range, certificate: caller.peer.thumbprint,
                remembered: &exchange.downstream.rememberedToken)
        } catch {
            throw .token(error)
        }
    }

    /// Where the request's token lies in its arena.
    ///
    /// RFC 6750 §2: one token, in one manner. Of the three that it knows only the header is one here: what is in a body or
    /// in a query is nobody's credential.
    static func token(in request: RequestHead) throws(TokenRefusal) -> Range<Int> {
        guard request.fields.contains(.authorization) else { throw .missing }
        var found: Range<Int>?
        for line in request.fields.lines where line.known == .authorization {
            guard found == nil else { throw .repeated }
            found = line.value
        }
        guard let value = found else { throw .missing }
        let bytes = request.fields.arena.span.extracting(value)
        guard let token = try BearerCredentials.token(in: bytes) else { throw .missing }
        return (value.lowerBound + token.lowerBound)..<(value.lowerBound + token.upperBound)
    }
}

/// A worker's judges of tokens, one for each issuer.
struct TokenJudges {
    private var judges: [String: TokenJudge] = [:]
    /// The keys as they were last heard of; those of files as they were when the configuration was read.
    private var keys: [KeySetSource: KeySet] = [:]

    /// The judge of an issuer's tokens.
    func judge(for plan: TokenIssuerPlan) throws(TokenRefusal) -> TokenJudge {
        guard let judge = judges[plan.name] else { throw .keysUnavailable }
        return judge
    }

    /// Judges by these rules from now on; keys whose source stays are kept.
    mutating func adopt(_ plans: [TokenIssuerPlan], worker: Worker) {
        let sources = Set(plans.compactMap(\.source))
        keys = keys.filter { sources.contains($0.key) }
        for plan in plans {
            if let source = plan.source, let read = plan.keys { keys[source] = read }
        }
        judges = [:]
        for plan in plans {
            judges[plan.name] = TokenJudge(plan, keys: plan.source.flatMap { keys[$0] }, worker: worker)
        }
    }

    /// A source has these keys from now on.
    mutating func adopt(_ set: KeySet, of source: KeySetSource) {
        keys[source] = set
        for judge in judges.values where judge.plan.source == source { judge.adopt(set) }
    }
}
