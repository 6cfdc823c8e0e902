internal import Trust

/// Everything that one configuration says, compiled: immutable, shared by the workers, replaced whole by a reload.
final class Epoch: Sendable {
    let number: UInt64
    let listeners: [ListenerPlan]
    let upstreams: [UpstreamPlan]
    let trusts: [TrustSnapshot]
    let identity: IdentityRenderings
    /// What the limits of its routes have counted.
    let limits: KeptLimits
    /// The enrolment lists as they were when the configuration was taken, in the order of `identity.files`.
    let enrolments: [EnrolmentTable]
    /// Bytes of buffers of one worker; nil for no limit.
    let bufferShare: Int?
    let tokens: [TokenIssuerPlan]
    /// The public halves of the keys with which identities are signed, as a JWK Set.
    let webKeys: [UInt8]?
    /// Which traces are recorded.
    let tracing: TracingPlan
    /// Where their spans are sent; nil for nowhere.
    let spanExport: SpanExportPlan?
    /// The certificates that end some day, and when they are near their end.
    let expiries: ExpiryPlan
    /// By which numbers its routes are counted.
    let meters: RouteMeters
    /// By which numbers structures are counted.
    let structures: StructureMeters

    init(
        number: UInt64, listeners: [ListenerPlan], upstreams: [UpstreamPlan],
        trusts: [TrustSnapshot], identity: IdentityRenderings, limits: KeptLimits = KeptLimits(),
        enrolments: [EnrolmentTable] = [], bufferShare: Int? = nil, tokens: [TokenIssuerPlan] = [],
        webKeys: [UInt8]? = nil, tracing: TracingPlan = .none, spanExport: SpanExportPlan? = nil,
        expiries: ExpiryPlan = .none,
        meters: RouteMeters = RouteMeters(), structures: StructureMeters = StructureMeters()
    ) {
        self.number = number
        self.listeners = listeners
        self.upstreams = upstreams
        self.trusts = trusts
        self.identity = identity
        self.limits = limits
        self.enrolments = enrolments
        self.bufferShare = bufferShare
        self.tokens = tokens
        self.webKeys = webKeys
        self.tracing = tracing
        self.spanExport = spanExport
        self.expiries = expiries
        self.meters = meters
        self.structures = structures
    }

    func listener(named name: String) -> ListenerPlan? {
        listeners.first { $0.name == name }
    }
}
