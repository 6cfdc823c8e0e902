internal import EventLoop
internal import HTTP
internal import Trust

/// A route as a worker uses it: which requests it governs, who may make them, and what becomes of them.
///
/// Compiled once per configuration; every value is in the form the request path compares or writes.
final class Route: Sendable {
    /// What becomes of a request.
    enum Action: Sendable {
        /// It goes to an upstream.
        case upstream(UpstreamPlan)
        /// It has a fixed answer.
        case respond(FixedResponse)
        /// It is sent elsewhere.
        case redirect(Redirect)
        /// It is answered by a part of the program.
        case local(LocalApplication)
    }

    /// Names the route in logs and metrics: `api.example.fr/fhir/`.
    let name: String
    let host: HostPattern
    /// The prefix, normalised; begins with `/`.
    let path: [UInt8]
    /// Methods that pass, as written; empty for all.
    let methods: [[UInt8]]
    let action: Action
    /// Whether a caller must have been admitted.
    let needsCertificate: Bool
    /// Which of the admitted callers may call.
    let access: AccessPolicy
    /// Which of the enrolment lists a caller must be on; nil for none.
    let enrolment: Int?
    /// Which of the identity renderings of the configuration is written; nil for none.
    let identity: Int?
    /// The issuer whose tokens a request needs, bound to the caller's certificate; nil where it needs none.
    let tokens: TokenIssuerPlan?
    /// How the upstream is told in a signed token who calls; nil where it is not.
    let signedIdentity: SignedIdentityPlan?
    /// Removed from the front of the path.
    let stripPrefix: [UInt8]
    let requestEdits: FieldEdits
    let responseEdits: FieldEdits
    /// From the end of the request to the response's head.
    let timeout: Interval
    /// How much of it each caller may use.
    let limits: RouteLimits
    /// Where its rules are written.
    let rules: RuleBook
    /// The number under which its requests are counted.
    let meter: Int

    init(
        name: String, host: HostPattern, path: [UInt8], methods: [[UInt8]], action: Action, needsCertificate: Bool,
        access: AccessPolicy, identity: Int?, stripPrefix: [UInt8], requestEdits: FieldEdits,
        responseEdits: FieldEdits, timeout: Duration, limits: RouteLimits = .none, enrolment: Int? = nil,
        rules: RuleBook = .none, tokens: TokenIssuerPlan? = nil, signedIdentity: SignedIdentityPlan? = nil,
        meter: Int = RouteMeters.none
    ) {
        self.name = name
        self.host = host
        self.path = path
        self.methods = methods
        self.action = action
        self.needsCertificate = needsCertificate
        self.access = access
        self.identity = identity
        self.enrolment = enrolment
        self.stripPrefix = stripPrefix
        self.requestEdits = requestEdits
        self.responseEdits = responseEdits
        self.timeout = Interval(timeout)
        self.limits = limits
        self.rules = rules
        self.tokens = tokens
        self.signedIdentity = signedIdentity
        self.meter = meter
    }

    /// Whether `path` lies under the route's prefix: `/fhir` governs `/fhir` and `/fhir/x`, not `/fhirx`.
    func governs(_ path: Span<UInt8>) -> Bool {
        let prefix = self.path
        guard path.count >= prefix.count else { return false }
        for index in prefix.indices where path[index] != prefix[index] { return false }
        return path.count == prefix.count || prefix.last == UInt8(ascii: "/")
            || path[prefix.count] == UInt8(ascii: "/")
    }

    /// Whether an admitted caller may use the route.
    func decide(about peer: VerifiedPeer, as identity: RenderedIdentity) -> AccessPolicy.Decision {
        let decision = access.decide(about: peer)
        guard case .admitted = decision, let enrolment, identity.entry(on: enrolment) == nil else { return decision }
        return .refused(.callerNotEnrolled, by: .callersFile)
    }

    /// Whether the route takes the method; HEAD passes wherever GET does (RFC 9110 §9.3.2).
    func takes(_ method: Span<UInt8>) -> Bool {
        if methods.isEmpty { return true }
        for candidate in methods where candidate.count == method.count {
            var same = true
            for index in candidate.indices where candidate[index] != method[index] { same = false }
            if same { return true }
        }
        return method.equals("HEAD") && takes(Route.get.span)
    }

    private static var get: [UInt8] { [0x47, 0x45, 0x54] }
}

/// An answer that is the same for every request.
struct FixedResponse: Sendable {
    let status: Status
    let fields: [EditedField]
    let body: [UInt8]
}

/// A field that the configuration sets.
struct EditedField: Sendable {
    let name: FieldName
    let value: [UInt8]
}

/// What a route removes from a head, and then sets in it.
struct FieldEdits: Sendable {
    let remove: FoldedNames
    let removesAny: Bool
    let set: [EditedField]

    static let none = FieldEdits(remove: [], set: [])

    init(remove names: [String], set: [EditedField]) {
        self.set = set
        removesAny = !names.isEmpty || !set.isEmpty
        remove = FoldedNames(names: names + set.map { String(describing: $0.name) })
    }

    func apply(to fields: inout FieldSection) {
        guard removesAny else { return }
        fields.remove { _, name in remove.contains(name) }
        for field in set { fields.append(name: field.name, value: field.value.span) }
    }
}
