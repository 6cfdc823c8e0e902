import TLS

/// One thread's callers, each with a context made beforehand: nothing is decoded while the test runs.
struct CallerContexts {
    private let admitted: [TLSClientContext]
    private let revoked: [TLSClientContext]
    private let wrongKind: [TLSClientContext]
    private var turn = [Int](repeating: 0, count: CallerRole.allCases.count)

    /// Makes the contexts; callers beyond `limit` of a role would never be shown.
    init(_ callers: CallerSet, plan: LoadPlan) throws(LoadError) {
        func contexts(_ identities: [TLSIdentity], for roles: CallerRole...) throws(LoadError) -> [TLSClientContext] {
            guard roles.contains(where: { plan.roles[$0] > 0 }) else { return [] }
            guard !identities.isEmpty else { throw .noCallersInRole(roles[0]) }
            var contexts: [TLSClientContext] = []
            contexts.reserveCapacity(identities.count)
            for identity in identities {
                do throws(TLSError) {
                    contexts.append(
                        try TLSClientContext(
                            TLSClientSettings(
                                trust: .unverified, identity: identity, versions: plan.versions,
                                applicationProtocols: plan.speech.protocolNames)))
                } catch {
                    throw .tls(error)
                }
            }
            return contexts
        }
        admitted = try contexts(callers.admitted, for: .full, .resumed, .slowHandshake, .slowHead, .slowReader)
        revoked = try contexts(callers.revoked, for: .revoked)
        wrongKind = try contexts(callers.wrongKind, for: .wrongKind)
    }

    /// The next caller's context in a role, in rotation.
    mutating func next(_ role: CallerRole) -> TLSClientContext {
        let all =
            switch role {
            case .full, .resumed, .slowHandshake, .slowHead, .slowReader: admitted
            case .revoked: revoked
            case .wrongKind: wrongKind
            }
        let index = turn[role.rawValue] % all.count
        turn[role.rawValue] = index + 1
        return all[index]
    }
}

extension LoadPlan.Speech {
    /// What ALPN offers.
    fileprivate var protocolNames: [String] {
        switch self {
        case .http1: ["http/1.1"]
        case .http2: ["h2"]
        case .either: ["h2", "http/1.1"]
        }
    }
}
