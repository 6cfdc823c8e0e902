internal import Configuration
internal import Crypto
internal import Token

/// Turns the token issuers and the signed identity of a configuration into what workers use, reading the files they name.
enum TokenCompiler {
    /// The issuers, and first of all none: what routes without `token_issuer` are asked.
    static func plans(
        for configuration: GatewayConfiguration, upstreams: [UpstreamPlan]
    ) throws(StartupProblem) -> [TokenIssuerPlan] {
        var plans = [TokenIssuerPlan(name: "", rules: TokenRules())]
        for issuer in configuration.tokenIssuers {
            plans.append(try plan(for: issuer, of: configuration, upstreams: upstreams))
        }
        return plans
    }

    private static func plan(
        for issuer: TokenIssuerConfiguration, of configuration: GatewayConfiguration, upstreams: [UpstreamPlan]
    ) throws(StartupProblem) -> TokenIssuerPlan {
        var rules = TokenRules()
        rules.requiresSignature = issuer.keys != nil
        rules.algorithms = Set(issuer.algorithms.compactMap { JWSAlgorithm(rawValue: $0.rawValue) })
        rules.issuer = issuer.issuer
        rules.audiences = issuer.audiences
        rules.clockSkewSeconds = issuer.clockSkew.components.seconds
        rules.acceptsHexThumbprint = issuer.acceptsHexThumbprint
        var source: KeySetSource?
        var keys: KeySet?
        switch issuer.keys {
        case .none: break
        case .file(let file):
            source = .file(path: file.path)
            keys = try read(file)
        case .url(let url, let authorities):
            source = .url(url, authorities: authorities?.path)
        }
        return TokenIssuerPlan(
            name: issuer.name, rules: rules, source: source,
            refreshSeconds: issuer.refresh.components.seconds, keys: keys,
            introspection: try issuer.introspection.map { section throws(StartupProblem) in
                try introspection(section, of: configuration, upstreams: upstreams)
            })
    }

    private static func read(_ file: FileReference) throws(StartupProblem) -> KeySet {
        let bytes = try contents(of: file, limit: Token.Limits.keySet)
        do {
            return try KeySet(bytes.span)
        } catch {
            throw StartupProblem(
                location: file.location, message: "\(file.path) is no key set: \(error)",
                remedy: "Ask the issuer for its JWKS (RFC 7517); its metadata names it as jwks_uri.")
        }
    }

    private static func introspection(
        _ section: IntrospectionConfiguration, of configuration: GatewayConfiguration, upstreams: [UpstreamPlan]
    ) throws(StartupProblem) -> IntrospectionPlan {
        guard let upstream = upstreams.first(where: { $0.name == section.upstream }), !upstream.speaksHTTP2 else {
            throw StartupProblem(
                location: section.location, message: "introspection does not speak HTTP/2",
                remedy: "Give the authorization server an upstream with protocol: http/1.1.")
        }
        let host = configuration.upstream(named: section.upstream).map { upstream in
            upstream.tls?.serverName ?? upstream.servers.first.map { "\($0.address)" } ?? "localhost"
        }
        var client: (identifier: String, secret: [UInt8])?
        if let named = section.client {
            let secret = try contents(of: named.secretFile, limit: 4096).prefix { $0 != 0x0A && $0 != 0x0D }
            client = (named.identifier, Array(secret))
        }
        return IntrospectionPlan(
            upstream: upstream, host: host.map { $0.hasPrefix("unix:") ? "localhost" : $0 } ?? "localhost",
            path: section.path, client: client, timeout: section.timeout,
            cacheSeconds: section.cache.components.seconds)
    }

    /// The keys with which identities are signed, the first of which signs.
    static func signers(_ section: SignedIdentityConfiguration?) throws(StartupProblem) -> [TokenSigner] {
        var signers: [TokenSigner] = []
        for file in section?.keys ?? [] {
            let bytes = try contents(of: file, limit: FileContents.largest)
            let reason: String
            do {
                let key = try PrivateKey(pem: bytes.span, passphrase: nil)
                do {
                    signers.append(try TokenSigner(key))
                    continue
                } catch {
                    reason = error.description
                }
            } catch {
                reason = error.description
            }
            throw StartupProblem(location: file.location, message: "\(file.path): \(reason)", remedy: nil)
        }
        return signers
    }

    private static func contents(of file: FileReference, limit: Int) throws(StartupProblem) -> [UInt8] {
        do {
            return try FileContents.read(file.path, limit: limit)
        } catch {
            throw StartupProblem(location: file.location, message: error.description, remedy: nil)
        }
    }
}
