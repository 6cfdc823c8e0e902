internal import Configuration

/// The files that a configuration names and whose change means a reload.
///
/// Whoever adds a key that names such a file (an enrolment list, a set of token keys) adds it to ``paths(of:)``: nothing
/// else has to be done for it to be watched. CRLs and shared ticket keys are not here: they have watches of their own and
/// need no new epoch.
enum WatchedFiles {
    /// Their paths, each once, in order.
    static func paths(of configuration: GatewayConfiguration) -> [String] {
        switch configuration.reloadOnChange {
        case .off: []
        case .files: unique(named(by: configuration))
        case .all: unique([configuration.file] + named(by: configuration))
        }
    }

    /// Whatever `reload_on_change` says.
    static func named(by configuration: GatewayConfiguration) -> [String] {
        var paths = configuration.trusts.flatMap { trust in
            (trust.anchors + trust.issuers + trust.revocation.sources.map(\.authority)).map(\.path)
        }
        for listener in configuration.listeners {
            paths += listener.tls.certificates.flatMap(\.files).map(\.path)
        }
        for upstream in configuration.upstreams {
            guard let tls = upstream.tls else { continue }
            paths += [tls.authorities].compactMap(\.self).map(\.path)
            guard let own = tls.clientCertificate else { continue }
            paths += [own.chain, own.key].map(\.path) + [own.passphraseFile].compactMap(\.self).map(\.path)
        }
        for issuer in configuration.tokenIssuers {
            // Its key set is not here: it has a watch of its own.
            if let client = issuer.introspection?.client { paths.append(client.secretFile.path) }
        }
        paths += [configuration.tracing.export?.authorities].compactMap(\.self).map(\.path)
        paths += configuration.signedIdentity?.keys.map(\.path) ?? []
        return paths
    }

    private static func unique(_ paths: [String]) -> [String] {
        var seen: Set<String> = []
        return paths.filter { seen.insert($0).inserted }
    }
}

extension ServerCertificateConfiguration {
    /// The files that the certificate and its key are read from.
    var files: [FileReference] {
        let own: [FileReference] =
            switch source {
            case .files(let chain, let key): [chain, key]
            case .pkcs12(let file): [file]
            case .pkcs11(let chain, _): [chain]
            }
        return own + [passphraseFile].compactMap(\.self)
    }
}
