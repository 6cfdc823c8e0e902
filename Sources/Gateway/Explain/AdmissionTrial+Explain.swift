internal import Configuration
internal import Crypto
internal import DER
internal import HTTP
internal import HTTP1
internal import IGCSante
internal import Revocation
internal import TLS
internal import Token
internal import Trust
internal import X509

extension AdmissionTrial {
    /// The names of the listeners.
    public var listeners: [String] { configuration.listeners.map(\.name) }

    /// Takes the decision of a listener about a caller, and about its request, step by step.
    ///
    /// The code that decides is the gateway's own: `ClientVerifier`, `RequestAdmission`, `Router`, `Route.decide`.
    /// - Parameters:
    ///   - name: the name of the listener.
    ///   - chain: what the caller would send, its certificate first; empty for a caller without one.
    ///   - request: the request.
    /// - Returns: the steps and the outcome; nil when there is no such listener.
    /// - Throws: `StartupProblem` when the listener's own certificates cannot be read.
    public func explain(
        listener name: String, chain: [[UInt8]], request: RequestQuestion
    ) throws(StartupProblem) -> Explanation? {
        guard let configured = configuration.listeners.first(where: { $0.name == name }),
            let plan = epoch.listener(named: name)
        else { return nil }
        var explanation = Explanation(listener: name)
        var caller: RequestScene.Caller?
        var refused: Refusal?
        switch handshake(with: chain, at: plan) {
        case nil:
            explanation.add("certificate", .idle, "this listener asks nobody for a certificate")
        case .admitted(let peer, let identity):
            explanation.addAdmission(of: peer, by: plan.rules)
            caller = RequestScene.Caller(peer: peer, identity: identity)
        case .refused(let refusal, _):
            if case .certificateMissing = refusal, plan.certificateMode == .optional {
                explanation.add(
                    "certificate", .idle, "none is sent, and the handshake needs none",
                    rule: plan.rules.listener["mode"])
                break
            }
            explanation.addRefusal(refusal, by: plan.rules)
            refused = refusal
            guard plan.refusesByHTTP else {
                explanation.outcome = .refusedByAlert(refusal)
                return explanation
            }
        }
        let certificates = try Self.names(of: configured)
        let host = Self.hostName(of: request.host)
        let scene = RequestScene(
            plan: plan,
            names: ListenerPlan.choose(among: certificates, { $0 }, for: host),
            hasServerName: host != nil, caller: caller, refused: refused)
        let tokens = try TokenTrial(configuration)
        do throws(ExchangeRefusal) {
            try explanation.follow(request, in: scene, configured, tokens: tokens, at: moment)
        } catch {
            explanation.refuse(error)
        }
        return explanation
    }

    /// The verdict of a handshake; nil where no certificate is asked for.
    private func handshake(with chain: [[UInt8]], at plan: ListenerPlan) -> Trust.Verdict<RenderedIdentity>? {
        guard plan.certificateMode != .none, let trust = plan.trust else { return nil }
        let (renderings, tables) = (epoch.identity, epoch.enrolments)
        let verifier = ClientVerifier(
            trust: trust, accepted: plan.accept, scope: plan.name, revocation: revocations[trust.name] ?? .empty
        ) { renderings.render($0, in: tables, edition: 0) }
        let leaf = chain.first ?? []
        let digest = SHA256.digest(of: leaf.span)
        return verifier.verify(leafDigest: digest, chain: { chain }, now: moment)
    }

    /// The names of each of a listener's certificates.
    private static func names(
        of listener: ListenerConfiguration
    ) throws(StartupProblem) -> [CertificateNames] {
        var all: [CertificateNames] = []
        for configured in listener.tls.certificates {
            let leaf: Certificate?
            switch configured.source {
            case .files(let chain, _), .pkcs11(let chain, _): leaf = try TrustFiles.certificates(in: chain).first
            // The names are behind the passphrase, as the key is.
            case .pkcs12:
                let der = try KeyFiles.identity(of: configured).chain.first
                leaf = der.flatMap { try? Certificate(der: $0) }
            }
            all.append(CertificateNames(leaf.map { ServerCertificates.names(of: $0) } ?? []))
        }
        return all
    }

    /// What a client would send as server name: the host, unless it is an address.
    private static func hostName(of host: String) -> String? {
        guard !host.hasPrefix("[") else { return nil }
        let name = host.split(separator: ":").first.map(String.init) ?? host
        let isAddress = name.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }
        return isAddress ? nil : name.lowercased()
    }
}

extension Explanation {
    /// Takes the steps of a request.
    fileprivate mutating func follow(
        _ question: RequestQuestion, in scene: RequestScene, _ listener: ListenerConfiguration, tokens: TokenTrial,
        at now: Timestamp
    ) throws(ExchangeRefusal) {
        let request = try Self.head(of: question, limits: scene.plan.headLimits)
        add("request", .passed, "\(question.method) \(question.target) of \(question.host)")
        var host: [UInt8] = []
        try RequestAdmission.readHost(of: request, in: scene, into: &host)
        add("host", .passed, "a name of the listener's certificate")
        var path: [UInt8] = []
        let isChanged = try RequestAdmission.normalisePath(of: request, into: &path)
        add("path", .passed, String(decoding: path, as: UTF8.self) + (isChanged ? ", normalised" : ""))
        let found = try RequestAdmission.findRoute(for: request, host: host, path: path, in: scene)
        route = found.name
        let index = scene.plan.router.all.firstIndex { $0 === found }
        let configured = index.map { listener.routes[$0] }
        add("route", .passed, found.name, rule: found.rules.whole)
        var said = ""
        do throws(ExchangeRefusal) {
            try RequestAdmission.check(request, along: found, in: scene)
            said = try Self.sayOfToken(question.token, of: scene.caller, along: configured, by: tokens, at: now)
            addRules(of: configured, found, in: scene, ofToken: said, refusedBy: nil)
        } catch {
            addRules(of: configured, found, in: scene, ofToken: said, refusedBy: error)
            throw error
        }
        switch configured?.action {
        case .forward(let upstream, _): outcome = .admitted("forwarded to the upstream \(upstream)")
        case .respond(let status, _): outcome = .admitted("answered \(status)")
        case .redirect: outcome = .admitted("redirected")
        case nil: outcome = .admitted("answered")
        }
    }

    /// A step for each rule of a route, up to the one that refuses.
    private mutating func addRules(
        of configured: RouteConfiguration?, _ route: Route, in scene: RequestScene, ofToken said: String,
        refusedBy refusal: ExchangeRefusal?
    ) {
        let last = scene.refused == nil ? refusal.flatMap(\.rule) : .clientCertificate
        var isBefore = true
        for rule in AccessRule.inOrder {
            if let refusal, rule == last {
                let isOfHandshake = scene.refused != nil
                add(
                    rule.rawValue, .refused, refusal.detail,
                    rule: isOfHandshake ? nil : route.rules[rule.rawValue])
                isBefore = false
            } else if !isBefore {
                add(rule.rawValue, .notReached, "")
            } else if rule == .clientCertificate {
                add(
                    rule.rawValue, route.needsCertificate ? .passed : .idle,
                    route.needsCertificate ? "the route needs a caller that was admitted" : "the route needs none",
                    rule: route.rules[rule.rawValue])
            } else if configured?.ruleLocations[rule.rawValue] == nil || !route.needsCertificate {
                add(rule.rawValue, .idle, "no rule")
            } else if rule == .tokenBinding {
                add(
                    rule.rawValue, said.isEmpty ? .idle : .passed, said.isEmpty ? "no rule" : said,
                    rule: route.rules[rule.rawValue])
            } else {
                add(
                    rule.rawValue, .passed, self.said(of: scene.caller, by: rule, route),
                    rule: route.rules[rule.rawValue])
            }
        }
    }

    /// What the route's rule on tokens has to say for a token; empty where there is none.
    private static func sayOfToken(
        _ token: String?, of caller: RequestScene.Caller?, along route: RouteConfiguration?, by trial: TokenTrial,
        at now: Timestamp
    ) throws(ExchangeRefusal) -> String {
        guard let caller, let route else { return "" }
        let bytes = token.map { Array($0.utf8) }
        switch trial.decide(about: bytes, certificate: caller.peer.thumbprint, along: route, at: now) {
        case .notAsked: return ""
        case .refused(let refusal): throw .token(refusal)
        case .opaque: return "not decided here: only the issuer can read this token, and it is not asked"
        case .admitted(let access):
            switch access.proof {
            case .none: return "in force and bound to this certificate; who signed it is not verified"
            case .signature: return "signed by the issuer, in force, bound to this certificate"
            case .introspection: return "in force and bound to this certificate, as the issuer says"
            }
        }
    }

    private func said(of caller: RequestScene.Caller?, by rule: AccessRule, _ route: Route) -> String {
        guard let caller else { return "" }
        switch rule {
        case .accept: return caller.peer.kind?.rawValue ?? "any kind"
        case .structures: return caller.peer.structure?.raw ?? ""
        case .names: return caller.peer.clientName ?? ""
        case .callersFile:
            guard let entry = route.enrolment.flatMap({ caller.identity.entry(on: $0) }) else { return "" }
            return "enrolled at line \(entry.line)" + (entry.clientID.map { ", client_id \($0)" } ?? "")
        case .rateLimit, .concurrency: return "not decided here: it depends on the requests before"
        case .clientCertificate, .tokenBinding: return "as it should be"
        }
    }

    fileprivate mutating func refuse(_ refusal: ExchangeRefusal) {
        if !steps.contains(where: { $0.result == .refused && $0.detail == refusal.detail }) {
            let names = ["request", "host", "path", "route"]
            let next = names.first { name in !steps.contains { $0.name == name } } ?? "request"
            add(refusal.rule == nil ? next : "route", .refused, refusal.detail)
        }
        var remedy: String?
        if case .caller(let reason) = refusal { remedy = reason.remedy }
        outcome = .refusedByStatus(
            refusal.status.rawValue, code: refusal.code, detail: refusal.detail, remedy: remedy)
    }

    /// The head, read by the reader that reads callers'.
    private static func head(of question: RequestQuestion, limits: HTTP.Limits) throws(ExchangeRefusal) -> RequestHead {
        var text = "\(question.method) \(question.target) HTTP/1.1\r\nHost: \(question.host)\r\n"
        if let token = question.token { text += "Authorization: Bearer \(token)\r\n" }
        let bytes = Array((text + "\r\n").utf8)
        var position = ParsePosition()
        var head = RequestHead()
        do throws(MessageError) {
            _ = try parseRequestHead(bytes.span, resume: &position, limits: limits, into: &head)
            return head
        } catch {
            throw .malformed(error)
        }
    }
}

extension AccessRule {
    /// In the order in which they are asked.
    static let inOrder: [AccessRule] = [
        .clientCertificate, .accept, .structures, .names, .callersFile, .tokenBinding, .concurrency, .rateLimit,
    ]
}
