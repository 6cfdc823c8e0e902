internal import Configuration
internal import Crypto
internal import DER
internal import Fetching
internal import Revocation
internal import Token

/// Decides about a token as a worker would, without a connection: for commands that explain a decision.
///
/// Keys of a URL are fetched when they are first needed. The issuer is not asked about opaque tokens: that would tell it
/// of a request that nobody made.
final class TokenTrial {
    /// What a route would do with a token.
    enum Answer {
        /// The route asks for none.
        case notAsked
        case admitted(AccessToken)
        case refused(TokenRefusal)
        /// Only the issuer knows, and it is not asked here.
        case opaque
    }

    private let plans: [TokenIssuerPlan]
    private var fetched: [KeySetSource: KeySet] = [:]
    /// Why keys could not be had, for the one who asks.
    private(set) var problems: [String] = []

    /// Reads the key sets that the configuration names by their files.
    init(_ configuration: GatewayConfiguration) throws(StartupProblem) {
        var upstreams: [UpstreamPlan] = []
        for issuer in configuration.tokenIssuers {
            guard let name = issuer.introspection?.upstream, let upstream = configuration.upstream(named: name) else {
                continue
            }
            upstreams.append(try UpstreamCompiler.plan(for: upstream, workers: 1))
        }
        plans = try TokenCompiler.plans(for: configuration, upstreams: upstreams)
    }

    /// What a route does with a token, or without one, of a caller with this certificate.
    func decide(
        about token: [UInt8]?, certificate: SHA256Digest, along route: RouteConfiguration, at now: Timestamp
    ) -> Answer {
        guard route.requiresTokenBinding, let plan = plans.first(where: { $0.name == route.tokenIssuer ?? "" }) else {
            return .notAsked
        }
        guard let token else { return .refused(.missing) }
        guard !plan.isOpaque(token.span) else { return .opaque }
        let verifier = TokenVerifier(rules: plan.rules, keys: keys(of: plan))
        let access: AccessToken
        do throws(TokenRefusal) {
            access = try verifier.read(token.span)
            try access.check(certificate: certificate, at: now, rules: plan.rules)
        } catch {
            return .refused(error)
        }
        return .admitted(access)
    }

    private func keys(of plan: TokenIssuerPlan) -> KeySet? {
        guard case .url(let url, let authorities)? = plan.source else { return plan.keys }
        let source = KeySetSource.url(url, authorities: authorities)
        if let known = fetched[source] { return known }
        let keys = fetch(url, authorities: authorities)
        fetched[source] = keys
        return keys
    }

    private func fetch(_ url: String, authorities: String?) -> KeySet? {
        let request = FetchRequest(
            document: url, authorities: authorities, timeoutSeconds: Limits.keyFetchSeconds,
            limit: Token.Limits.keySet, validators: nil)
        guard let fetcher = try? Fetcher(), (try? fetcher.start(request, tag: 0)) != nil else { return nil }
        while !fetcher.isIdle {
            for (_, outcome) in fetcher.advance() {
                switch outcome {
                case .body(let bytes, _):
                    do { return try KeySet(bytes.span) } catch { problems.append("\(url): \(error)") }
                case .failed(let error): problems.append("\(url): \(error)")
                case .notModified: break
                }
            }
            fetcher.wait(orFor: -1, milliseconds: 1_000)
        }
        return nil
    }
}
